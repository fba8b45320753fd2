# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""The key figures of boards and alerts: what each is called, and what it counts.

One definition each: boards show it as a tooltip, alerts offer the figure, and the page
``docs/kpi.md`` has the same in a table. How they are read is in
``hr.commission.board._get_figures``.
"""

from dataclasses import dataclass

from odoo.tools import LazyTranslate

from .titles import sentences

_lt = LazyTranslate(__name__)

#: said of every figure: whether it is of what happened, or of the leads of the period
COUNTS = {
    "period": _lt("Counts what happened in the period."),
    "cohort": _lt("Counts the leads of the period, whenever they were won."),
}


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A figure that says how marketing and sales work together.

    :param label: lazy, without its unit
    :param unit: ``money``, ``percent``, ``count`` or ``days``
    :param counts: ``period``: what happened on its days; ``cohort``: what became of the
        leads of these days
    :param help: lazy, its definition
    :param better: 1 if more is better, -1 if less is, 0 if neither
    :param volume: the figure that says how many leads or deals it rests on
    :param on_board: whether the management's board has a card for it
    """

    label: object
    unit: str
    counts: str
    help: object
    better: int = 0
    volume: str = "won"
    on_board: bool = True

    @property
    def choice(self) -> str:
        """Its English name with the unit, as a choice of fields."""
        suffix = {"percent": " (%)", "days": " (days)"}.get(self.unit, "")
        return f"{self.label._source}{suffix}"


KEY_FIGURES = {
    "signed": KeyFigure(
        _lt("Signed amount"),
        "money",
        "period",
        _lt("Amounts of the deals won and not lost again, without tax."),
        better=1,
    ),
    "commission": KeyFigure(
        _lt("Commissions"),
        "money",
        "period",
        _lt("What was earned, held commissions too, cancelled ones not."),
    ),
    "cost_ratio": KeyFigure(
        _lt("Commission cost ratio"),
        "percent",
        "period",
        _lt("Commissions in percent of the signed amount."),
        better=-1,
    ),
    "qualified": KeyFigure(
        _lt("Qualified leads of marketing"),
        "count",
        "period",
        _lt("Leads that became qualified; a shared lead counts with its shares."),
        better=1,
        volume="qualified",
    ),
    "followup_rate": KeyFigure(
        _lt("Marketing leads followed up"),
        "percent",
        "cohort",
        _lt(
            "Of marketing's leads qualified in the period, those that the salesperson "
            "called, wrote to or met at least once."
        ),
        better=1,
        volume="qualified",
    ),
    "synergy_rate": KeyFigure(
        _lt("Marketing's qualified leads signed by today"),
        "percent",
        "cohort",
        _lt(
            "Of marketing's leads qualified in the period, those won by today. A young "
            "period still has open ones."
        ),
        better=1,
        volume="qualified",
    ),
    "overall_rate": KeyFigure(
        _lt("Overall conversion"),
        "percent",
        "cohort",
        _lt("Of all leads whose first contact is in the period, those won by today."),
        better=1,
        volume="came",
    ),
    "joint": KeyFigure(
        _lt("Joint deals"),
        "count",
        "period",
        _lt(
            "Won deals of marketing's customers that the salesperson called, wrote to "
            "or met at least once."
        ),
        better=1,
        volume="won_marketing",
    ),
    "repeat_rate": KeyFigure(
        _lt("Repurchase rate"),
        "percent",
        "period",
        _lt("Of the deals won, those of customers who had won one before."),
        better=1,
        on_board=False,  # in “More about sales”, as brackets count it
    ),
    "referral_rate": KeyFigure(
        _lt("Referral rate"),
        "percent",
        "period",
        _lt("Of the deals won, those of customers whom somebody recommended."),
        better=1,
        on_board=False,  # in “More about sales”, as brackets count it
    ),
    "time_to_sign": KeyFigure(
        _lt("Time to sign"),
        "days",
        "period",
        _lt(
            "Of the deals won, the average days from the first contact to the win. "
            "Brackets and targets count them from the day the lead came in."
        ),
        better=-1,
    ),
    "own_share": KeyFigure(
        _lt("Own customers in the signed amount"),
        "percent",
        "period",
        _lt("Signed amount of salespeople's own customers in percent of all."),
    ),
    "cost_per_lead": KeyFigure(
        _lt("Cost per qualified lead"),
        "money",
        "period",
        _lt("Marketing's commissions divided by the number of its qualified leads."),
        better=-1,
        volume="qualified",
    ),
    "cost_per_deal": KeyFigure(
        _lt("Cost per signed deal"),
        "money",
        "period",
        _lt("Marketing's commissions divided by the number of its won deals."),
        better=-1,
        volume="won_marketing",
    ),
    "won_marketing": KeyFigure(
        _lt("Won deals of marketing's customers"),
        "count",
        "period",
        _lt("Deals won whose customer marketing brought, by marketer's credit."),
        better=1,
        volume="won_marketing",
        on_board=False,
    ),
}


def describe_figure(env, figure):
    """Return a figure's definition, with what it counts, in the language of ``env``.

    :param KeyFigure figure: one of :data:`KEY_FIGURES`
    :rtype: str
    """
    return sentences(env, (env._(figure.help), env._(COUNTS[figure.counts])))
