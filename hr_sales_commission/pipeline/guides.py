# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Where the pages of the documentation are, in the reader's language."""

PAGES = "https://github.com/hr-sales-commission/hr_sales_commission/blob/main/docs/"
#: for who builds on the addons, or made of measurements; all others are in Chinese, too,
#: where headings have names of their own
ENGLISH_ONLY = {
    *("architecture.md", "extending.md", "security.md", "sizing.md"),
    *("peers.md", "tried.md", "glossary.md"),
}


def get_guide_url(env, guide):
    """Return the address of a page of the documentation.

    :param str guide: below ``docs``, with or without a heading: ``guides/hr.md#a-month``
    """
    page = guide.partition("#")[0]
    if (env.lang or "").startswith("zh") and page not in ENGLISH_ONLY:
        guide = f"zh/{page}"
    return PAGES + guide
