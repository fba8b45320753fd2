# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What the reader gets for a lead, when, and what is missing: the tab's first lines."""

from collections import defaultdict

from odoo import api, fields, models
from odoo.tools.misc import format_date, formatLang

from ..pipeline.titles import title_of


class CrmLead(models.Model):
    _inherit = "crm.lead"

    commission_answer = fields.Text(
        string="What I Get",
        compute="_compute_commission_answer",
        help="Your own commissions on the deal, and when they are paid.",
    )
    commission_missing = fields.Text(
        string="What Is Missing",
        compute="_compute_commission_missing",
        help="Why somebody earns nothing on the deal, or nothing yet.",
    )

    @api.depends("commission_line_ids.amount", "commission_line_ids.state")
    @api.depends_context("uid", "lang")
    def _compute_commission_answer(self):
        Line = self.env["hr.commission.line"]
        states = dict(Line._fields["state"]._description_selection(self.env))
        texts = defaultdict(list)
        groups = Line._read_group(
            [
                ("lead_id", "in", self._origin.ids),
                ("user_id", "=", self.env.uid),
                ("state", "!=", "cancelled"),
            ],
            ["lead_id", "date_due:day", "state", "company_id"],
            ["amount:sum"],
        )
        for lead, day, state, company, amount in groups:
            currency = company.sudo().currency_id  # sudo: of the reader's own lines
            values = {
                "amount": formatLang(self.env, amount, currency_obj=currency),
                "state": states[state],
                "day": format_date(self.env, day) if day else "",
            }
            texts[lead].append(
                self.env._("%(amount)s: %(state)s, due on %(day)s", **values)
                if day and state in ("draft", "approved")
                else self.env._("%(amount)s: %(state)s", **values)
            )
        for lead in self:
            lead.commission_answer = "\n".join(texts[lead._origin]) or False

    @api.depends(
        "date_qualified",
        "unqualified_reason",
        "won_status",
        "date_won",
        "source_state",
        "commission_source",
        "marketer_id",
        "user_id",
        "commission_share_ids",
    )
    @api.depends_context("lang")
    def _compute_commission_missing(self):
        Explanation = self.env["hr.commission.explanation"]
        Event = self.env["hr.commission.event"].sudo()  # sudo: how far they are only
        events = Event.search([("lead_id", "in", self._origin.ids)]).grouped("lead_id")
        for lead in self:
            # sudo: whoever reads the lead may know what it misses
            seen, stored = lead.sudo(), lead._origin.sudo()
            reasons = stored and Explanation._get_missing_reasons(
                seen, events.get(stored, Event)
            )
            lead.commission_missing = "\n".join(reasons or ()) or False

    def action_explain(self):
        """Answer why the deal pays what it pays, or nothing.

        :return: the dialog that explains it
        """
        self._ensure_one_given()
        return self.env["hr.commission.explanation"]._get_action(
            self.display_name, lead_id=self.id
        )

    def action_describe_need(self):
        """Ask for what the customer needs.

        :return: the dialog with these fields of the lead
        """
        return self._ask_for(self.env._("Describe the Need"), "need")

    def action_enter_referrer(self):
        """Ask who recommended us.

        :return: the dialog with this field of the lead
        """
        return self._ask_for(self.env._("Enter Who Referred"), "referrer")

    def _ask_for(self, title, part):
        self._ensure_one_given()
        view = self.env.ref("hr_sales_commission.crm_lead_view_form_missing")
        return {
            "type": "ir.actions.act_window",
            "name": title_of(title, self.name),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(view.id, "form")],
            "target": "new",
            "context": {"commission_part": part},
        }
