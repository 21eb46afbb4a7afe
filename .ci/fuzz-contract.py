"""Holds a fresh ./dev against openapi.yaml with calls that Schemathesis makes up, from a fixed seed and in a fixed time.

An answer with 5xx, with a status, a header or a body that the document does not have, or to a method that a path does not
take ends it with 1, and so does one that takes a request which breaks its schema. The calls are made twice: with ids of
nobody, and with those of resources that are there.

usage: fuzz-contract.py [SECONDS [SEED]]
"""

import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
SCHEMATHESIS = pathlib.Path(sys.executable).parent / "schemathesis"
# One check is off: positive_data_acceptance, by which a request that fits its schema must be taken. The document says in
# words what no schema can: that a query is read-only, that a host is public, that names are unique, that an id is of
# something that is there.
UNCHECKED = "--exclude-checks=positive_data_acceptance"

# A body or parameter that breaks its schema must never be taken. What is said of it depends on what is judged first: the
# id in the path (404), an old If-Match (412), a resource in use (409), and then the request itself.
REFUSED = [400, 404, 405, 409, 412, 413, 415, 422]
QUERY = "select customer_id, country from analytics.customer_ltv"


def started(folder, process):
    """What a ./dev that is ready says of itself; it may have to be built first."""
    told = folder / "dev.json"
    end = time.monotonic() + 600
    while not told.exists():
        if process.poll() is not None or time.monotonic() > end:
            sys.exit("./dev did not start:\n" + (folder / "log").read_text())
        time.sleep(0.5)
    return json.loads(told.read_text())


class Caller:
    """Calls the API of one workspace as its admin."""

    def __init__(self, url, token):
        self.url = url
        self.token = token

    def post(self, path, body):
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "Prefer": "wait=20",
        }
        request = urllib.request.Request(self.url + path, json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)


def seeded(caller, sample):
    """Makes one of each resource; the id of each by the name of its schema."""
    credential = caller.post("/credentials", {"name": "Sample", "skipValidation": True, **sample})["id"]
    validation = caller.post("/validations", {"credentialId": credential})["id"]
    preview = caller.post("/previews", {"credentialId": credential, "sql": QUERY})["id"]
    model = caller.post(
        "/models", {"name": "Sample", "credentialId": credential, "sql": QUERY, "previewId": preview}
    )["id"]
    source = caller.post("/sources", {"name": "Sample", "modelId": model})["id"]
    return {
        "CredentialId": credential,
        "ValidationId": validation,
        "PreviewId": preview,
        "ModelId": model,
        "SourceId": source,
    }


def document_of(folder, ids):
    """The document with the only ids that paths may have: other ones are bad requests to Schemathesis, and answered so."""
    document = (ROOT / "openapi.yaml").read_text()
    for schema, its in ids.items():
        document, found = re.subn(
            rf'(in: path\n *required: true\n *schema:)(\n *)[$]ref: "#/components/schemas/{schema}"',
            rf'\1\2type: string\2enum: ["{its}"]',
            document,
        )
        if not found:
            sys.exit(f"No path of openapi.yaml has a {schema}.")
    file = folder / "openapi-there.yaml"
    file.write_text(document)
    return file


def fuzz(caller, folder, document, seconds, seed, options=(), output=None):
    """True when nothing was found."""
    configuration = folder / "schemathesis.toml"
    configuration.write_text(f"[checks.negative_data_rejection]\nexpected-statuses = {REFUSED}\n")
    command = [
        str(SCHEMATHESIS),
        f"--config-file={configuration}",
        "run",
        str(document),
        f"--url={caller.url}",
        f"--header=Authorization:Bearer {caller.token}",
        f"--seed={seed}",
        f"--max-time={seconds}",
        "--phases=examples,coverage,fuzzing",
        # The token that calls would be the first to be revoked.
        "--exclude-operation-id=deleteToken",
        UNCHECKED,
        "--request-timeout=30",
        "--continue-on-failure",
        "--no-shrink",
        "--no-color",
        "--warnings=off",
        *options,
    ]
    return subprocess.run(command, cwd=ROOT / ".ci" / ".cache", stdout=output, check=False).returncode == 0


def control(caller, folder, seed, text, instead, operation):
    """True when a document that is wrong in one place is found out."""
    wrong = folder / "openapi.yaml"
    document = (ROOT / "openapi.yaml").read_text()
    wrong.write_text(document.replace(text, instead))
    only = [f"--include-operation-id={operation}", "--phases=coverage"]
    return text in document and not fuzz(caller, folder, wrong, 10, seed, only, subprocess.DEVNULL)


def main():
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 8
    with tempfile.TemporaryDirectory() as name, open(pathlib.Path(name) / "log", "w") as log:
        folder = pathlib.Path(name)
        # Host names that are made up lead nowhere: no name is looked up outside of this file.
        (folder / "hosts").write_text("127.0.0.1 localhost\n")
        options = f"-Djdk.net.hosts.file={folder / 'hosts'}"
        process = subprocess.Popen(
            [os.environ.get("DEV", str(ROOT / "dev")), "--port", "0", "--data", name, "--validate-every", "off"],
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, "JAVA_TOOL_OPTIONS": options},
        )
        try:
            told = started(folder, process)
            caller = Caller(told["url"], told["workspaces"][0]["tokens"]["admin"])
            ids = seeded(caller, told["sampleWarehouse"])
            good = fuzz(caller, folder, ROOT / "openapi.yaml", seconds, seed)
            keep = [f"--exclude-operation-id=delete{what}" for what in ("Credential", "Model", "Source")]
            good &= fuzz(caller, folder, document_of(folder, ids), seconds, seed, keep)
            if not control(caller, folder, seed, '"404":', '"410":', "getModel"):
                print("The control: a document without a status that is answered was not found out.")
                good = False
            if not control(caller, folder, seed, "maximum: 100, default: 25", "maximum: 2, default: 1", "listModels"):
                print("The control: a request that breaks its schema and was taken was not found out.")
                good = False
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
