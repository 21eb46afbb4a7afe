"""Writes what CloudFormation will make of a SAM template, as JSON, so that a linter sees the real resources.

usage: expand-template.py TEMPLATE [PARAMETER=VALUE ...]
"""

import json
import os
import sys

from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse


class NoManagedPolicies:
    """The template names its policies' statements itself, so none has to be asked for."""

    def load(self):
        return {}


os.environ.setdefault("AWS_DEFAULT_REGION", "eu-central-1")
with open(sys.argv[1], encoding="utf-8") as file:
    template = yaml_parse(file)
for choice in sys.argv[2:]:
    name, value = choice.split("=", 1)
    template["Parameters"][name]["Default"] = value
for resource in template["Resources"].values():
    # The transform takes code only from where a deployment would have put it.
    if "CodeUri" in resource.get("Properties", {}):
        resource["Properties"]["CodeUri"] = "s3://bucket/key.zip"
json.dump(transform(template, {}, NoManagedPolicies()), sys.stdout, indent=2)
