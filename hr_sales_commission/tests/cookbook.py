# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""The figures of docs/cookbook.md: what its tables say is what tests expect.

Plain Python: the tests of the engine read it without Odoo.
"""

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "cookbook.md"


def read_recipes():
    """Return the rows of the table of each recipe, by its heading.

    :rtype: dict[str, list[dict[str, str]]]
    """
    _title, *recipes = re.split(r"^## ", PAGE.read_text(), flags=re.MULTILINE)
    return {text.partition("\n")[0]: _read_table(text) for text in recipes}


def read_number(text):
    """Return a figure of the page: ``12,345.67`` or ``40 %``, with ``−`` for less."""
    return float(text.replace(",", "").replace("−", "-").removesuffix(" %"))


def _read_table(text):
    rows = [line for line in text.splitlines() if line.startswith("|")]
    titles, _rule, *values = (
        [cell.strip() for cell in row.strip("|").split("|")] for row in rows
    )
    return [dict(zip(titles, row, strict=True)) for row in values]
