from lxml import html

from odoo.tests import TransactionCase, tagged

MODULES = (
    "hr_sales_commission",
    "hr_sales_commission_account",
    "hr_sales_commission_payroll",
)
PICTURES = ("o_view_nocontent_smiling_face", "o_view_nocontent_empty_folder")


@tagged("post_install", "-at_install")
class TestHelp(TransactionCase):
    """A page without records says what it is for, with a picture."""

    def test_every_page_has_help_and_a_picture(self):
        data = self.env["ir.model.data"].search(
            [("module", "in", MODULES), ("model", "=", "ir.actions.act_window")]
        )
        actions = self.env["ir.actions.act_window"].browse(data.mapped("res_id"))
        pages = actions.filtered(lambda action: action.target != "new")
        self.assertTrue(pages)
        for action in pages:
            with self.subTest(action.xml_id):
                text = html.fromstring(action.help or "<p/>")
                classes = {
                    name
                    for element in text.iter()
                    for name in element.get("class", "").split()
                }
                self.assertTrue(classes.intersection(PICTURES), "no picture")
                self.assertGreater(len(text.text_content().split()), 5, "no help")
