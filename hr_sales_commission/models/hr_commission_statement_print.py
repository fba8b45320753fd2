# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
import logging

from odoo import api, fields, models

from ..pipeline.closed_days import is_closed
from ..pipeline.isolation import isolated, retried
from ..pipeline.pay_parts import EARNED_DOMAIN
from ..pipeline.states import SETTLED_STATEMENTS
from .hr_commission_statement_figures import CORRECTION_KINDS

_logger = logging.getLogger(__name__)


class HrCommissionStatement(models.Model):
    """The printed statement: what stands on it, and the copy kept at closing."""

    _inherit = "hr.commission.statement"

    is_stored = fields.Boolean(
        readonly=True, help="The printed statement is kept as it was at closing."
    )

    @api.model
    @retried
    def _cron_store_reports(self):
        """Keep the printed statements of closed months, each in its own transaction."""
        cron = self.env["ir.cron"]
        closed = self.search([("is_stored", "=", False)]).filtered(
            lambda each: (
                each.state in SETTLED_STATEMENTS
                and is_closed(each.company_id.commission_lock_date, each.date_to)
            )
        )
        remaining = len(closed)
        for statement in closed:
            if not cron._commit_progress(remaining=remaining):
                return
            with isolated(self.env, _logger, "Keeping the printed", statement):
                statement._store_report()
            remaining -= 1
            cron._commit_progress(1, remaining=remaining)

    def _store_report(self):
        """Keep each statement as printed, attached to it."""
        report = self.env.ref(
            "hr_sales_commission.hr_commission_statement_report_action"
        )
        # without a PDF printer on the server the page itself is kept
        can_print = report.get_wkhtmltopdf_state() not in ("install", "broken")
        render = report._render_qweb_pdf if can_print else report._render_qweb_html
        for statement in self:
            content, extension = render(report.report_name, statement.ids)
            lang = statement.sudo().user_id.lang  # sudo: as the page itself is printed
            reader = self.with_context(lang=lang or self.env.lang)
            statement._message_log(
                body=reader.env._("As it was closed."),
                attachment_ids=self.env["ir.attachment"]
                .create(
                    {
                        "name": f"{statement.display_name}.{extension}",
                        "raw": content,
                        "res_model": statement._name,
                        "res_id": statement.id,
                    }
                )
                .ids,
            )
        self.is_stored = True

    @api.model
    def _prints_heads(self):
        """Whether the printed statement gets its head from the printer.

        :rtype: bool
        """
        return self.env["ir.actions.report"]._prints_heads()

    def _get_earned_rows(self):
        """Return what was earned in the period, by customer source and rule.

        :return: list of dicts with source (label), rule (its name; of what no rule pays,
            the name of the kind of line), is_bonus, count, base
            and amount
        """
        self.ensure_one()
        columns = self.env["hr.commission.line"]._fields
        labels = dict(columns["commission_source"]._description_selection(self.env))
        kinds = dict(columns["kind"]._description_selection(self.env))
        # sudo: rules that pay a statement the reader may read
        groups = (
            self.sudo()
            .env["hr.commission.line"]
            ._read_group(
                [
                    ("statement_id", "=", self.id),
                    ("kind", "not in", (*CORRECTION_KINDS, "draw")),
                    *EARNED_DOMAIN,
                    ("date", ">=", self.date_from),
                ],
                ["commission_source", "rule_id", "kind"],
                ["__count", "base:sum", "amount:sum"],
                order="commission_source, rule_id, kind",
            )
        )
        return [
            {
                "source": labels.get(source, ""),
                "rule": rule.name or kinds[kind],
                "is_bonus": rule.is_bonus,
                "count": count,
                "base": base,
                "amount": amount,
            }
            for source, rule, kind, count, base, amount in groups
        ]
