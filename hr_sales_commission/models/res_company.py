# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What a company sets for its commissions: start, lock, years and terms."""

from datetime import datetime, time
from decimal import Decimal

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import ormcache

from ..engine.facts import CALENDAR_YEAR, ONE, WeekYear, YearStart
from ..engine.rounding import sensible, to_decimal
from ..pipeline.closed_days import first_open_day

MONTHS = [
    ("1", "January"),
    ("2", "February"),
    ("3", "March"),
    ("4", "April"),
    ("5", "May"),
    ("6", "June"),
    ("7", "July"),
    ("8", "August"),
    ("9", "September"),
    ("10", "October"),
    ("11", "November"),
    ("12", "December"),
]
#: days that weeks begin on, as ``date.weekday`` numbers them
WEEKDAYS = [
    ("0", "Monday"),
    ("1", "Tuesday"),
    ("2", "Wednesday"),
    ("3", "Thursday"),
    ("4", "Friday"),
    ("5", "Saturday"),
    ("6", "Sunday"),
]

#: what one of the money, in which ready-made plans are written, may be worth and amounts
#: stay as they are
AS_GOOD_AS_ONE = Decimal("0.5"), Decimal(2)
#: without a rate: currencies without decimals are of small units, those with three of
#: large ones
BY_DECIMALS = {0: Decimal(100), 3: Decimal("0.3")}


class ResCompany(models.Model):
    _inherit = "res.company"

    commission_lock_date = fields.Date(
        string="Commissions Locked Until",
        groups="hr_sales_commission.group_commission_officer",
        help="Commission lines dated up to this day never change any more. "
        "What changes later is posted as a difference in the open period.",
    )

    commission_start_date = fields.Date(
        string="Commissions Start On",
        groups="hr_sales_commission.group_commission_officer",
        help="What happened before this day pays nothing, unless a commission officer "
        "imports it with its day of winning. Empty: the start of the parent company; "
        "without any, deals that were won before commissions were installed pay "
        "nothing.",
    )
    commission_second_approval_amount = fields.Monetary(
        string="Second Approval From",
        groups="hr_sales_commission.group_commission_officer",
        help="From this amount on two people have to approve. 0: one is enough.",
    )

    commission_year_month = fields.Selection(
        MONTHS,
        string="Commission Year Starts In",
        groups="hr_sales_commission.group_commission_officer",
        help="The month that the years and quarters of tiers, caps and targets begin "
        "with. Empty: that of the parent company; without any, the fiscal year where "
        "accounting is installed, else January.",
    )
    commission_year_day = fields.Integer(
        string="On Day",
        default=1,
        groups="hr_sales_commission.group_commission_officer",
        help="The day of the month that years, quarters and months of tiers, caps and "
        "targets begin with: 26 for months that are closed on the 25th; the last one of "
        "months that are shorter. Statements stay by calendar month.",
    )
    commission_year_weeks = fields.Selection(
        [
            ("445", "Of 4, 4 and 5 weeks"),
            ("454", "Of 4, 5 and 4 weeks"),
            ("544", "Of 5, 4 and 4 weeks"),
        ],
        string="Months of a Quarter",
        groups="hr_sales_commission.group_commission_officer",
        help="Years of 52 or 53 whole weeks: they begin on the weekday nearest to the day "
        "above, and the last month of a year has the 53rd week. Empty: calendar months.",
    )
    commission_year_weekday = fields.Selection(
        WEEKDAYS,
        string="Weeks Begin On",
        default="0",
        groups="hr_sales_commission.group_commission_officer",
        help="The weekday that years of whole weeks, and all weeks in them, begin with.",
    )
    is_commission_statement_signed = fields.Boolean(
        string="Signatures on Commission Statements",
        help="Printed statements have lines for the signatures of whoever prepared and "
        "approved them and of the employee.",
    )

    is_commission_sample = fields.Boolean(
        string="Commission Sample",
        readonly=True,
        copy=False,
        help="Holds sample data that a commission officer may remove as a whole.",
    )

    _commission_year_day_in_every_month = models.Constraint(
        "CHECK (commission_year_day BETWEEN 1 AND 31)",
        "Commission years begin on a day of the month, 1 to 31.",
    )

    _commission_year_of_weeks_begins = models.Constraint(
        "CHECK (commission_year_weeks IS NULL OR commission_year_month IS NOT NULL)",
        "Choose the month in which years of whole weeks begin.",
    )

    def write(self, vals):
        if "is_commission_sample" in vals:
            raise AccessError(
                self.env._("No company becomes sample data, and none stops being it.")
            )
        if "commission_lock_date" in vals and not self.env.su:
            raise AccessError(
                self.env._("Months are closed and opened again with Close Month.")
            )
        if "currency_id" in vals:
            self._check_commissions_keep_currency(vals["currency_id"])
        year_starts = {each: each._get_commission_year_start() for each in self}
        result = super().write(vals)
        if "resource_calendar_id" in vals or "parent_id" in vals:
            self.env.registry.clear_cache()
        moved = self.filtered(
            lambda each: each._get_commission_year_start() != year_starts[each]
        )
        if moved:
            moved._move_commission_years()
        if "commission_start_date" in vals:
            self.env.registry.clear_cache()
            Lead = self.env["crm.lead"].sudo()  # sudo: crm.lead - whoever sees them
            Lead._update_start_marks(self)
        return result

    def _check_commissions_keep_currency(self, currency_id):
        """What was earned in one currency never reads as the same sum of another.

        A chart of accounts may bring the currency of its country along.
        """
        changed = self.filtered(lambda each: each.currency_id.id != currency_id)
        below = Domain("company_id", "child_of", changed.ids)
        for model in ("hr.commission.event", "hr.commission.line"):
            # sudo: whether there is one, whoever may read it
            found = changed and self.env[model].sudo().search(below, limit=1)
            if found:
                raise UserError(
                    self.env._(
                        "%(company)s has commissions in %(currency)s: it keeps this "
                        "currency. A chart of accounts has to be one of a country with "
                        "this currency.",
                        company=found.company_id.name,
                        currency=found.currency_id.name,
                    )
                )

    @api.model
    @ormcache("company_id")
    def _get_commission_start(self, company_id):
        """Return the day a company began with commissions: its own, else its parent's.

        :rtype: datetime.date | bool
        """
        company = self.browse(company_id).sudo()  # sudo: parent companies
        while company and not company.commission_start_date:
            company = company.parent_id
        return company.commission_start_date or False

    def _get_money_scale(self):
        """Return what amounts of ready-made plans, written in dollars, are times here.

        By the rate of the day; where nobody entered one, by the decimals of the
        currency.

        :rtype: Decimal
        """
        self.ensure_one()
        currency = self.currency_id
        dollar = self.env.ref("base.USD", raise_if_not_found=False) or currency
        today = self._commission_local_date()
        # sudo: rates are shown to everybody who sees amounts
        rate = to_decimal(dollar.sudo()._convert(1.0, currency, self, today, False))
        if rate == ONE and currency != dollar:
            rate = BY_DECIMALS.get(currency.decimal_places, ONE)
        low, high = AS_GOOD_AS_ONE
        return ONE if low <= rate <= high else sensible(rate, Decimal("0.000001"))

    def _move_commission_years(self):
        """Have what depends on years and quarters computed again."""
        targets = self.env["hr.commission.target"].sudo()  # sudo: their last day
        self.env.add_to_compute(
            targets._fields["date_to"],
            targets.search([("company_id", "child_of", self.ids)]),
        )
        Event = self.env["hr.commission.event"].sudo()  # sudo: events are technical
        Event._set_pending([("credit_ids.company_id", "child_of", self.ids)])

    @api.model
    def _get_year_fields(self):
        """Return the fields that say when the years of commissions begin."""
        return (
            "parent_id",
            "commission_year_month",
            "commission_year_day",
            "commission_year_weeks",
            "commission_year_weekday",
        )

    def _get_commission_year_start(self):
        """Return the day that years begin with, and their quarters and months.

        :rtype: YearStart | WeekYear
        """
        self.ensure_one()
        company = self.sudo()  # sudo: companies above
        while company and not company.commission_year_month:
            company = company.parent_id
        if company:
            month, day = (
                int(company.commission_year_month),
                company.commission_year_day or 1,
            )
            if not company.commission_year_weeks:
                return YearStart(month, day)
            weeks = tuple(map(int, company.commission_year_weeks))
            return WeekYear(
                month, day, weeks, int(company.commission_year_weekday or 0)
            )
        # sudo: fiscal years are for accountants
        return self.sudo()._get_fiscal_year_start()

    def _get_fiscal_year_start(self):
        """Return the day that fiscal years begin with, January 1 where none is known."""
        return CALENDAR_YEAR

    def _get_commission_recent_domain(self, day):
        """Return the domain of leads that were made, or whose customer was met, from a
        day and the start of the company on.

        :param date day: first day of a version of a plan
        :rtype: Domain
        """
        self.ensure_one()
        start = self._get_commission_start(self.id)
        day = max(day, start) if start else day
        midnight = self._commission_tz().localize(datetime.combine(day, time.min))
        since = midnight.astimezone(pytz.utc).replace(tzinfo=None)
        return Domain("create_date", ">=", since) | Domain(
            "touchpoint_ids.date", ">=", since
        )

    def _get_commission_past_domain(self, day_field, or_none=False):
        """Return the domain of what these companies have from before their start.

        :param str day_field: the day of a record, or its time
        :param bool or_none: whether records of no company count, from before any start
        :rtype: Domain
        """
        starts = {each: each._get_commission_start(each.id) for each in self}
        parts = [
            Domain("company_id", "=", company.id) & Domain(day_field, "<", start)
            for company, start in starts.items()
            if start
        ]
        if or_none and parts:
            earliest = min(filter(None, starts.values()))
            parts.append(
                Domain("company_id", "=", False) & Domain(day_field, "<", earliest)
            )
        return Domain.OR(parts)

    def _get_commission_open_day(self):
        """Return the day that differences are dated: today, or the first not closed.

        :return: local day of the company
        :rtype: date
        """
        self.ensure_one()
        return first_open_day(self.commission_lock_date, self._commission_local_date())

    def _get_commission_branches(self):
        """Return these companies and all below them, as far as the reader selected them.

        :rtype: res.company
        """
        # sudo: res.company - which branches there are; what is returned was selected
        tree = self.sudo().search([("id", "child_of", self.ids)])
        return tree.sudo(False) & self.env.companies

    def _start_commissions_today(self):
        """Let commissions start today where no day is chosen: the past pays nobody."""
        for company in self:
            if not self._get_commission_start(company.id):
                company.commission_start_date = company._commission_local_date()

    def _commission_tz(self):
        """Return the time zone whose days the company's commissions are dated in.

        :rtype: datetime.tzinfo
        """
        self.ensure_one()
        return pytz.timezone(self._get_commission_tz_name(self.id))

    @api.model
    @ormcache("company_id")
    def _get_commission_tz_name(self, company_id):
        company = self.browse(company_id).sudo()  # sudo: users see their branch only
        return company.resource_calendar_id.tz or company.partner_id.tz or "UTC"

    def _commission_local_date(self, moment=None):
        """Return the local day of a moment for this company.

        :param datetime moment: naive UTC, as Odoo stores it; default: now
        :rtype: datetime.date
        """
        moment = moment or fields.Datetime.now()
        if not isinstance(moment, datetime):
            return moment
        return pytz.utc.localize(moment).astimezone(self._commission_tz()).date()
