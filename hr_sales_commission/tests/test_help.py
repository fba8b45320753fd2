# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
import re
from pathlib import Path

from lxml import html

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import file_path

from ..pipeline.guides import PAGES, get_guide_url

OURS = "hr_sales_commission"
PICTURES = ("o_view_nocontent_smiling_face", "o_view_nocontent_empty_folder")


@tagged("post_install", "-at_install", "commission_core")
class TestHelp(TransactionCase):
    """A page without records says what it is for, with a picture."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shown_fields = cls._find_shown_fields()

    def _pages(self):
        """Yield our pages and their help, as HTML."""
        data = self.env["ir.model.data"].search(
            [
                ("module", "=like", f"{OURS}%"),
                ("model", "=", "ir.actions.act_window"),
            ]
        )
        actions = self.env["ir.actions.act_window"].browse(data.mapped("res_id"))
        for action in actions.filtered(
            lambda action: (
                action.target != "new" and action.res_model != "res.config.settings"
            )
        ):
            yield action, html.fromstring(f"<div>{action.help or ''}</div>")

    def _can_be_created(self, model):
        access = self.env["ir.model.access"]
        return access.search_count(
            [("model_id.model", "=", model), ("perm_create", "=", True)], limit=1
        )

    def test_every_page_says_what_will_be_here_and_why_it_is_empty(self):
        count = 0
        found = self.env["ir.ui.menu"].search([("action", "!=", False)])
        menus = {(menu.action._name, menu.action.id) for menu in found}
        for action, text in self._pages():
            with self.subTest(action.xml_id):
                is_in_menu = (action._name, action.id) in menus
                self.assertTrue(action.path or not is_in_menu, "an address to send")
                count += 1
                title, *sentences = text.iter("p")
                self.assertIn(title.get("class"), PICTURES)
                explained = " ".join(
                    " ".join(each.text_content().split())
                    for each in sentences
                    if each.find("a") is None  # links are no sentences
                )
                self.assertRegex(explained, r"^\S+ .*[.?]$", "a sentence")
                self.assertGreater(len(explained.split()), 8)
        self.assertGreater(count, 30)

    def test_every_help_links_to_the_page_that_explains_it(self):
        """The page and its heading are there, in the reader's language where it is."""
        self.env["res.lang"]._activate_lang("zh_CN")
        docs = Path(file_path(OURS)).parent / "docs"
        Action = self.env["ir.actions.act_window"]
        for action, _text in self._pages():
            with self.subTest(action.xml_id):
                page, _hash, heading = action.commission_guide.partition("#")
                text = (docs / page).read_text()
                anchors = [
                    re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-")
                    for title in re.findall(r"^##+ (.*)$", text, re.MULTILINE)
                ]
                self.assertIn(heading or None, [*anchors, None])
                shown = Action._for_xml_id(action.xml_id)["help"]
                self.assertIn(PAGES + action.commission_guide, shown)
                chinese = get_guide_url(
                    self.env(context={"lang": "zh_CN"}), action.commission_guide
                )
                chinese = chinese.removeprefix(PAGES).partition("#")[0]
                self.assertTrue((docs / chinese).is_file(), chinese)
        chinese = get_guide_url(self.env(context={"lang": "zh_CN"}), "guides/hr.md#x")
        self.assertEqual(chinese, f"{PAGES}zh/guides/hr.md")

    def test_nobody_is_refused_for_typing_in_a_search(self):
        """What a search looks through is what its reader may read."""
        reader = new_test_user(self.env, "commission_reader", groups="base.group_user")
        refused = set()
        for model, view in self._searches():
            Model = self.env[model].with_user(reader)
            if not Model.has_access("read"):
                continue
            arch = html.fromstring(Model.get_view(view.id, "search")["arch"])
            for node in arch.xpath("//field[not(ancestor::searchpanel)]"):
                try:
                    Model.search_count([(node.get("name"), "ilike", "a")], limit=1)
                except AccessError:
                    refused.add(f"{model}.{node.get('name')}")
        self.assertEqual(refused, set())

    def _searches(self):
        """Yield the models of our pages with their search views."""
        for action, _text in self._pages():
            view = action.search_view_id or self.env["ir.ui.view"].search(
                [("model", "=", action.res_model), ("type", "=", "search")], limit=1
            )
            if view and action.res_model.startswith("hr."):
                yield action.res_model, view

    def test_every_page_leads_to_what_fills_it(self):
        """By *New*, or by a link; pages that are empty when all is well need neither."""
        paths = set(self.env["ir.actions.actions"].search([]).mapped("path"))
        for action, text in self._pages():
            with self.subTest(action.xml_id):
                links = [link.get("href") for link in text.iter("a")]
                for link in links:
                    target = link.removeprefix("/odoo/")
                    named = target.removeprefix("action-")
                    self.assertTrue(target in paths or self.env.ref(named, False), link)
                is_good_news = text.find("p").get("class") == PICTURES[1]
                self.assertTrue(
                    links or is_good_news or self._can_be_created(action.res_model),
                    "what is the one thing to do?",
                )

    def test_every_choice_and_number_to_enter_has_a_tooltip(self):
        """What it does is not to be guessed; names, people and days say it themselves."""
        entered = {"selection", "integer", "float", "monetary", "boolean"}
        missing = {
            str(field)
            for field in self.shown_fields
            if field.type in entered
            and not (field.readonly or field.help)
            and field.name not in ("active", "sequence")  # as everywhere in Odoo
        }
        self.assertEqual(missing, set())

    def test_what_we_add_to_the_pages_of_other_apps_has_a_tooltip(self):
        """Their readers do not know our words; lists say it by their columns."""
        added = {
            field
            for field in self.shown_fields
            if not self.env[field.model_name]._original_module.startswith(OURS)
            and field.type not in ("one2many", "many2many")
            and not field.name.endswith(("_count", "currency_id"))
        }
        self.assertGreater(len(added), 40)
        self.assertEqual({str(field) for field in added if not field.help}, set())

    @classmethod
    def _find_shown_fields(cls):
        """Return our fields on the pages that we made, or added to."""
        data = cls.env["ir.model.data"].search(
            [("module", "=like", f"{OURS}%"), ("model", "=", "ir.ui.view")]
        )
        views = cls.env["ir.ui.view"].browse(data.mapped("res_id"))
        while extensions := views.filtered(lambda view: view.mode == "extension"):
            views = views - extensions | extensions.inherit_id
        fields = set()
        for view in views.filtered(lambda v: v.type in ("form", "list", "kanban")):
            for node in view._get_combined_arch().iter("field"):
                owner = cls.env[view.model]
                for parent in reversed([*node.iterancestors("field")]):
                    owner = cls.env[owner._fields[parent.get("name")].comodel_name]
                if node.get("name") in owner._fields and not node.get("help"):
                    fields.add(owner._fields[node.get("name")])
        return {
            field for field in fields if "".join(field._modules[:1]).startswith(OURS)
        }
