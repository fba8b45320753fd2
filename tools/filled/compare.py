"""compare.py FOLDER: what installing and removing our addons changed, from four looks.

Fails where somebody else's row or anything of the database differs that should not.
"""

import json
import sys
from pathlib import Path

#: what Odoo itself keeps of modules, and makes anew whenever one comes or goes
ODOO_S_OWN = {
    *("ir_module_module", "ir_module_module_dependency", "ir_attachment"),
    *("ir_cron_trigger", "base_registry_signaling", "ir_logging", "ir_profile"),
    *("ir_cron_progress", "ir_asset", "bus_bus", "res_device_log"),
    "orm_signaling_registry",
    # texts and order of what models are made of, as they are read when modules are loaded
    *("ir_model", "ir_model_fields_selection"),
    # a row for each foreign key of a column that an addon had on tables of others
    "ir_model_constraint",
}


def differing(first, second):
    """Return by table how many rows differ, went and came."""
    found = {}
    for table, rows in first["rows"].items():
        others = second["rows"].get(table, {})
        counts = (
            sum(rows[key] != others[key] for key in rows.keys() & others.keys()),
            len(rows.keys() - others.keys()),
            len(others.keys() - rows.keys()),
        )
        if any(counts):
            found[table] = counts
    return found


def main(folder):
    """Print the differences, and return whether one of them is a fault."""
    looks = {
        name: json.loads((Path(folder) / f"{name}.json").read_text())
        for name in ("before", "installed", "removed", "again")
    }
    before, installed, removed, again = looks.values()
    faults = []
    for name, look in looks.items():
        print(name, look["facts"])
    for facts in (installed["facts"], again["facts"]):
        faults += [
            f"{name}: {facts[name]}"
            for name in ("events", "commissions", "re-dated")
            if facts[name]
        ]
    if installed["facts"] != again["facts"] or installed["schema"] != again["schema"]:
        faults.append("installed again is not as installed first")
    for line in set(removed["schema"]) - set(before["schema"]):
        faults.append(f"left behind: {line}")
    for line in set(before["schema"]) - set(removed["schema"]):
        faults.append(f"gone: {line}")
    for table, counts in sorted(differing(before, installed).items()):
        print("installed:", table, "changed {}, gone {}, new {}".format(*counts))
        if (counts[0] or counts[1]) and not table.startswith("ir_"):
            faults.append(f"installing touched rows of {table}")
    for table, counts in sorted(differing(before, removed).items()):
        print("removed:", table, "changed {}, gone {}, new {}".format(*counts))
        if table not in ODOO_S_OWN:
            faults.append(f"removing left or changed rows of {table}")
    print(*sorted(faults), sep="\n")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
