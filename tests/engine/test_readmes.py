"""What is shown of an addon elsewhere says what its ``readme/`` says."""

from pathlib import Path

import pytest

ADDONS = sorted(Path(__file__).parents[2].glob("hr_sales_commission*/__manifest__.py"))


@pytest.mark.parametrize("addon", ADDONS, ids=[path.parent.name for path in ADDONS])
def test_readme_is_made_from_its_fragments(addon):
    readme = " ".join((addon.parent / "README.rst").read_text().split())
    fragments = list((addon.parent / "readme").glob("*.md"))
    assert fragments
    for fragment in fragments:
        assert " ".join(fragment.read_text().split()) in readme, fragment.name
