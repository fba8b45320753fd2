"""What the guides call by name is called so in the pages.

*Like this* (in Chinese “这样”) stands for a label; a path names several, with arrows
between them. Italics that begin with a small letter are stress, not labels. Looks the
names up in the catalogues of our addons, and in a list of Odoo's own.
"""

import re
import sys
from pathlib import Path

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


def find_labels(text, kind):
    """Return the names that a page calls pages, fields and buttons by."""
    text = CODE.sub("", text)
    for found in (QUOTED if kind == "zh_CN" else ITALIC).findall(text):
        name = " ".join(found.split())
        if "→" in name or kind == "zh_CN" or (kind == "en" and name[0].isupper()):
            yield from (part.strip() for part in name.split("→"))


def main():
    """Print what no page is called."""
    unknown, names = [], {}
    for pattern, kind in GUIDES:
        lang = "en" if kind == "paths" else kind
        known = names.setdefault(lang, read_catalogues(lang) | FOREIGN)
        for path in sorted(ROOT.glob(pattern)):
            unknown += [
                f"{path.relative_to(ROOT)}: no page has “{label}”"
                for label in find_labels(path.read_text(), kind)
                if label not in known
            ]
    print(*unknown, sep="\n")
    return bool(unknown)


if __name__ == "__main__":
    sys.exit(main())
