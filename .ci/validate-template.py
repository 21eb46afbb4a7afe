"""Holds an expanded template to AWS's own rules for CloudFormation: schemas, sections, and what is risky or unwise.

usage: validate-template.py EXPANDED.json

A finding that is only for information does not count. One that does not apply stands below, with its reason; a line
below that nothing needs any more is a fault too.
"""

import re
import sys

from cloudformation_validate import RegoEngine

# The rule, the beginning of "resource: message" (both as patterns), and why it does not apply there.
DOES_NOT_APPLY = [
    ("F3031|E1150", r"Run\w+Function: '' does not", "The list's default is empty, and HasSubnets rules it out."),
    ("W1030", r"\w+: .*default ''", "Each such default is ruled out by the condition under which it is used."),
    ("W2001", "GradualDeployment:", "The transform has decided by it already."),
    ("W3011", r"\w+FunctionVersion\w+:", "Versions, which SAM makes and keeps; one is never replaced, only followed."),
]


def main(path):
    unused = list(DOES_NOT_APPLY)
    faults = 0
    for finding in RegoEngine().validate_template(path).diagnostics:
        if finding.severity.name in ("INFO", "DEBUG"):
            continue
        said = f"{finding.entity.logical_id if finding.entity else 'Template'}: {finding.message}"
        reasons = [
            each for each in DOES_NOT_APPLY if re.fullmatch(each[0], finding.rule_id) and re.match(each[1], said)
        ]
        unused = [each for each in unused if each not in reasons]
        if not reasons:
            faults += 1
            print(f"{finding.rule_id} {said}", file=sys.stderr)
    for rule, beginning, _ in unused:
        faults += 1
        print(f"{rule} {beginning} is not found any more: the exception is not needed.", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
