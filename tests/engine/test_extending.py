"""The guide for integrators shows the sample addons as they are."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^`(tests/addons/[^`]+)`\n\n```\w+\n(.*?)^```$", re.DOTALL | re.M)


def test_code_blocks_are_the_sample_addons():
    blocks = BLOCK.findall((ROOT / "docs" / "extending.md").read_text())
    assert len(blocks) >= 12
    for path, code in blocks:
        assert code.rstrip() == (ROOT / path).read_text().rstrip(), path


def test_sample_addons_are_small():
    lines = sum(
        len(path.read_text().splitlines())
        for path in (ROOT / "tests" / "addons").rglob("*")
        if path.suffix in (".py", ".xml", ".csv") and path.parent.name != "tests"
    )
    assert lines < 300
