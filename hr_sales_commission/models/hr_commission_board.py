# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine.measures import MEASURES
from ..pipeline.given import to_choice, to_id, to_period
from ..pipeline.officers import BRANCH_MANAGER
from ..pipeline.pay_parts import (
    EARNED_DOMAIN,
    PART_DOMAINS,
    UNPAID_DOMAIN,
    part_of,
)
from ..pipeline.states import COST_STATES

LINE = "hr.commission.line"
CREDIT = "hr.commission.credit"
#: who is offered the management board
#: the deals of some credits, looked up once: what they come to, and what lines paid on them
SUMS_OF_DEALS = """
    WITH deal AS MATERIALIZED (
           SELECT event.lead_id, lead.commission_source AS source,
                  MIN(credit.company_id) AS company_id, SUM(credit.amount) AS amount,
                  GREATEST(MIN(event.date - lead.first_touch_date), 0) AS days
             FROM (%(credits)s) credit
             JOIN hr_commission_event event
               ON event.id = credit.event_id AND event.date_reversed IS NULL
              AND event.event_type = 'deal_won'
              -- the day of its credits: there is an index on it
              AND event.date BETWEEN %(start)s AND %(end)s
             JOIN crm_lead lead ON lead.id = event.lead_id
            GROUP BY event.id, lead.id)
    SELECT source, company_id, SUM(amount), COUNT(*), COUNT(days), SUM(days), NULL
      FROM deal GROUP BY source, company_id
 UNION ALL
    SELECT lead.source, line.company_id, NULL, NULL, NULL, NULL, SUM(line.amount)
      FROM (SELECT DISTINCT lead_id, source FROM deal) lead
      JOIN (%(lines)s) line ON line.lead_id = lead.lead_id
 LEFT JOIN hr_commission_rule rule ON rule.id = line.rule_id
     -- a rule pays on events of its own type
     WHERE COALESCE(rule.event_type, (
               SELECT event_type FROM hr_commission_event WHERE id = line.event_id)
           ) IS DISTINCT FROM 'lead_qualified'
     GROUP BY lead.source, line.company_id
"""
#: how many of the leads of a channel are what
COUNTS_OF_LEADS = ("leads", "qualified", "won", "qualified_won", "unqualified")
#: some leads by channel, looked up once: how many, and what lines paid on them
LEADS_AND_PAY = """
    WITH lead AS MATERIALIZED (%(leads)s)
    SELECT campaign_id, source_id, NULL::int, NULL::numeric, COUNT(*),
           COUNT(*) FILTER (WHERE is_qualified),
           COUNT(*) FILTER (WHERE won_status = 'won'),
           COUNT(*) FILTER (WHERE won_status = 'won' AND is_qualified),
           COUNT(*) FILTER (WHERE is_qualified IS NOT TRUE AND active
                              AND won_status = 'pending')
      FROM lead GROUP BY campaign_id, source_id
 UNION ALL
    SELECT lead.campaign_id, lead.source_id, line.company_id, SUM(line.amount),
           0, 0, 0, 0, 0
      FROM (%(lines)s) line
      JOIN lead ON lead.id = line.lead_id
     GROUP BY lead.campaign_id, lead.source_id, line.company_id
"""
#: fewer leads than this say nothing about a channel
MIN_LEADS_OF_HINT = 3


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """Which deals count on a board.

    The subqueries leave out the record rules of leads: those of lines and of credits
    decide what is counted.
    """

    team_id: int | bool = False
    source: str | bool = False

    @property
    def shown(self):
        """The same for clients: fields that lines, credits, paths and leads have."""
        chosen = [("team_id", self.team_id), ("commission_source", self.source)]
        return [(field, "=", value) for field, value in chosen if value]

    @property
    def leads(self):
        """The condition on leads, as a domain."""
        return self._of_team & self._of_source

    @property
    def lines(self):
        """The condition on commission lines, as a domain."""
        team = self._of_team
        return self._of_source & (
            team if team.is_true() else Domain("lead_id", "any!", team)
        )

    @property
    def credits(self):
        """The condition on credits, as a domain."""
        leads = self.leads
        if leads.is_true():
            return leads
        return Domain("event_id", "any!", Domain("lead_id", "any!", leads))

    @property
    def _of_team(self):
        return Domain("team_id", "=", self.team_id) if self.team_id else Domain.TRUE

    @property
    def _of_source(self):
        if not self.source:
            return Domain.TRUE
        return Domain("commission_source", "=", self.source)


class HrCommissionBoard(models.AbstractModel):
    """The figures of the boards, computed as the reader: record rules decide.

    Amounts are in the currency of the current company. The number of queries does not
    depend on how many lines, credits or leads there are.
    """

    _name = "hr.commission.board"
    _description = "Commission Board"

    # ------------------------------------------------------------------
    # My commissions
    # ------------------------------------------------------------------

    @api.model
    @api.readonly
    def get_my_board(
        self, date_from, date_to, company_id=False, team_id=False, source=False
    ):
        """Return what the current user earns in a period, and why.

        Targets and tiers are those of the user, whatever the filters say.

        :param date_from: first day, as text or date
        :param date_to: last day
        :param company_id: only what is earned in this company
        :param team_id: only the leads of this sales team
        :param source: only customers of this source
        :return: plain values: ``totals`` by state, ``parts`` (what is ``held``,
            ``open``, ``in_payroll`` and ``paid``), ``bonus``, ``disputed``, ``sources``
            (deals, signed amount, commission, rate and days to sign by customer
            source), ``upcoming`` payments, ``targets``, ``tiers`` (distance to the
            next one in the running period), ``marketing`` (leads, qualified, won),
            ``channels`` (pay by campaign and source), ``hints``, ``months``,
            ``companies``, ``teams`` and ``customer_sources`` to choose from, ``records``: the domain of the
            lines behind each card. Rows have theirs as ``domain``
        :rtype: dict
        """
        start, end = to_period(self.env, date_from, date_to)
        company_id = to_id(self.env, company_id)
        chosen = self._read_filter(team_id, source)
        user = Domain("user_id", "=", self.env.uid)
        mine = user & Domain("company_id", "=", company_id) if company_id else user
        lines, credits = mine & chosen.lines, mine & chosen.credits
        period = self._between(start, end)
        employees = self._get_my_employees()
        brought = (
            chosen.leads
            & Domain("marketer_id", "in", employees.ids)
            & self._between(start, end, "first_touch_date")
        )
        channels = self._get_channels(lines, period, brought)
        board = {
            "currency_id": self.env.company.currency_id.id,
            "date_from": fields.Date.to_string(start),
            "date_to": fields.Date.to_string(end),
            "role": self._get_my_role(employees),
            "can_open_leads": self.env["crm.lead"].has_access("read"),
            "can_manage": self.env.user.has_group(BRANCH_MANAGER),
            "previous_total": self._sum_earned(
                lines & self._between(*self._get_period_before(start, end))
            ),
            **self._get_sums(lines, credits, start, end),
            "upcoming": self._get_upcoming(lines),
            "targets": self._get_targets(user, start, end),
            "tiers": self._get_tiers(employees),
            "marketing": self._get_marketing(channels, brought),
            "channels": self._get_best_channels(channels),
            "hints": self._get_hints(channels),
            "months": self._get_months(lines, end),
            **self._get_choices(employees.company_id),
        }
        self._add_my_records(board, start, end, company_id, chosen, employees)
        return board

    # ------------------------------------------------------------------
    # Filters
    # ------------------------------------------------------------------

    @api.model
    def _read_filter(self, team_id, source):
        """Return what a client chose.

        :raises ValidationError: if that cannot be chosen
        :rtype: BoardFilter
        """
        sources = [choice["id"] for choice in self._get_customer_sources()]
        return BoardFilter(
            to_id(self.env, team_id), to_choice(self.env, source, sources)
        )

    @api.model
    def _get_customer_sources(self):
        """Return the sources of customers, as the reader calls them."""
        sources = self.env["crm.lead"]._fields["commission_source"]
        return [
            {"id": source, "name": name}
            for source, name in sources._description_selection(self.env)
        ]

    @api.model
    def _read_companies(self, company_id):
        """Return the selected companies, or the one of them that a client chose."""
        company_id = to_id(self.env, company_id)
        return self.env.companies.filtered(
            lambda company: company_id in (False, company.id)
        )

    @api.model
    def _between(self, start, end, field="date"):
        return Domain(field, ">=", start) & Domain(field, "<=", end)

    def _get_choices(self, companies):
        return {
            "companies": self._get_company_choice(companies),
            "teams": self._get_teams(companies),
            "customer_sources": self._get_customer_sources(),
        }

    def _get_company_choice(self, companies):
        return [
            {"id": company.id, "name": company.name}
            for company in companies.sudo()  # sudo: names of the reader's own
        ]

    def _get_teams(self, companies):
        """Return the sales teams to choose from, to those who may read teams."""
        Team = self.env["crm.team"]
        if not Team.has_access("read"):
            return []
        domain = [("company_id", "in", [False, *companies.ids])]
        return [
            {"id": team.id, "name": team.name}
            for team in Team.search_fetch(domain, ["name"])
        ]

    @api.model
    def _select(self, query, *columns):
        """Return the columns of what a search found, to be read by another query.

        So the record rules apply once; joining the table again by id is slow.
        """
        return query.select(*(SQL.identifier(query.table, name) for name in columns))

    @api.model
    def _get_period_before(self, start, end):
        """Return the period of the same length before, whole months as months.

        Of a period that is not over yet, only as many days as have passed of it, so
        that like compares with like.
        """
        day_after = end + timedelta(days=1)
        if start.day == 1 and day_after.day == 1:
            months = (end.year - start.year) * 12 + end.month - start.month + 1
            before = start - relativedelta(months=months), start - timedelta(days=1)
        else:
            length = day_after - start
            before = start - length, end - length
        today = self.env.company._commission_local_date()
        if start <= today < end:
            return before[0], min(before[0] + (today - start), before[1])
        return before

    def _get_my_employees(self):
        """Return what the current user is an employee as, in any company.

        :return: hr.employee, in superuser mode
        """
        Employee = self.env["hr.employee"].sudo()  # sudo: the user's own
        return Employee.search([("user_id", "=", self.env.uid)])

    def _get_my_role(self, employees):
        here = employees.filtered(lambda each: each.company_id == self.env.company)
        return (here or employees)[:1].commission_role or "none"

    # ------------------------------------------------------------------
    # Sums of lines
    # ------------------------------------------------------------------

    def _convert(self, company, amount):
        """Return an amount of a company in the currency of the current company."""
        currency = company.sudo().currency_id  # sudo: own lines of other companies
        today = self.env.company._commission_local_date()
        return currency._convert(
            amount or 0.0, self.env.company.currency_id, self.env.company, today
        )

    def _sum_lines(self, domain):
        groups = self.env[LINE]._read_group(domain, ["company_id"], ["amount:sum"])
        return sum(self._convert(company, amount) for company, amount in groups)

    def _sum_earned(self, domain):
        return self._sum_lines(domain & Domain(EARNED_DOMAIN))

    def _get_sums(self, everything, credits, start, end):
        """Return what lines sum to, each way the board shows it.

        :param everything: domain of the reader's lines of all times
        :param credits: domain of the reader's credits of all times
        """
        lines = everything & self._between(start, end)
        totals = defaultdict(lambda: {"amount": 0.0, "count": 0})
        parts = dict.fromkeys(PART_DOMAINS, 0.0)
        earned = defaultdict(float)  # in the period, whatever it was earned for
        bonus = disputed = 0.0
        for state, kind, source, is_disputed, company, amount, count in self.env[
            LINE
        ]._read_group(
            lines,
            ["state", "kind", "commission_source", "is_disputed", "company_id"],
            ["amount:sum", "__count"],
        ):
            amount = self._convert(company, amount)
            totals[state]["amount"] += amount
            totals[state]["count"] += count
            disputed += amount if is_disputed else 0.0
            part = part_of(state, is_disputed)
            if part:
                parts[part] += amount
            if part not in (None, "held"):
                earned[source] += amount
                bonus += amount if kind == "bonus" else 0.0
        return {
            "totals": dict(totals),
            "parts": parts,
            "bonus": bonus,
            "disputed": disputed,
            "sources": self._get_sources(earned, everything, credits, start, end),
        }

    def _get_sources(self, earned, lines, credits, start, end):
        """Own against marketing's customers, side by side.

        ``deals``, ``signed``, ``days`` and ``rate`` are of the deals signed in the
        period, the rate by all that they paid until today; ``commission`` is what was
        earned in the period, on whatever deal.
        """
        sums = defaultdict(lambda: [0, 0.0, 0, 0, 0.0])
        deals_and_pay = self._read_deals(lines, credits, start, end)
        for source, company_id, amount, deals, timed, days, paid in deals_and_pay:
            company = self.env["res.company"].browse(company_id)
            amount, paid = (
                self._convert(company, float(money or 0)) for money in (amount, paid)
            )
            found = (deals or 0, amount, timed or 0, int(days or 0), paid)
            sums[source] = [sum(pair) for pair in zip(sums[source], found, strict=True)]
        sources = []
        for source in (choice["id"] for choice in self._get_customer_sources()):
            deals, amount, timed, days, paid = sums[source]
            sources.append(
                {
                    "source": source,
                    "deals": deals,
                    "signed": amount,
                    "commission": earned[source],
                    "rate": 100.0 * paid / amount if amount else 0.0,
                    "days": round(days / timed) if timed else None,
                }
            )
        return sources

    def _read_deals(self, lines, credits, start, end):
        """Return what the deals signed in a period come to, and what they paid.

        By customer source and company: the amount, deals, how many of them with a known
        first contact, days from it; or what the reader was paid on their win, orders,
        invoices and payments of any day, not for their leads. Only credits and lines
        that the reader may see: the searches apply the record rules.
        """
        credits = self.env[CREDIT]._search(
            credits
            & self._between(start, end)
            & Domain("share", ">", 0)
            & Domain("manager_level", "=", 0)
        )
        lines = self.env[LINE]._search(
            lines
            & Domain("state", "in", COST_STATES)
            & Domain("lead_id", "!=", False)
            & (
                Domain("credit_id", "=", False)
                | Domain("credit_id", "any!", Domain("manager_level", "=", 0))
            )
        )
        return self.env.execute_query(
            SQL(
                SUMS_OF_DEALS,
                credits=self._select(credits, "event_id", "company_id", "amount"),
                start=start,
                end=end,
                lines=self._select(
                    lines, "lead_id", "event_id", "rule_id", "company_id", "amount"
                ),
            )
        )

    def _get_upcoming(self, lines):
        """Return what is expected to be paid: what is due by now, then by due day.

        ``approved`` is the part that only waits for its day, ``in_payroll`` of it is in
        payroll already; the rest is to be approved first. What is due by now has no ``date``; if its day is past, ``since``
        is the first of these days and ``ask`` names who may approve the rest.
        """
        today = self.env.company._commission_local_date()
        names = ("amount", "approved", "in_payroll")
        days = defaultdict(lambda: dict.fromkeys(names, 0.0))
        unapproved = self.env["res.company"]
        for day, company, state, amount in self.env[LINE]._read_group(
            lines & Domain(UNPAID_DOMAIN),
            ["date_due:day", "company_id", "state"],
            ["amount:sum"],
            order="date_due:day",
        ):
            amount = self._convert(company, amount)
            sums = days[day if day and day > today else None]
            sums["amount"] += amount
            sums["approved"] += amount if state != "draft" else 0.0
            sums["in_payroll"] += amount if state == "in_payroll" else 0.0
            if day and day < today:
                since = fields.Date.to_string(day)
                sums["since"] = min(sums.get("since", since), since)
                unapproved |= company if state == "draft" else company.browse()
        if unapproved:
            days[None]["ask"] = self._get_whom_to_ask(unapproved[0])
        return [
            {"date": fields.Date.to_string(day) or False, **days[day]}
            for day in sorted(days, key=lambda day: (day is not None, day))
        ]

    def _get_whom_to_ask(self, company):
        """Return the name of the nearest person who may approve the reader's lines.

        Who runs the system is asked only where nobody else is there.
        """
        Person = self.env["hr.commission.person"]
        myself, _employees = Person._get_person(self.env.user)
        approvers = Person._get_approvers(company) - myself
        first = approvers.sorted(lambda user: user.has_group("base.group_system"))
        return first[:1].name or False

    def _get_targets(self, mine, start, end):
        targets = self.env["hr.commission.target"].search(
            mine
            & Domain("date_from", "<=", end)
            & Domain("date_to", ">=", start)
            & Domain("whole_id", "=", False),
            order="date_from desc, measure",
        )
        labels = dict(targets._fields["measure"]._description_selection(self.env))
        return [
            {
                "id": target.id,
                "name": labels[target.measure],
                "unit": MEASURES[target.measure].unit,
                "period": target.period,
                "date_from": fields.Date.to_string(target.date_from),
                "amount": target.amount_effective,
                "achieved": target.achieved,
                "attainment": target.attainment,
            }
            for target in targets
        ]

    def _get_months(self, lines, end):
        """Return the six months until a day or today, commission and bonus apart."""
        end = min(end, self.env.company._commission_local_date())
        first = end.replace(day=1) - relativedelta(months=5)
        months = {
            first + relativedelta(months=number): {"commission": 0.0, "bonus": 0.0}
            for number in range(6)
        }
        for month, kind, company, amount in self.env[LINE]._read_group(
            lines & self._between(first, end) & Domain(EARNED_DOMAIN),
            ["date:month", "kind", "company_id"],
            ["amount:sum"],
        ):
            part = "bonus" if kind == "bonus" else "commission"
            months[month][part] += self._convert(company, amount)
        return [
            {"month": fields.Date.to_string(month), **parts}
            for month, parts in months.items()
        ]

    # ------------------------------------------------------------------
    # What marketing brought
    # ------------------------------------------------------------------

    def _get_channels(self, lines, period, leads):
        """Return what the reader brought and earned by campaign and source.

        ``amount`` was earned in the period; ``lead_amount`` until today by the leads
        of the period, so that it divides by their number.

        :param lines: domain of the reader's lines of all times
        :param period: domain of the period
        :param leads: domain of the leads the reader brought in it
        :return: figures by (campaign id, source id)
        """
        channels = defaultdict(
            lambda: (
                dict.fromkeys((*COUNTS_OF_LEADS, "paid_events"), 0)
                | {"amount": 0.0, "lead_amount": 0.0, "qualified_amount": 0.0}
            )
        )
        Company = self.env["res.company"]
        for campaign, source, company_id, amount, *counts in self._read_my_leads(
            leads, lines
        ):
            channel = channels[campaign, source]
            if company_id:
                company = Company.browse(company_id)
                channel["lead_amount"] += self._convert(company, float(amount or 0))
            else:
                channel.update(zip(COUNTS_OF_LEADS, counts, strict=True))
        for campaign, source, company_id, amount, part, events in self._sum_my_leads(
            lines & period
        ):
            company = Company.browse(company_id)
            channel = channels[campaign, source]
            channel["amount"] += self._convert(company, float(amount or 0))
            channel["qualified_amount"] += self._convert(company, float(part or 0))
            channel["paid_events"] += events
        return channels

    def _read_my_leads(self, leads, lines):
        """Return what leads come to, and what the reader earned on them as a marketer.

        :param leads: domain of the leads that the reader brought
        :param lines: domain of the reader's lines
        :return: campaign, source, and either company and pay, or None, None and how many
            leads, see :data:`COUNTS_OF_LEADS`
        """
        Lead = self.env["crm.lead"].sudo()  # sudo: counts of the reader's own leads
        found = Lead.with_context(active_test=False)._search(leads)
        Lead.flush_model()
        columns = ("id", "campaign_id", "source_id", "is_qualified", "won_status")
        return self.env.execute_query(
            SQL(
                LEADS_AND_PAY,
                leads=self._select(found, *columns, "active"),
                lines=self._select(
                    self._search_marketing(lines), "lead_id", "company_id", "amount"
                ),
            )
        )

    def _search_marketing(self, lines):
        """Return the query of what was earned as a marketer, of lines."""
        return self.env[LINE]._search(
            lines & Domain("role", "=", "marketing") & Domain(EARNED_DOMAIN)
        )

    def _sum_my_leads(self, lines):
        """Return campaign, source, company, pay as a marketer, of it for qualified
        leads, and for how many of them."""
        return self.env.execute_query(
            SQL(
                """SELECT lead.campaign_id, lead.source_id, line.company_id,
                          SUM(line.amount),
                          SUM(line.amount) FILTER (
                              WHERE rule.event_type = 'lead_qualified'),
                          COUNT(DISTINCT line.event_id) FILTER (
                              WHERE rule.event_type = 'lead_qualified'
                                AND line.amount > 0)
                     FROM (%s) line
                     JOIN crm_lead lead ON lead.id = line.lead_id
                LEFT JOIN hr_commission_rule rule ON rule.id = line.rule_id
                    GROUP BY lead.campaign_id, lead.source_id, line.company_id""",
                self._select(
                    self._search_marketing(lines),
                    *("event_id", "lead_id", "rule_id", "company_id", "amount"),
                ),
            )
        )

    def _get_marketing(self, channels, brought):
        """Return leads brought, qualified and won by the reader as a marketer.

        ``readable`` says how many of them the reader may open.
        """
        leads, qualified, won, qualified_won = (
            sum(channel[name] for channel in channels.values())
            for name in ("leads", "qualified", "won", "qualified_won")
        )
        return {
            "leads": leads,
            "qualified": qualified,
            "won": won,
            "qualified_rate": 100.0 * qualified / leads if leads else 0.0,
            # of the qualified ones: never above 100
            "conversion_rate": 100.0 * qualified_won / qualified if qualified else 0.0,
            "readable": self._count_readable(brought) if leads else 0,
        }

    def _count_readable(self, leads):
        Lead = self.env["crm.lead"]
        if not Lead.has_access("read"):
            return 0
        return Lead.with_context(active_test=False).search_count(leads)

    def _get_best_channels(self, channels):
        """Return the channels with their names, those first that paid most."""
        best = sorted(channels.items(), key=lambda item: -item[1]["amount"])
        Campaign, Source = (
            self.env[model].sudo()  # sudo: the names of channels are no secret
            for model in ("utm.campaign", "utm.source")
        )
        return [
            {
                "campaign_id": campaign_id or False,
                "campaign": Campaign.browse(campaign_id or ()).display_name or "",
                "source_id": source_id or False,
                "source": Source.browse(source_id or ()).display_name or "",
                "leads": channel["leads"],
                "won": channel["won"],
                "amount": channel["amount"],
            }
            for (campaign_id, source_id), channel in best
        ]

    def _get_hints(self, channels):
        """Return what would earn the reader more, at most one hint of each kind."""
        return list(
            filter(
                None, (self._hint_at_channel(channels), self._hint_at_need(channels))
            )
        )

    def _hint_at_channel(self, channels):
        """Name the source whose leads pay clearly more than all leads together."""
        sources = defaultdict(lambda: [0, 0.0])
        for (_campaign_id, source_id), channel in channels.items():
            sources[source_id][0] += channel["leads"]
            sources[source_id][1] += channel["lead_amount"]
        leads = sum(count for count, _amount in sources.values())
        amount = sum(amount for _count, amount in sources.values())
        candidates = [
            (paid / count, source_id)
            for source_id, (count, paid) in sources.items()
            if source_id and count >= MIN_LEADS_OF_HINT
        ]
        if not candidates:
            return None
        per_lead, source_id = max(candidates)
        average = amount / leads
        if per_lead < 1.2 * average or not per_lead:
            return None
        source = self.env["utm.source"].sudo().browse(source_id)  # sudo: its name
        return {
            "kind": "channel",
            "source": source.display_name,
            "per_lead": per_lead,
            "average": average,
        }

    def _hint_at_need(self, channels):
        """Say how many leads only miss their qualification, and what one pays."""
        waiting, amount, events = (
            sum(channel[name] for channel in channels.values())
            for name in ("unqualified", "qualified_amount", "paid_events")
        )
        if not waiting or not events or amount <= 0:
            return None
        return {"kind": "need", "leads": waiting, "per_lead": amount / events}
