# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import api, fields, models
from odoo.tools import formatLang

from ..pipeline.reader_numbers import format_number, format_percent

#: the figures in the order they are told, and whether each is a share of something
FIGURES = {
    "qualified": False,
    "qualified_rate": True,
    "marketing_conversion": True,
    "followed_rate": True,
    "joint_deals": False,
    "overall_conversion": True,
    "revenue": False,
    "cost": False,
}
MONEY = ("revenue", "cost")
#: percent; what an interval reaches beyond is no number to read
MOST_SHOWN = 1000


class HrCommissionEffectFigure(models.Model):
    """One figure before and after, with its interval."""

    _name = "hr.commission.effect.figure"
    _description = "Figure of a Commission Effect"
    _inherit = ["hr.commission.guard"]
    _order = "effect_id desc, group, label, sequence, id"
    _rec_name = "figure"
    _log_access = False

    effect_id = fields.Many2one(
        "hr.commission.effect",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="effect_id.company_id", store=True
    )  # stored for the record rules
    group = fields.Selection(
        [
            ("all", "Together"),
            ("month", "By month"),
            ("branch", "By branch"),
            ("person", "By person"),
        ],
        required=True,
        readonly=True,
    )
    label = fields.Char(string="Of", readonly=True)
    sequence = fields.Integer(readonly=True)
    figure = fields.Selection(
        [
            ("qualified", "Qualified leads of marketing"),
            ("qualified_rate", "Qualified of marketing’s leads (%)"),
            ("marketing_conversion", "Won of marketing’s qualified leads (%)"),
            ("followed_rate", "Followed up of marketing’s qualified leads (%)"),
            ("joint_deals", "Joint deals"),
            ("overall_conversion", "Won of all leads (%)"),
            ("revenue", "Signed amount"),
            ("cost", "Commissions"),
        ],
        required=True,
        readonly=True,
    )
    before = fields.Float(readonly=True, aggregator=None)
    after = fields.Float(readonly=True, aggregator=None)
    change = fields.Float(
        string="Difference",
        readonly=True,
        aggregator=None,
        help="In percent; of shares in percentage points; with pilot branches beyond "
        "the change of the others.",
    )
    change_low = fields.Float(string="At Least", readonly=True, aggregator=None)
    change_high = fields.Float(string="At Most", readonly=True, aggregator=None)
    verdict = fields.Selection(
        [
            ("sure", "More than chance"),
            ("hint", "A hint"),
            ("none", "Chance explains it"),
            ("unknown", "Too little happened"),
        ],
        readonly=True,
    )
    has_others = fields.Boolean(readonly=True)
    has_before = fields.Boolean(
        readonly=True, default=True, help="Whether there was anything to count before."
    )
    has_after = fields.Boolean(
        readonly=True, default=True, help="Whether there is anything to count after."
    )
    sentence = fields.Char(compute="_compute_sentence")

    @api.depends("before", "after", "change", "verdict")
    @api.depends_context("lang")
    def _compute_sentence(self):
        for figure in self:
            figure.sentence = figure.figure and figure._get_sentence()

    def _get_sentence(self):
        """Say how sure one can be of this change.

        :rtype: str
        """
        nothing = self.env._("nothing to count")
        values = {
            "before": self._format(self.before) if self.has_before else nothing,
            "after": self._format(self.after) if self.has_after else nothing,
            "change": self._format_change(self.change),
            "low": format_number(self.env, self.change_low, 1, is_change=True),
            "high": self._get_most(),
        }
        if not (self.has_before or self.has_after):
            return self.env._("Nothing to count in either period.")
        if self.verdict == "unknown":
            return self.env._(
                "%(before)s to %(after)s: too little happened to compare.", **values
            )
        if self.verdict == "none":
            return self.env._(
                "%(before)s to %(after)s (%(change)s): chance alone explains it, it may "
                "lie between %(low)s and %(high)s.",
                **values,
            )
        if self.verdict == "hint":
            return self.env._(
                "%(before)s to %(after)s (%(change)s): points to a change, but chance "
                "is not ruled out; it may lie between %(low)s and %(high)s.",
                **values,
            )
        if self.has_others:
            return self.env._(
                "%(before)s to %(after)s, %(change)s beyond the other branches: quite "
                "sure, between %(low)s and %(high)s.",
                **values,
            )
        return self.env._(
            "%(before)s to %(after)s (%(change)s): quite sure, between %(low)s and "
            "%(high)s.",
            **values,
        )

    def _get_most(self):
        """Say the upper end; where so little is known that it is far off, only that."""
        if self.change_high > MOST_SHOWN:
            return self.env._("more than 1,000 %")
        return self._format_change(self.change_high)

    def _format_change(self, change):
        if not FIGURES[self.figure]:
            return format_percent(self.env, change, 1, is_change=True)
        unit = self.env._("points")
        return f"{format_number(self.env, change, 1, is_change=True)} {unit}"

    def _format(self, value):
        if self.figure in MONEY:
            currency = self.effect_id.currency_id
            return formatLang(self.env, value, currency_obj=currency)
        if FIGURES[self.figure]:
            return format_percent(self.env, value, digits=1)
        return format_number(self.env, value, digits=0)
