"""Where the pages of the documentation are, in the reader's language."""

PAGES = "https://github.com/hr-sales-commission/hr_sales_commission/blob/main/docs/"
#: what there is in Chinese; its headings have names of their own
CHINESE = {
    *("guides/hr.md", "guides/manager.md", "guides/marketer.md"),
    *("guides/payroll.md", "guides/salesperson.md"),
}


def get_guide_url(env, guide):
    """Return the address of a page of the documentation.

    :param str guide: below ``docs``, with or without a heading: ``guides/hr.md#a-month``
    """
    page = guide.partition("#")[0]
    if (env.lang or "").startswith("zh") and page in CHINESE:
        guide = f"zh/{page}"
    return PAGES + guide
