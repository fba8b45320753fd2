"""What CI, the image and the compose file name is there; Docker itself cannot run here."""

import ast
import re
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
ADDONS = sorted(
    path.parent.name for path in ROOT.glob("hr_sales_commission*/__manifest__.py")
)
IMPORT = re.compile(
    r"^ *(?:import (\w+)[.\w]*(?: as \w+)?$|from (\w+)[.\w]* import )", re.MULTILINE
)
#: packages that Odoo 19 itself requires
ODOO_NEEDS = {
    *("babel", "dateutil", "lxml", "markupsafe", "openpyxl", "psycopg2", "pytz"),
    *("reportlab", "werkzeug", "xlsxwriter"),
}
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))


def test_the_image_has_every_addon():
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    copied = [line.split()[2:] for line in lines if line.startswith("COPY --chown")]
    assert sorted(copied) == [[addon, f"/mnt/extra-addons/{addon}"] for addon in ADDONS]
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert not set(ignored) & set(ADDONS)


def test_packages_beside_odoo_s_are_named_wherever_they_are_looked_for():
    needed = {
        package
        for addon in ADDONS
        for path in (ROOT / addon).rglob("*.py")
        if "tests" not in path.parts
        for package in _imported(path)
    }
    named = {
        package
        for addon in ADDONS
        for package in ast.literal_eval((ROOT / addon / "__manifest__.py").read_text())
        .get("external_dependencies", {})
        .get("python", [])
    }
    assert {package.replace("-", "_") for package in named} == needed - ODOO_NEEDS
    wanted = (ROOT / "requirements.txt").read_text().splitlines()
    assert {line for line in wanted if not line.startswith("#")} == named
    assert "-r /tmp/requirements.txt" in (ROOT / "Dockerfile").read_text()


def _imported(path):
    """Return the packages of others that a module imports."""
    found = IMPORT.findall(path.read_text())
    names = {first or second for first, second in found}
    return names - {"odoo"} - sys.stdlib_module_names


def test_the_services_have_their_volumes_and_wait_for_the_database():
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text())
    services = compose["services"]
    named = {
        volume.partition(":")[0]
        for service in services.values()
        for volume in service["volumes"]
    }
    assert named == set(compose["volumes"])
    assert services["odoo"]["depends_on"] == {"db": {"condition": "service_healthy"}}
    assert services["odoo"]["ports"] == ["127.0.0.1:8069:8069"]
    passwords = [
        services[name]["environment"][key]
        for name, key in (("db", "POSTGRES_PASSWORD"), ("odoo", "PASSWORD"))
    ]
    assert passwords[0] == passwords[1]
    assert "POSTGRES_PASSWORD" in passwords[0]


@pytest.mark.parametrize("path", WORKFLOWS, ids=[path.stem for path in WORKFLOWS])
def test_ci_runs_what_there_is(path):
    commands = set(re.findall(r"^ *cmd_(\w+)\(\)", _scripts(), re.MULTILINE))
    workflow = yaml.safe_load(path.read_text())
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    lines = [step["run"] for step in steps if "run" in step]
    assert lines
    for line in lines:
        for command in re.findall(r"\./dev (\w+)", line):
            assert command in commands, line
        for file in re.findall(r"-r (\S+)", line):
            assert (ROOT / file).is_file(), line


def _scripts():
    return "\n".join(path.read_text() for path in (ROOT / "tools").glob("*.sh"))
