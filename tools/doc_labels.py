"""What the guides call by name is called so in the pages.

*Like this* (in Chinese “这样”) stands for a label; a path names several, with arrows
between them. Italics that begin with a small letter are stress, not labels. Looks the
names up in the catalogues of our addons, and in a list of Odoo's own. What a path names
below one of our menus is in that menu.
"""

import re
import sys
from pathlib import Path

from lxml import etree

ROOT = Path(__file__).resolve().parents[1]
#: where names stand, and the language whose catalogues have them
GUIDES = (
    ("README.md", "en"),
    ("docs/*.md", "paths"),
    ("docs/guides/*.md", "en"),
    ("docs/launch/*.md", "en"),
    ("docs/zh/**/*.md", "zh_CN"),
)
#: names of Odoo's and OCA payroll's own pages, and of what the reader writes
FOREIGN = {
    *(
        "CRM",
        "Pipeline",
        "⚙",
        "Import records",
        "Apps",
        "Update Apps List",
        "Technical",
    ),
    *("Scheduled Actions", "Uninstall", "Users", "Payroll"),
    *("Salary Structures", "Users & Companies", "Allowed", "Reversal of"),
    *("My Preferences", "Add API Key", "Automation Rules", "Reversal"),
}
ITALIC = re.compile(r"(?<![*\w])\*(?=\S)([^*]+?)\*(?![*\w])")
QUOTED = re.compile(r"“([^”]+)”")
CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)
TEXT = re.compile(r'^(msgid|msgstr) ((?:".*"\n?)+)', re.MULTILINE)


def read_catalogues(lang):
    """Return the texts of our addons, as they are shown in a language."""
    pattern = "*.pot" if lang == "en" else f"{lang}.po"
    kind = "msgid" if lang == "en" else "msgstr"
    texts = set()
    for path in ROOT.glob(f"hr_sales_commission*/i18n/{pattern}"):
        for found, quoted in TEXT.findall(path.read_text()):
            if found == kind:
                texts.add("".join(re.findall(r'"(.*)"', quoted)).replace('\\"', '"'))
    return texts


def read_menus():
    """Return what is in each menu of ours that opens no page itself, by its name."""
    menus, names = [], {}
    for path in ROOT.glob("hr_sales_commission*/views/*.xml"):
        tree = etree.parse(path)
        names.update((item.get("id"), item.get("name")) for item in _menus(tree))
        for record in tree.iterfind(".//record[@model='ir.actions.act_window']"):
            names[record.get("id")] = record.findtext("field[@name='name']")
        menus += _menus(tree)
    inside = {item.get("name"): set() for item in menus if not item.get("action")}
    for item in menus:
        above = item.get("parent") or item.getparent().get("id") or ""
        section = names.get(above.rpartition(".")[2])
        if section in inside:
            inside[section].add(item.get("name") or names[item.get("action")])
    return inside


def _menus(tree):
    return list(tree.iterfind(".//menuitem"))


def find_names(text, kind):
    """Return the names that a page calls pages, fields and buttons by: each a path."""
    text = CODE.sub("", text)
    for found in (QUOTED if kind == "zh_CN" else ITALIC).findall(text):
        name = " ".join(found.split())
        if "→" in name or kind == "zh_CN" or (kind == "en" and name[0].isupper()):
            yield [part.strip() for part in name.split("→")]


def find_misplaced(path, menus):
    """Return what a path names in a menu of ours that has no such page."""
    if path[0] in FOREIGN:
        return []
    pairs = zip(path, path[1:], strict=False)
    return [
        f"{menu} → {page}"
        for menu, page in pairs
        if page not in menus.get(menu, [page])
    ]


def main():
    """Print what no page is called."""
    menus = read_menus()
    unknown, names = [], {}
    for pattern, kind in GUIDES:
        lang = "en" if kind == "paths" else kind
        known = names.setdefault(lang, read_catalogues(lang) | FOREIGN)
        for path in sorted(ROOT.glob(pattern)):
            for labels in find_names(path.read_text(), kind):
                missing = [label for label in labels if label not in known]
                missing += find_misplaced(labels, menus)
                where = path.relative_to(ROOT)
                unknown += [f"{where}: no page has “{label}”" for label in missing]
    print(*unknown, sep="\n")
    return bool(unknown)


if __name__ == "__main__":
    sys.exit(main())
