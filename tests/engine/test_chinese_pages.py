"""The Chinese pages of docs/ say what the English ones say."""

import re
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
ENGLISH_ONLY = runpy.run_path(
    str(ROOT / "hr_sales_commission" / "pipeline" / "guides.py")
)["ENGLISH_ONLY"]
PAGES = sorted(
    path.relative_to(DOCS).as_posix()
    for path in DOCS.rglob("*.md")
    if path.relative_to(DOCS).parts[0] not in {"zh", "glossaries", *ENGLISH_ONLY}
)
CODE = re.compile(r"```.*?```", re.DOTALL)
#: a cell of figures: days, percentages, amounts
FIGURES = re.compile(r"[−\d.,:% ]+|[\d-]+(, [\d-]+)*|\d+ – \d+")


def read(page):
    return (DOCS / page).read_text()


def outline(text):
    return re.findall(r"^#+(?= )", CODE.sub("", text), flags=re.MULTILINE)


def tables(text):
    """Return the cells of each table, row by row."""
    rows = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|")
        else None
        for line in CODE.sub("", text).splitlines()
    ]
    found = [[]]
    for row in rows:
        if row:
            found[-1].append(row)
        elif found[-1]:
            found.append([])
    return [table for table in found if table]


def figures(row):
    """Return the figures of a row; Chinese has no space before the percent sign."""
    return [cell.replace(" %", "%") if FIGURES.fullmatch(cell) else "" for cell in row]


@pytest.mark.parametrize("page", PAGES)
def test_every_chapter_and_row_has_its_chinese(page):
    english, chinese = read(page), read(f"zh/{page}")
    assert outline(chinese) == outline(english)
    shapes = [
        [[len(row) for row in table] for table in tables(text)]
        for text in (chinese, english)
    ]
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize("page", PAGES)
def test_figures_and_pictures_are_the_same(page):
    english, chinese = read(page), read(f"zh/{page}")
    pairs = zip(tables(chinese), tables(english), strict=True)
    for theirs, ours in pairs:
        for other, row in zip(theirs, ours, strict=True):
            assert figures(other) == figures(row)
    named = re.findall(r"images/([\w-]+)\.png", english)
    assert re.findall(r"images/([\w-]+)-zh\.png", chinese) == named


def test_there_are_chinese_pages_for_each_role():
    assert len([page for page in PAGES if page.startswith("guides/")]) == 8
