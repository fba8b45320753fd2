"""What the house's own checks notice."""

import importlib.util
import json
import subprocess
from pathlib import Path

import pytest

TOOLS = Path(__file__).parents[2] / "tools"
SHORT = "def short():\n" + "    pass\n" * 39


def load(name):
    spec = importlib.util.spec_from_file_location(name, TOOLS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("x = self.sudo()", 1),
        ("x = self.sudo()  # fast", 1),
        ("x = self.sudo()  # sudo: of any company", 0),
        ("# sudo: of any company\nx = (\n    self\n    .sudo()\n)", 0),
        ("x = self.sudo(False)", 0),
        ('def f():\n    """As superuser."""\n    return self.sudo()', 0),
    ],
)
def test_sudo_needs_a_reason(source, found):
    assert len(list(load("house_rules").unexplained_sudo("a.py", source))) == found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (SHORT, []),
        (SHORT + "    pass\n", ["a.py:1: short has 41 lines, 40 at most"]),
        (SHORT.replace("\n", '\n    """A\n    B\n    """\n', 1), []),
    ],
)
def test_functions_are_short(source, found):
    assert list(load("house_rules").too_long("a.py", source)) == found


def test_unused_names_are_found(tmp_path, monkeypatch):
    files = {
        "a.py": (
            '"""gone LOST"""\nLOST = 1\nKEPT = 2\n\n\ndef gone():\n    return KEPT\n\n\n'
            "class Model(models.Model):\n    seen = fields.Char()\n    unseen = fields.Char()\n"
            "    asked = fields.Char(compute='_compute_asked')\n\n"
            "    def _compute_asked(self):\n        return getattr(self, f'_find_{self}')\n\n"
            "    def _find_it(self):\n        pass\n\n"
            "    def write(self, vals):\n        return super().write(vals)\n"
        ),
        "a.xml": (
            '<record id="shown" model="ir.actions.act_window"/><field name="seen"/>'
            '<record id="hidden" model="ir.actions.act_window"/><x action="shown" />'
            '<field name="asked"/><!-- unseen -->'
        ),
    }
    folder = tmp_path / "hr_sales_commission"
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    found = load("dead_code").main([f"hr_sales_commission/{name}" for name in files])
    assert [each.partition(": ")[2] for each in found] == [
        f"nothing names “{name}”" for name in ("LOST", "gone", "unseen", "hidden")
    ]


@pytest.mark.parametrize(
    ("language", "english", "translation", "found"),
    [
        ("de", "Credited to you", "Ihnen angerechnet", [("credited", "angerechnet")]),
        ("de", "A credit note never does.", "Eine Gutschrift nie.", []),
        ("es", "Your payslips", "Sus nóminas", [("payslip", "nóminas")]),
        ("es", "Your payslips", "Sus recibos de nómina", []),
        ("ja", "The draft", "下書き", [("draft", "下書き")]),
        ("zh_CN", "Signed amount", "签单金额", [("signed amount", "签单金额")]),
        ("de", "%(draft)s approves", "Entwurf genehmigt", []),
    ],
)
def test_words_that_a_glossary_rules_out(language, english, translation, found):
    words = load("glossary").find_ruled_out(language, english, translation)
    assert list(words) == found


@pytest.mark.parametrize(
    ("kind", "text", "found"),
    [
        ("en", "Open *First Steps →\nSources*.", [["First Steps", "Sources"]]),
        ("en", "leads *of* a **Period**, `a*B*c`", []),
        ("paths", "*Due* in *Commissions → Due*", [["Commissions", "Due"]]),
        ("zh_CN", "点击“配置 → 来源”", [["配置", "来源"]]),
    ],
)
def test_names_that_guides_call_pages_by(kind, text, found):
    assert list(load("doc_labels").find_names(text, kind)) == found


@pytest.mark.parametrize(
    ("path", "found"),
    [
        (["Configuration", "First Steps"], []),
        (["Configuration", "Sources"], ["Configuration → Sources"]),
        (["My Disputes", "New"], []),
        (["Payroll", "Configuration", "Salary Structures"], []),
    ],
)
def test_paths_that_guides_name_exist(path, found):
    labels = load("doc_labels")
    assert labels.find_misplaced(path, labels.read_menus()) == found


@pytest.mark.parametrize(
    ("version", "changed", "found"),
    [
        ("19.0.1.0.0", "models/deal.py", 1),
        ("19.0.1.0.1", "models/deal.py", 0),
        ("19.0.1.0.0", "i18n/de.po", 0),
    ],
)
def test_what_an_update_loads_needs_a_higher_version(tmp_path, version, changed, found):
    addon = tmp_path / "hr_sales_commission"
    file = addon / changed
    file.parent.mkdir(parents=True)

    def write(version, text):
        (addon / "__manifest__.py").write_text(f'{{"version": "{version}"}}')
        file.write_text(text)

    write("19.0.1.0.0", "before")
    who = ["-c", "user.name=A", "-c", "user.email=a@example.com"]
    for command in (
        ["init", "-q"],
        ["add", "-A"],
        [*who, "commit", "-qm", "A release"],
        ["tag", "19.0.1.0.0"],
    ):
        subprocess.run(["git", "-C", tmp_path, *command], check=True)
    write(version, "after")
    assert len(list(load("versions").problems(tmp_path))) == found


def test_files_of_tests_that_did_not_run_are_named(tmp_path, monkeypatch, capsys):
    monkeypatch.syspath_prepend(TOOLS)
    results = load("results")
    run = tmp_path / "run.json"
    run.write_text(json.dumps({"seconds": {}}))
    assert results.not_run([run])
    named = [line.split()[-1] for line in capsys.readouterr().out.splitlines()]
    assert "tests/engine/test_lint.py" in named
    run.write_text(json.dumps({"seconds": dict.fromkeys(named[1:], 1)}))
    assert results.not_run([run, tmp_path / "never"])
    assert capsys.readouterr().out.split()[-1] == named[0]
    run.write_text(json.dumps({"seconds": dict.fromkeys(named, 1)}))
    assert not results.not_run([run])


def test_what_the_next_odoo_does_not_have_is_named(tmp_path, monkeypatch, capsys):
    source = {
        "odoo/release.py": "version_info = (20, 0, 0, 'final', 0, '')",
        "odoo/models.py": "class Model: pass",
        "addons/crm/models/crm_lead.py": "_name = 'crm.lead'",
        "addons/crm/views/crm.xml": '<record id="crm_menu" model="x"/>',
        "addons/web/static/src/core/utils.js": "",
    }
    ours = {
        "models/a.py": (
            "from odoo.models import Model, AbstractModel\n"
            "class Lead(Model):\n    _inherit = ['crm.lead', 'crm.gone', 'our.own']\n"
            'class Own(Model):\n    _name = "our.own"\n'
        ),
        "views/a.xml": '<menuitem id="x" parent="crm.crm_menu"/><x action="crm.gone"/>',
        "static/src/a.js": 'import { a } from "@web/core/utils";\n'
        'import { b } from "@web/core/gone";\n',
    }
    for folder, files in (("odoo", source), ("ours/hr_sales_commission", ours)):
        for name, text in files.items():
            path = tmp_path / folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    tool = load("next_odoo")
    monkeypatch.setattr(tool, "ROOT", tmp_path / "ours")
    assert tool.main(tmp_path / "odoo")
    first, *named, last = capsys.readouterr().out.splitlines()
    assert first.startswith("Odoo 20")
    assert [line.split(":")[0] for line in named] == [
        "- @web/core/gone",
        "- _inherit crm.gone",
        "- crm.gone",
        "- from odoo.models import AbstractModel",
    ]
    assert last == "3 files looked at, 4 uses are not there"
