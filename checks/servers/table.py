"""Makes the table of docs/servers.md from reports of `cors conformance --json`, and compares.

usage: table.py PAGE [--update] NAME=VERSION=REPORT...
"""

import json
import sys
from pathlib import Path

BEGIN, END = "<!-- table -->\n", "<!-- end of table -->\n"
KINDS = ["access", "headers", "vary", "document", "status", "code", "spelling", "message"]


def row(argument):
    name, version, path = argument.split("=", 2)
    report = json.loads(Path(path).read_text())
    counts, kinds = report["counts"], report["kinds"]
    if set(kinds) - set(KINDS):
        sys.exit(f"{name}: kinds that the table does not have: {kinds}")
    cells = [name, version, report["dialect"], counts["asked"], counts["same"], counts["differs"]]
    cells += [counts["refused_configuration"]] + [kinds.get(kind, 0) or "" for kind in KINDS]
    return "| " + " | ".join(str(cell) for cell in cells) + " |\n"


page = Path(sys.argv[1])
arguments = sys.argv[2:]
update = "--update" in arguments
reports = [argument for argument in arguments if argument != "--update"]
columns = ["server", "version", "dialect", "asked", "same", "differ", "rules refused", *KINDS]
table = "| " + " | ".join(columns) + " |\n" + "|---" * len(columns) + "|\n"
table += "".join(map(row, reports))
text = page.read_text()
before, rest = text.split(BEGIN)
recorded, after = rest.split(END)
print(table, end="")
if update:
    page.write_text(before + BEGIN + table + END + after)
elif recorded != table:
    sys.exit(f"{page} has another table:\n{recorded}write this one with --update, and read what it says")
