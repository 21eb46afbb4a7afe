"""Holds a fresh ./dev against openapi.yaml with calls that Schemathesis makes up, from a fixed seed and in a fixed time.

An answer with 5xx, with a status, a header or a body that the document does not have, or to a method that a path does not
take, ends it with 1. The calls are made twice: with ids of nobody, and with those of resources that are there.

usage: fuzz-contract.py [SECONDS [SEED]]
"""

import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
SCHEMATHESIS = pathlib.Path(sys.executable).parent / "schemathesis"
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
    """Makes one of each resource; the id of each by its path."""
    credential = caller.post("/credentials", {"name": "Sample", "skipValidation": True, **sample})["id"]
    validation = caller.post("/validations", {"credentialId": credential})["id"]
    preview = caller.post("/previews", {"credentialId": credential, "sql": QUERY})["id"]
    model = caller.post(
        "/models", {"name": "Sample", "credentialId": credential, "sql": QUERY, "previewId": preview}
    )["id"]
    source = caller.post("/sources", {"name": "Sample", "modelId": model})["id"]
    return {
        "credentials": credential,
        "validations": validation,
        "previews": preview,
        "models": model,
        "sources": source,
    }


def configuration(folder, ids):
    """Tells Schemathesis which ids to use."""
    text = "".join(
        f'[[operations]]\ninclude-path-regex = "^/{path}/[{{]id[}}]"\nparameters = {{ "path.id" = "{id}" }}\n\n'
        for path, id in ids.items()
    )
    file = folder / "schemathesis.toml"
    file.write_text(text)
    return ["--config-file", str(file)]


def fuzz(caller, document, seconds, seed, configured=(), options=(), output=None):
    """True when nothing was found."""
    command = [
        str(SCHEMATHESIS),
        *configured,
        "run",
        str(document),
        f"--url={caller.url}",
        f"--header=Authorization:Bearer {caller.token}",
        f"--seed={seed}",
        f"--max-time={seconds}",
        "--phases=examples,coverage,fuzzing",
        # The token that calls would be the first to be revoked.
        "--exclude-operation-id=deleteToken",
        "--request-timeout=30",
        "--continue-on-failure",
        "--no-shrink",
        "--no-color",
        "--warnings=off",
        *options,
    ]
    return subprocess.run(command, cwd=ROOT / ".ci" / ".cache", stdout=output, check=False).returncode == 0


def control(caller, folder, seed):
    """True when a document that does not know the status of a missing model is found out."""
    wrong = folder / "openapi.yaml"
    wrong.write_text((ROOT / "openapi.yaml").read_text().replace('"404":', '"410":'))
    only = ["--include-operation-id=getModel", "--phases=coverage"]
    return not fuzz(caller, wrong, 10, seed, (), only, subprocess.DEVNULL)


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
            document = ROOT / "openapi.yaml"
            # The document says in words what no schema can, so a body that fits its schema may be refused; and what
            # is wrong beside a body, such as an old ETag, is answered before it is read.
            unchecked = "--exclude-checks=positive_data_acceptance,negative_data_rejection"
            good = fuzz(caller, document, seconds, seed, (), [unchecked])
            there = [
                unchecked,
                "--exclude-operation-id=deleteCredential",
                "--exclude-operation-id=deleteModel",
                "--exclude-operation-id=deleteSource",
            ]
            good &= fuzz(caller, document, seconds, seed, configuration(folder, ids), there)
            if not control(caller, folder, seed):
                print("The control: a document without a status that is answered was not found out.")
                good = False
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
