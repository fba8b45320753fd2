"""Put right what Debian's packaging of Odoo left out. Argument: the unpacked root.

A script that a manifest names but the package lacks makes every page log an error,
and every browser test fail: an empty file takes its place. Odoo's command line tests
want `odoo-bin` beside odoo/.
"""

import ast
import shutil
import sys
from pathlib import Path


def asset_paths(manifest):
    for entries in manifest.get("assets", {}).values():
        for entry in entries:
            yield (entry if isinstance(entry, str) else entry[-1]).lstrip("/")


def missing_scripts(addons):
    for path in sorted(addons.glob("*/__manifest__.py")):
        for asset in asset_paths(ast.literal_eval(path.read_text(encoding="utf-8"))):
            is_script = "/static/lib/" in asset and asset.endswith(".js")
            if is_script and "*" not in asset and not (addons / asset).exists():
                yield addons / asset


def main(root):
    packages = Path(root, "usr/lib/python3/dist-packages")
    shutil.copy(Path(root, "usr/bin/odoo"), packages / "odoo-bin")
    for script in list(missing_scripts(packages / "odoo/addons")):
        script.unlink(missing_ok=True)  # a dangling link
        script.parent.mkdir(parents=True, exist_ok=True)
        script.write_text("/* not in the package */\n")


if __name__ == "__main__":
    main(sys.argv[1])
