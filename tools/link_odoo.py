"""Make Odoo importable in this venv, and known to pip, without copying it.

Run by the venv's own Python with the folder that holds odoo/. The distribution that
pip sees declares no requirements: ours are pinned in requirements.txt, and addons from
the package index only ask for "odoo 19.0".
"""

import runpy
import shutil
import sys
import sysconfig
from pathlib import Path

LAUNCHER = """#!{python}
import sys

import odoo.cli

sys.exit(odoo.cli.main())
"""


def write_distribution(site, version, root):
    for old in site.glob("odoo-*.dist-info"):
        shutil.rmtree(old)
    info = site / f"odoo-{version}.dist-info"
    info.mkdir()
    metadata = ("Metadata-Version: 2.1", "Name: odoo", f"Version: {version}")
    wheel = (
        "Wheel-Version: 1.0",
        "Generator: dev",
        "Root-Is-Purelib: true",
        "Tag: py3-none-any",
    )
    (info / "METADATA").write_text(
        "\n".join(metadata) + f"\nSummary: linked from {root}\n"
    )
    (info / "WHEEL").write_text("\n".join(wheel) + "\n")
    (info / "INSTALLER").write_text("dev\n")
    files = [
        f"{info.name}/{name}" for name in ("METADATA", "WHEEL", "INSTALLER", "RECORD")
    ]
    files += ["odoo-home.pth", "../../../bin/odoo"]
    (info / "RECORD").write_text("".join(f"{name},,\n" for name in files))


def main(root):
    site = Path(sysconfig.get_path("purelib"))
    release = runpy.run_path(str(Path(root, "odoo/release.py")))
    (site / "odoo-home.pth").write_text(f"{root}\n")
    write_distribution(site, release["version"], root)
    launcher = Path(sys.executable).with_name("odoo")
    launcher.write_text(LAUNCHER.format(python=sys.executable))
    launcher.chmod(0o755)


if __name__ == "__main__":
    main(sys.argv[1])
