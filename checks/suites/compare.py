"""Compares what pytest reported with the tests that must pass: compare.py PASSES [--update] SUITE=JUNIT..."""

import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter


def results(suite, path):
    """The name and the outcome of every test of a report."""
    for case in ElementTree.parse(path).iter("testcase"):
        name = f"{suite} {case.get('classname').rpartition('.')[2]}::{case.get('name')}"
        fault = case.find("failure")
        fault = case.find("error") if fault is None else fault
        if fault is not None:
            text = (fault.text or "") + (fault.get("message") or "")
            yield name, "refused as not implemented" if "NotImplemented" in text or "'status': 501" in text else "failed"
        else:
            yield name, "skipped" if case.find("skipped") is not None else "passed"


def main(recorded, *arguments):
    update = "--update" in arguments
    seen = {}
    for argument in arguments:
        if argument != "--update":
            seen.update(results(*argument.split("=", 1)))
    passed = sorted(name for name, outcome in seen.items() if outcome == "passed")
    for suite in sorted({name.split()[0] for name in seen}):
        counts = Counter(outcome for name, outcome in seen.items() if name.split()[0] == suite)
        print(f"{suite}: " + ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items())))
    if update:
        with open(recorded, "w", encoding="utf-8") as file:
            file.write("\n".join(passed) + "\n")
    with open(recorded, encoding="utf-8") as file:
        must = file.read().split("\n")[:-1]
    missing = [name for name in must if seen.get(name) != "passed"]
    for name in missing:
        print(f"must pass: {name}: {seen.get(name, 'not run')}", file=sys.stderr)
    for name in passed:
        if name not in must:
            print(f"passes, but is not recorded: {name}")
    if not must or missing:
        sys.exit(1)
    print(f"{len(must)} tests that must pass passed")


main(*sys.argv[1:])
