"""The boards and the list of commissions with 1,000 and with 1,000,000 lines.

Runs in an Odoo shell on a scratch database (./dev bench board). Three years of deals of
60 people in four branches, inserted by SQL; BENCH_COUNT may be another number of lines.
Goals: board data 300 ms, a page of the list 40 ms, and statements that do not grow.
"""

import os
import statistics
from datetime import date

from bench_meter import Meter, ratio, show

from odoo.tools import SQL, split_every

from odoo.addons.hr_sales_commission.models.hr_commission_day import DAYS_AT_ONCE
from odoo.addons.hr_sales_commission.pipeline.day_sums import KINDS

SIZES = (1_000, int(os.environ.get("BENCH_COUNT") or 1_000_000))
REPEATS = 5
PERIODS = {
    "a month": (date(2026, 3, 1), date(2026, 3, 31)),
    "a year": (date(2026, 1, 1), date(2026, 12, 31)),
}
#: lines of three deals, one of each customer source: 4 + 1 + 2
LINES_OF_THREE_DEALS = 7
env = env(context={**env.context, "tracking_disable": True})
measured = Meter(env).measured
# what parallel workers spend is not seen: one process does it all
env.cr.execute("SET LOCAL max_parallel_workers_per_gather = 0")


def create_people():
    """Return salespeople, marketers and an officer of four branches."""
    root = env.ref("base.main_company")
    branches = root + env["res.company"].create(
        [{"name": f"Bench {name}", "parent_id": root.id} for name in "ABC"]
    )
    sales_group = env.ref("sales_team.group_sale_salesman")
    users = (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            [
                {
                    "name": f"Bench {number}",
                    "login": f"bench_{number}",
                    "company_id": branches[number % 4].id,
                    "company_ids": branches[number % 4].ids,
                    "group_ids": sales_group.ids,
                }
                for number in range(60)
            ]
        )
    )
    employees = env["hr.employee"].create(
        [
            {
                "name": user.name,
                "user_id": user.id,
                "company_id": user.company_id.id,
                "commission_role": "marketing" if number % 6 == 5 else "sales",
            }
            for number, user in enumerate(users)
        ]
    )
    officer = users[0].copy({"login": "bench_officer", "company_ids": branches.ids})
    officer.group_ids += env.ref("hr_sales_commission.group_commission_officer")
    plan = env.ref("hr_sales_commission.hr_commission_plan_reference")
    plan = plan.copy({"company_id": root.id, "date_start": "2020-01-01"})
    plan.action_activate()
    env.flush_all()
    return employees, officer, plan


def insert_ledger(employees, plan, deals):
    """Make leads, events, credits and lines as the pipeline would, by SQL."""
    sellers = employees.filtered(lambda each: each.commission_role == "sales")
    marketers = employees - sellers
    rules = {
        (rule.role, rule.commission_source, rule.event_type, rule.is_bonus): rule.id
        for rule in plan.rule_ids
    }
    sources = env["utm.source"].create(
        [{"name": f"Bench channel {number}"} for number in range(20)]
    )
    teams = env["crm.team"].create([{"name": f"Bench {number}"} for number in range(8)])
    won = env["crm.stage"].search([("is_won", "=", True)], limit=1)
    env.flush_all()
    env.cr.execute(
        SQL(
            """
            -- the keys hold by the making: checking them would take as long again
            SET LOCAL session_replication_role = replica;
            CREATE TEMP TABLE deal AS
            SELECT nextval('crm_lead_id_seq')::int AS lead_id, n,
                   (ARRAY['own', 'referral', 'marketing'])[1 + n %% 3] AS source,
                   seller.id AS seller_id, seller.company_id,
                   seller.user_id AS seller_user_id,
                   marketer.id AS marketer_id, marketer.user_id AS marketer_user_id,
                   marketer.company_id AS marketer_company_id,
                   (%(sources)s::int[])[1 + n %% 20] AS utm_source_id,
                   (%(teams)s::int[])[1 + n %% 8] AS team_id,
                   DATE '2024-01-01' + (n::bigint * 7919 %% 1096)::int AS day,
                   (1000 + n %% 20000)::numeric AS amount,
                   n %% 2 = 0 AS is_followed_up
              FROM generate_series(1, %(deals)s) n
              JOIN (SELECT row_number() OVER (ORDER BY id) - 1 AS number, *
                      FROM hr_employee WHERE id = ANY(%(sellers)s)) seller
                ON seller.number = n %% %(seller_count)s
              JOIN (SELECT row_number() OVER (ORDER BY id) - 1 AS number, *
                      FROM hr_employee WHERE id = ANY(%(marketers)s)) marketer
                ON marketer.number = n %% %(marketer_count)s;
            CREATE UNIQUE INDEX ON deal (lead_id);
            ANALYZE deal;

            INSERT INTO crm_lead (
                id, name, type, active, user_id, company_id, stage_id, probability,
                won_status, expected_revenue, commission_source, source_state,
                marketer_id, is_qualified, date_qualified, date_won, won_amount,
                source_id, team_id, first_touch_date, followup_count)
            SELECT lead_id, 'Bench ' || n, 'opportunity', TRUE, seller_user_id,
                   company_id, %(won)s, 100, 'won', amount, source, 'verified',
                   CASE WHEN source <> 'own' THEN marketer_id END, TRUE, day - 20, day,
                   amount, utm_source_id, team_id, day - 40, is_followed_up::int
              FROM deal;

            INSERT INTO hr_commission_event (
                event_type, res_model, res_id, res_part, lead_id, company_id, date,
                amount, quantity, state)
            SELECT kind, 'crm.lead', lead_id, '', lead_id, company_id,
                   CASE kind WHEN 'deal_won' THEN day ELSE day - 20 END,
                   CASE kind WHEN 'deal_won' THEN amount ELSE 0 END, 1, 'done'
              FROM deal, unnest(ARRAY['lead_qualified', 'deal_won']) kind;

            ANALYZE hr_commission_event;
            INSERT INTO hr_commission_credit (
                event_id, employee_id, role, manager_level, share, date, company_id,
                user_id, amount)
            SELECT event.id, seller_id, 'sales', 0, 1, event.date, deal.company_id,
                   seller_user_id, event.amount
              FROM deal JOIN hr_commission_event event USING (lead_id)
            UNION ALL
            SELECT event.id, marketer_id, 'marketing', 0, 1, event.date,
                   marketer_company_id, marketer_user_id, event.amount
              FROM deal JOIN hr_commission_event event USING (lead_id)
             WHERE source <> 'own';

            ANALYZE hr_commission_credit;
            INSERT INTO hr_commission_line (
                credit_id, event_id, lead_id, employee_id, user_id, role,
                commission_source, rule_id, part, company_id, date, date_due, base,
                rate, amount, kind, state, is_disputed, trace)
            SELECT credit.id, event.id, event.lead_id, credit.employee_id,
                   credit.user_id, credit.role, deal.source, rule.id, '',
                   credit.company_id, credit.date, credit.date + 15, credit.amount,
                   rule.rate,
                   CASE rule.amount_type WHEN 'fixed' THEN rule.amount
                        ELSE round(credit.amount * rule.rate::numeric / 100, 2) END,
                   CASE WHEN rule.is_bonus THEN 'bonus' ELSE 'commission' END,
                   CASE WHEN credit.date < DATE '2026-03-01' THEN 'paid'
                        WHEN deal.n %% 10 = 0 THEN 'held'
                        WHEN deal.n %% 3 = 0 THEN 'approved' ELSE 'draft' END,
                   FALSE, '{}'::jsonb
              FROM hr_commission_credit credit
              JOIN hr_commission_event event ON event.id = credit.event_id
              JOIN deal ON deal.lead_id = event.lead_id
              JOIN hr_commission_rule rule
                ON rule.id = ANY(%(rules)s) AND rule.role = credit.role
               AND rule.event_type = event.event_type
               AND rule.commission_source = deal.source;
            DROP TABLE deal;
            SET LOCAL session_replication_role = DEFAULT""",
            deals=deals,
            sources=sources.ids,
            teams=teams.ids,
            sellers=sellers.ids,
            seller_count=len(sellers),
            marketers=marketers.ids,
            marketer_count=len(marketers),
            won=won.id,
            rules=list(rules.values()),
        )
    )
    env.cr.execute(
        "ANALYZE crm_lead, hr_commission_event, hr_commission_credit,"
        " hr_commission_line"
    )
    sum_up()
    env.cr.execute("SELECT COUNT(*) FROM hr_commission_line")
    return env.cr.fetchone()[0]


def sum_up():
    """Sum all days up as the job does: rows were made with the triggers off."""
    env.invalidate_all()
    stale, days = env["hr.commission.stale"], env["hr.commission.day"]
    stale.init()  # marks every day there is
    for kind in KINDS:
        for part in split_every(DAYS_AT_ONCE, stale._find_days(kind)):
            days._sum_up(kind, list(part))
    env.cr.execute("ANALYZE hr_commission_day, hr_commission_stale")


def measure(what, work, *arguments):
    """Show the median of some runs, after one that fills the caches.

    :return: its CPU in ms
    """
    work(*arguments)
    samples = []
    for _number in range(REPEATS):
        with measured() as sample:
            work(*arguments)
        samples.append(sample)
    wall, cpu = (
        1000 * statistics.median(getattr(each, name) for each in samples)
        for name in ("wall", "cpu")
    )
    show(
        f"  {what}", f"{wall:.0f} ms, CPU {cpu:.0f}, {samples[0].statements} statements"
    )
    return cpu


def read_list(lines, domain):
    names = ("date", "amount", "state", "kind", "commission_source", "date_due")
    return lines.web_search_read(
        domain,
        {
            **{name: {} for name in names},
            "employee_id": {"fields": {"display_name": {}}},
            "lead_id": {"fields": {"display_name": {}}},
        },
        limit=80,
        count_limit=10_001,
    )


def sum_lines(start, end):
    """What the boards are compared with: one sum of the lines of the period."""
    env.cr.execute(
        SQL(
            """SELECT company_id, role, SUM(amount) FROM hr_commission_line
                WHERE date BETWEEN %s AND %s GROUP BY company_id, role""",
            start,
            end,
        )
    )


def measure_management(board, lines, size):
    """Show what the officer's boards and lists cost against a sum in SQL."""
    for period, days in PERIODS.items():
        floor = max(measure(f"sum of the lines, {period}", sum_lines, *days), 1.0)
        for name, read in (
            ("management board", board.get_management_board),
            ("further measures of sales", board.get_sales_measures),
        ):
            cost = measure(f"{name}, {period}", read, *days)
            if size == SIZES[-1]:
                ratio(f"{name} of {period} against one sum", cost / floor)
    measure(
        "list grouped by employee",
        lambda: lines.web_read_group([], ["employee_id"], ["amount:sum"]),
    )


def measure_boards(employees, officer, size):
    marketer = employees.filtered(lambda each: each.commission_role == "marketing")[0]
    readers = {
        "salesperson": employees[0].user_id,
        "marketer": marketer.user_id,
        "officer of all branches": officer,
    }
    for name, user in readers.items():
        mine = env(user=user, context={"allowed_company_ids": user.company_ids.ids})
        board, lines = mine["hr.commission.board"], mine["hr.commission.line"]
        for period, days in PERIODS.items():
            measure(f"My Commissions, {name}, {period}", board.get_my_board, *days)
        domain = [] if user == officer else [("user_id", "=", user.id)]
        measure(f"list of commissions, {name}", read_list, lines, domain)
        if user == officer:
            measure_management(board, lines, size)


employees, officer, plan = create_people()
made = 0
for size in SIZES:
    made = insert_ledger(employees, plan, (size - made) * 3 // LINES_OF_THREE_DEALS)
    show("lines", f"{made:,}")
    measure_boards(employees, officer, size)
env.cr.rollback()
