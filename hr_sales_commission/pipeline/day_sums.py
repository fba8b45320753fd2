# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What a day comes to: the sums that boards read instead of lines, credits and leads.

Each sum is one query that groups the records of some days, or of some credits. It fills
the table of ``hr.commission.day``, and is run as it stands where that table does not say
(see there), so that both cannot differ.
"""

from odoo.tools import SQL

from .whole_documents import OF_WHOLE_DOCUMENT

LEDGER, FLOW, ARRIVALS = "ledger", "flow", "arrivals"
#: of what happened also the deals that measures of sales count, and the way to them
SALES, SIGNING = "sales", "signing"
#: the query of all conversions, each a sum of its own
QUALIFIED = "qualified"
#: the dimensions that conversion is shown by, as fields of credits, and their columns
CONVERSIONS = {
    "commission_source": SQL("lead.commission_source"),
    "deal_company_id": SQL("event.company_id"),
    "team_id": SQL("lead.team_id"),
    "source_id": SQL("lead.source_id"),
}


def of_team(name):
    """Return what the same sum is called where it is told by sales team as well."""
    return f"{name}/team"


#: what is summed up by what changes, see ``hr.commission.stale``: once for all deals,
#: and once by their sales teams, so that who looks at all has fewer rows to read
KINDS = {
    kind: (*sums, *map(of_team, sums))
    for kind, sums in {
        LEDGER: (LEDGER,),
        FLOW: (FLOW, *CONVERSIONS, SALES, SIGNING),
        ARRIVALS: (ARRIVALS,),
    }.items()
}
#: what a sum may know, each with its PostgreSQL type: nothing where it does not
COLUMNS = {
    "kind": "varchar",
    "date": "date",
    "company_ref": "int",
    "team_ref": "int",
    "companies": "varchar",
    "event_type": "varchar",
    "role": "varchar",
    "commission_source": "varchar",
    "state": "varchar",
    "value": "varchar",
    "is_disputed": "bool",
    "is_followed": "bool",
    "is_active": "bool",
    "is_repurchase": "bool",
    "is_timed": "bool",
    "amount": "numeric",
    "number": "numeric",
    "days": "numeric",
}

OF_LEDGER = """
    SELECT %(kind)s AS kind, %(team)s AS team_ref, line.date,
           line.company_id AS company_ref, line.role,
           line.commission_source, line.state,
           COALESCE(line.is_disputed, FALSE) AS is_disputed,
           SUM(line.amount) AS amount, COUNT(*) AS number
      FROM hr_commission_line line
 LEFT JOIN crm_lead lead ON lead.id = line.lead_id
     WHERE line.date = ANY(%(days)s::date[])
     %(groups)s
"""
OF_ARRIVALS = """
    SELECT %(kind)s AS kind, %(team)s AS team_ref, lead.first_touch_date AS date,
           lead.company_id AS company_ref, lead.commission_source,
           lead.won_status AS state, COUNT(*) AS number
      FROM crm_lead lead
     WHERE lead.first_touch_date = ANY(%(days)s::date[])
       AND lead.company_id IS NOT NULL
     %(groups)s
"""
#: what happened, grouped by all that boards ask for
OF_CREDITS = """
    SELECT %(kind)s AS kind, %(team)s AS team_ref, credit.date,
           credit.company_id AS company_ref,
           event.event_type, credit.role, lead.commission_source,
           lead.won_status AS state, lead.followup_count > 0 AS is_followed,
           lead.active AS is_active, event.is_repurchase,
           lead.first_touch_date IS NOT NULL AS is_timed,
           SUM(credit.amount) AS amount, SUM(credit.share) AS number,
           SUM(credit.share
               * GREATEST(event.date - lead.first_touch_date, 0)) AS days
      FROM (%(credits)s) credit
      JOIN hr_commission_event event
        ON event.id = credit.event_id
       AND event.date_reversed IS NULL %(period)s
       AND (event.event_type = 'deal_won'
            OR event.event_type = 'lead_qualified' AND credit.role = 'marketing')
 LEFT JOIN crm_lead lead ON lead.id = event.lead_id
     %(groups)s
"""
#: qualified leads by each dimension alone; one that is credited in several companies
#: is one, so that the companies are told together
OF_QUALIFIED = """
    SELECT %(kind)s AS kind, %(team)s AS team_ref, qualified.date, qualified.companies,
           lead.commission_source, lead.won_status AS state, dimension.value,
           COUNT(*) AS number
      FROM (%(qualified)s) qualified
      JOIN hr_commission_event event
        ON event.id = qualified.event_id
       AND event.event_type = 'lead_qualified'
       AND event.date_reversed IS NULL %(period)s
      JOIN crm_lead lead ON lead.id = event.lead_id
     CROSS JOIN LATERAL (VALUES %(dimensions)s) dimension (kind, value)
     %(groups)s
"""
#: won deals as brackets and targets count them, each once however many share it; the
#: companies of those who share it are the value
OF_SALES = """
    SELECT %(kind)s AS kind, %(team)s AS team_ref, sale.date, sale.companies,
           lead.commission_source, sale.counted::text AS state, sale.shared AS value,
           COALESCE(event.is_repurchase, FALSE) AS is_repurchase, COUNT(*) AS number
      FROM (SELECT credit.event_id, credit.date, credit.counted,
                   string_agg(DISTINCT credit.company_id::text, ','
                              ORDER BY credit.company_id::text) AS companies,
                   string_agg(DISTINCT credit.company_id::text, ','
                              ORDER BY credit.company_id::text
                   ) FILTER (WHERE credit.share < 1) AS shared
              FROM (%(credits)s) credit
             GROUP BY credit.event_id, credit.date, credit.counted) sale
      JOIN hr_commission_event event
        ON event.id = sale.event_id AND event.event_type = 'deal_won'
       AND %(of_whole_document)s
 LEFT JOIN crm_lead lead ON lead.id = event.lead_id
     %(groups)s
"""
#: the days from the one on which the lead came in, by the company's clock
OF_SIGNING = """
    SELECT %(kind)s AS kind, %(team)s AS team_ref, credit.date,
           credit.company_id AS company_ref, lead.commission_source,
           SUM(credit.share) AS number,
           SUM(credit.share * GREATEST(
               COALESCE(event.date_basis, event.date) - timezone(
                   COALESCE(NULLIF(calendar.tz, ''), NULLIF(place.tz, ''), 'UTC'),
                   timezone('UTC', lead.create_date))::date, 0)) AS days
      FROM (%(credits)s) credit
      JOIN hr_commission_event event
        ON event.id = credit.event_id AND event.event_type = 'deal_won'
       AND %(of_whole_document)s
      JOIN crm_lead lead ON lead.id = event.lead_id AND lead.create_date IS NOT NULL
      JOIN res_company company ON company.id = event.company_id
      JOIN res_partner place ON place.id = company.partner_id
 LEFT JOIN resource_calendar calendar ON calendar.id = company.resource_calendar_id
     %(groups)s
"""
COUNTED_OF_DAYS = """
    SELECT credit.event_id, credit.date, credit.company_id, credit.share, credit.counted
      FROM hr_commission_credit credit
     WHERE credit.date = ANY(%s::date[]) AND credit.role = 'sales'
       AND credit.counted != 0
"""
WITH_COMPANIES = """
    SELECT credit.event_id, credit.date,
           string_agg(DISTINCT credit.company_id::text, ','
                      ORDER BY credit.company_id::text) AS companies
      FROM (%s) credit GROUP BY credit.event_id, credit.date
"""
#: where it was chosen which credits count: their companies do not matter any more
WITHOUT_COMPANIES = """
    SELECT DISTINCT credit.event_id, credit.date, NULL AS companies FROM (%s) credit
"""
CREDITS_OF_DAYS = """
    SELECT credit.event_id, credit.date, credit.company_id, credit.role, credit.share,
           credit.amount
      FROM hr_commission_credit credit
     WHERE credit.date = ANY(%s::date[]) AND credit.share > 0
       AND credit.manager_level = 0
"""


#: what each query is grouped by, beside the team
GROUPS = {
    LEDGER: (
        *("line.date", "line.company_id", "line.role", "line.commission_source"),
        *("line.state", "COALESCE(line.is_disputed, FALSE)"),
    ),
    ARRIVALS: (
        *("lead.first_touch_date", "lead.company_id", "lead.commission_source"),
        "lead.won_status",
    ),
    FLOW: (
        *("credit.date", "credit.company_id", "event.event_type", "credit.role"),
        *("lead.commission_source", "lead.won_status", "lead.followup_count > 0"),
        *("lead.active", "event.is_repurchase", "lead.first_touch_date IS NOT NULL"),
    ),
    SALES: (
        *("sale.date", "sale.companies", "lead.commission_source", "sale.counted"),
        *("sale.shared", "COALESCE(event.is_repurchase, FALSE)"),
    ),
    SIGNING: ("credit.date", "credit.company_id", "lead.commission_source"),
    QUALIFIED: (
        *("dimension.kind", "qualified.date", "qualified.companies"),
        *("lead.commission_source", "lead.won_status", "dimension.value"),
    ),
}


def _grouped(query, kind, is_of_all, is_of_teams):
    """Return what makes a query sum up all deals, those of each sales team, or both.

    :param query: of :data:`GROUPS`
    :param SQL kind: what the sums of all deals are called
    """
    groups = SQL(", ").join(map(SQL, GROUPS[query]))
    if not is_of_teams:
        grouped = SQL("GROUP BY %s", groups)
        return {"kind": kind, "team": SQL("NULL::int"), "groups": grouped}
    return {
        "kind": SQL(
            "%s || CASE GROUPING(lead.team_id) WHEN 0 THEN %s ELSE '' END",
            kind,
            of_team(""),
        ),
        "team": SQL("lead.team_id"),
        "groups": SQL(
            """GROUP BY GROUPING SETS (%s (%s, lead.team_id))
              HAVING GROUPING(lead.team_id) = 1 OR lead.team_id IS NOT NULL""",
            SQL("(%s),", groups) if is_of_all else SQL(),
            groups,
        ),
    }


def sums_of_credits(credits, period=None, levels=(True, False)):
    """Return the query of what some credits come to, by day.

    :param SQL credits: a query of their event_id, date, company_id, role, share, amount
    :param period: first and last day of their events, which have an index on it
    :param levels: whether of all deals, and whether of each sales team
    """
    return SQL(
        OF_CREDITS,
        credits=credits,
        period=_within(period),
        **_grouped(FLOW, SQL("%s", FLOW), *levels),
    )


def sums_of_qualified(credits, dimensions, period=None, levels=(True, False)):
    """Return the query of how many leads some credits are of that became qualified.

    :param SQL credits: a query of their event_id, date and company_id
    :param dimensions: of :data:`CONVERSIONS`
    :param period: first and last day of their events, of credits chosen already
    :param levels: as of :func:`sums_of_credits`
    """
    return SQL(
        OF_QUALIFIED,
        qualified=SQL(WITHOUT_COMPANIES if period else WITH_COMPANIES, credits),
        period=_within(period),
        dimensions=SQL(", ").join(
            SQL("(%s, %s::text)", name, CONVERSIONS[name]) for name in dimensions
        ),
        **_grouped(QUALIFIED, SQL("dimension.kind"), *levels),
    )


def _within(period):
    return SQL("AND event.date BETWEEN %s AND %s", *period) if period else SQL()


def sums_of_days(kind, days, sums=None):
    """Return the query of what some days come to, of a kind of change.

    :param kind: of :data:`KINDS`
    :param list days: dates
    :param sums: which sums of that kind, all without it
    :return: a query of :data:`COLUMNS`
    :rtype: SQL
    """
    wanted = set(sums or KINDS[kind])
    told = [*CONVERSIONS, LEDGER, FLOW, ARRIVALS, SALES, SIGNING]
    dimensions = [name for name in CONVERSIONS if {name, of_team(name)} & wanted]
    levels = (
        not wanted.isdisjoint(told),
        not wanted.isdisjoint(map(of_team, told)),
    )
    credits = SQL(CREDITS_OF_DAYS, days)
    return SQL(" UNION ALL ").join(
        SQL(
            "SELECT %s FROM (%s) day WHERE kind = ANY(%s)",
            _columns_of(name),
            query(),
            list(wanted),
        )
        for name, query in {
            LEDGER: lambda: _of_records(OF_LEDGER, LEDGER, days, levels),
            ARRIVALS: lambda: _of_records(OF_ARRIVALS, ARRIVALS, days, levels),
            FLOW: lambda: sums_of_credits(credits, levels=levels),
            QUALIFIED: lambda: sums_of_qualified(credits, dimensions, levels=levels),
            SALES: lambda: _of_sales(OF_SALES, SALES, days, levels),
            SIGNING: lambda: _of_sales(OF_SIGNING, SIGNING, days, levels),
        }.items()
        if (dimensions if name == QUALIFIED else {name, of_team(name)} & wanted)
    )


def _of_records(query, name, days, levels):
    return SQL(query, days=days, **_grouped(name, SQL("%s", name), *levels))


def _of_sales(query, name, days, levels):
    credits = SQL(COUNTED_OF_DAYS, days)
    grouped = _grouped(name, SQL("%s", name), *levels)
    return SQL(query, credits=credits, of_whole_document=OF_WHOLE_DOCUMENT, **grouped)


#: what each query tells
KNOWN = {
    LEDGER: "kind date team_ref company_ref role commission_source state is_disputed"
    " amount number",
    ARRIVALS: "kind date team_ref company_ref commission_source state number",
    FLOW: "kind date team_ref company_ref event_type role commission_source state"
    " is_followed is_active is_repurchase is_timed amount number days",
    QUALIFIED: "kind date team_ref companies commission_source state value number",
    SALES: "kind date team_ref companies commission_source state value is_repurchase"
    " number",
    SIGNING: "kind date team_ref company_ref commission_source number days",
}


def _columns_of(query):
    known = KNOWN[query].split()
    return SQL(", ").join(
        SQL("day.%s", SQL.identifier(name))
        if name in known
        else SQL("NULL::%s AS %s", SQL(kind), SQL.identifier(name))
        for name, kind in COLUMNS.items()
    )
