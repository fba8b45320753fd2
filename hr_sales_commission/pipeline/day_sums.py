"""What a day comes to: the sums that boards read instead of lines, credits and leads.

Each sum is one query that groups the records of some days, or of some credits. It fills
the table of ``hr.commission.day``, and is run as it stands where that table does not say
(see there), so that both cannot differ.
"""

from odoo.tools import SQL

LEDGER, FLOW, ARRIVALS = "ledger", "flow", "arrivals"
#: the dimensions that conversion is shown by, as fields of credits, and their columns
CONVERSIONS = {
    "commission_source": SQL("lead.commission_source"),
    "deal_company_id": SQL("event.company_id"),
    "team_id": SQL("lead.team_id"),
    "source_id": SQL("lead.source_id"),
}
#: what is summed up by what changes, see ``hr.commission.stale``
KINDS = {LEDGER: (LEDGER,), FLOW: (FLOW, *CONVERSIONS), ARRIVALS: (ARRIVALS,)}
#: what a sum may know, each with its PostgreSQL type: nothing where it does not
COLUMNS = {
    "kind": "varchar",
    "date": "date",
    "company_ref": "int",
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
    SELECT 'ledger' AS kind, line.date, line.company_id AS company_ref, line.role,
           line.commission_source, line.state,
           COALESCE(line.is_disputed, FALSE) AS is_disputed,
           SUM(line.amount) AS amount, COUNT(*) AS number
      FROM hr_commission_line line
     WHERE line.date = ANY(%s::date[])
     GROUP BY 2, 3, 4, 5, 6, 7
"""
OF_ARRIVALS = """
    SELECT 'arrivals' AS kind, lead.first_touch_date AS date,
           lead.company_id AS company_ref, lead.commission_source,
           lead.won_status AS state, COUNT(*) AS number
      FROM crm_lead lead
     WHERE lead.first_touch_date = ANY(%s::date[]) AND lead.company_id IS NOT NULL
     GROUP BY 2, 3, 4, 5
"""
#: what happened, grouped by all that boards ask for
OF_CREDITS = """
    SELECT 'flow' AS kind, credit.date, credit.company_id AS company_ref,
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
     GROUP BY 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
"""
#: qualified leads by each dimension alone; one that is credited in several companies
#: is one, so that the companies are told together
OF_QUALIFIED = """
    SELECT dimension.kind, qualified.date, qualified.companies, lead.commission_source,
           lead.won_status AS state, dimension.value, COUNT(*) AS number
      FROM (%(qualified)s) qualified
      JOIN hr_commission_event event
        ON event.id = qualified.event_id
       AND event.event_type = 'lead_qualified'
       AND event.date_reversed IS NULL %(period)s
      JOIN crm_lead lead ON lead.id = event.lead_id
     CROSS JOIN LATERAL (VALUES %(dimensions)s) dimension (kind, value)
     GROUP BY dimension.kind, qualified.date, qualified.companies,
              lead.commission_source, lead.won_status, dimension.value
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


def sums_of_credits(credits, period=None):
    """Return the query of what some credits come to, by day.

    :param SQL credits: a query of their event_id, date, company_id, role, share, amount
    :param period: first and last day of their events, which have an index on it
    """
    return SQL(OF_CREDITS, credits=credits, period=_within(period))


def sums_of_qualified(credits, dimensions, period=None):
    """Return the query of how many leads some credits are of that became qualified.

    :param SQL credits: a query of their event_id, date and company_id
    :param dimensions: of :data:`CONVERSIONS`
    :param period: first and last day of their events, of credits chosen already
    """
    return SQL(
        OF_QUALIFIED,
        qualified=SQL(WITHOUT_COMPANIES if period else WITH_COMPANIES, credits),
        period=_within(period),
        dimensions=SQL(", ").join(
            SQL("(%s, %s::text)", name, CONVERSIONS[name]) for name in dimensions
        ),
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
    credits = SQL(CREDITS_OF_DAYS, days)
    queries = {
        LEDGER: ({LEDGER}, SQL(OF_LEDGER, days)),
        ARRIVALS: ({ARRIVALS}, SQL(OF_ARRIVALS, days)),
        FLOW: ({FLOW}, sums_of_credits(credits)),
        "qualified": (
            set(CONVERSIONS),
            sums_of_qualified(credits, sorted(wanted & set(CONVERSIONS))),
        ),
    }
    return SQL(" UNION ALL ").join(
        SQL(
            "SELECT %s FROM (%s) day WHERE kind = ANY(%s)",
            _columns_of(name),
            query,
            list(wanted),
        )
        for name, (told, query) in queries.items()
        if told & wanted
    )


#: what each query tells
KNOWN = {
    LEDGER: "kind date company_ref role commission_source state is_disputed amount number",
    ARRIVALS: "kind date company_ref commission_source state number",
    FLOW: "kind date company_ref event_type role commission_source state is_followed"
    " is_active is_repurchase is_timed amount number days",
    "qualified": "kind date companies commission_source state value number",
}


def _columns_of(query):
    known = KNOWN[query].split()
    return SQL(", ").join(
        SQL("day.%s", SQL.identifier(name))
        if name in known
        else SQL("NULL::%s AS %s", SQL(kind), SQL.identifier(name))
        for name, kind in COLUMNS.items()
    )
