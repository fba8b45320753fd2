"""The pipeline with and without estimates: 200 cards, as the web client loads them.

Runs in an Odoo shell on a scratch database (./dev bench). The cards as plain crm loads
them, the cards as they are loaded with our view, and the call for the estimates, which
comes after the cards, take turns with empty record caches. Compared are medians of CPU
time, PostgreSQL's included.
"""

import statistics
from datetime import timedelta
from unittest.mock import patch

from bench_meter import Meter
from lxml import etree

from odoo.fields import Command

CARDS = 200
REPEATS = 40
SALES = "sales_team.group_sale_salesman"
MANAGER = "hr_sales_commission.group_commission_manager_branch"
env = env(context={**env.context, "tracking_disable": True, "no_reset_password": True})
measured = Meter(env).measured

company = env["res.company"].create({"name": "Estimate Bench"})
env.user.company_ids += company
today = company._commission_local_date()


def create_person(name, groups, boss=None, is_employee=True):
    user = env["res.users"].create(
        {
            "name": name,
            "login": f"estimate_{name}",
            "company_id": company.id,
            "company_ids": [Command.set(company.ids)],
            "group_ids": [Command.link(env.ref(group).id) for group in groups],
        }
    )
    if not is_employee:
        return user, env["hr.employee"]
    employee = env["hr.employee"].create(
        {
            "name": name,
            "user_id": user.id,
            "company_id": company.id,
            "parent_id": boss.id if boss else False,
        }
    )
    return user, employee


boss_user, boss = create_person("boss", [f"{SALES}_all_leads", MANAGER])
sam_user, sam = create_person("sam", [SALES], boss)
mia_user, mia = create_person("mia", [SALES], boss)
guest_user, _nobody = create_person("guest", [f"{SALES}_all_leads"], is_employee=False)


def create_plan(*rules, date_start="2020-01-01"):
    plan = env["hr.commission.plan"].create(
        {
            "name": "Estimate Bench",
            "company_id": company.id,
            "date_start": date_start,
            "rule_ids": [Command.create(rule) for rule in rules],
        }
    )
    plan.action_activate()
    return plan


PLAIN_RULES = (
    {"name": "Marketing", "role": "marketing", "rate": 2},
    {"name": "Sales", "commission_source": "marketing", "rate": 3},
    {
        "name": "Synergy",
        "commission_source": "marketing",
        "rate": 1,
        "is_bonus": True,
    },
    {"name": "Own", "commission_source": "own", "rate": 5},
    {"name": "Manager", "role": "manager", "manager_level": 1, "rate": 0.5},
)


def tiers(period):
    return {
        "name": f"Tiers by {period}",
        "tier_mode": "marginal",
        "tier_measure": "cumulative",
        "tier_period": period,
        "tier_ids": [
            Command.create({"from_value": bound, "rate": rate})
            for bound, rate in ((0, 1), (50_000, 2), (100_000, 3))
        ],
    }


def create_leads():
    stages = env["crm.stage"].search([("is_won", "=", False)])
    tags = env["crm.tag"].create([{"name": f"Bench {n}"} for n in range(5)])
    partners = env["res.partner"].create([{"name": f"Bench {n}"} for n in range(CARDS)])
    leads = env["crm.lead"].create(
        [
            {
                "name": f"Card {number}",
                "type": "opportunity",
                "company_id": company.id,
                "user_id": sam_user.id,
                "team_id": False,
                "partner_id": partners[number].id,
                "stage_id": stages[number % len(stages)].id,
                "expected_revenue": 1000 + 37 * number,
                "tag_ids": [Command.set(tags[number % 5].ids)],
                "commission_source": ("own", "marketing")[number % 2],
                "source_state": ("open", "verified")[number % 3 > 0],
                "marketer_id": mia.id if number % 2 else False,
            }
            for number in range(CARDS)
        ]
    )
    for lead in leads[::2]:
        lead.activity_schedule("mail.mail_activity_data_todo", user_id=sam_user.id)
    return leads


def win_deals(number, days):
    """Let sam have won deals in the last days."""
    won = env["crm.stage"].search([("is_won", "=", True)], limit=1)
    env["crm.lead"].create(
        [
            {
                "name": f"Won {n}",
                "type": "opportunity",
                "company_id": company.id,
                "user_id": sam_user.id,
                "team_id": False,
                "stage_id": won.id,
                "expected_revenue": 900 + n,
                "commission_source": ("own", "marketing")[n % 2],
                "source_state": "verified",
                "marketer_id": mia.id if n % 2 else False,
                "date_won": today - timedelta(days=n % days),
                "won_amount": 900 + n,
            }
            for n in range(number)
        ]
    )
    env["hr.commission.event"]._process()


def get_specification(user, arch):
    """Return what a kanban view asks of a card, as the web client does."""
    model = env(user=user.id)["crm.lead"]
    specification = {}
    for node in etree.fromstring(arch).iter("field"):
        field = model._fields[node.get("name")]
        related = {"display_name": {}}
        if field.name == "tag_ids":
            related["color"] = {}
        elif field.name == "activity_ids":
            related = {}
        specification[field.name] = {"fields": related} if field.relational else {}
    return specification


def get_arch(user):
    """Return the view of the pipeline as the user gets it."""
    view = env.ref("crm.crm_case_kanban_view_leads")
    return env(user=user.id)["crm.lead"].get_view(view.id, view_type="kanban")["arch"]


def measure(user, action):
    """Return the answer to an action of a user, and what it cost."""
    context = {"allowed_company_ids": company.ids, "lang": "en_US"}
    with measured() as sample:
        result = action(env(user=user.id, context=context)["crm.lead"])
    return result, sample


def load_cards(specification):
    return lambda model: model.web_search_read(
        [("id", "in", leads.ids)], specification, limit=CARDS
    )["records"]


def ask_estimates(model):
    return model.browse(leads.ids).get_commission_estimates()


def compare(what, user, estimates):
    """Print what our view and the call for estimates cost, against plain crm."""
    actions = {
        "plain": load_cards(get_specification(user, PLAIN_ARCH[user])),
        "ours": load_cards(get_specification(user, get_arch(user))),
        "estimates": ask_estimates,
    }
    samples = {name: [] for name in actions}
    for number in range(REPEATS + 1):
        for name, action in actions.items():
            result, sample = measure(user, action)
            assert len(result) == (estimates if name == "estimates" else CARDS)
            if number:  # the first one fills the caches of the registry
                samples[name].append(sample)
    figures = {}
    for name, values in samples.items():
        client = statistics.median(each.cpu - each.server for each in values)
        # the clock of the backend ticks too slowly for a median
        server = statistics.mean(each.server for each in values)
        wall = statistics.median(each.wall for each in values)
        figures[name] = 1000 * (client + server), 1000 * wall, values[-1].statements
    (plain, _, count), (ours, _, our_count), (later, wall, later_count) = (
        figures.values()
    )
    print(
        f"{what:38} cards {plain:.1f} → {ours:.1f} ms CPU ({ours / plain:.2f}×), "
        f"{count} → {our_count} statements; then estimates {later:.1f} ms CPU, "
        f"{wall:.1f} ms, {later_count} statements",
        flush=True,
    )


def replace_plan(former, *rules):
    last_day = former.date_start
    former.write({"state": "closed", "date_end": last_day})
    return create_plan(*rules, date_start=last_day + timedelta(days=1))


plan = create_plan(*PLAIN_RULES)
leads = create_leads()
env.flush_all()
with patch.object(
    type(env["ir.ui.view"]), "_get_inheriting_views", lambda views: views
):
    PLAIN_ARCH = {user: get_arch(user) for user in (sam_user, boss_user, guest_user)}
env.registry.clear_all_caches()
assert "commission_estimate" in get_arch(sam_user)
assert "commission_estimate" not in PLAIN_ARCH[sam_user]
compare("salesperson, no tiers", sam_user, CARDS)
compare("branch manager, no tiers", boss_user, CARDS)
compare("no employee", guest_user, 0)
plan = replace_plan(plan, *PLAIN_RULES, tiers("month"))
compare("salesperson, tiers, nothing won yet", sam_user, CARDS)
for number in (10, 40):
    win_deals(number, days=1)
    compare(f"salesperson, tiers, {number} more won", sam_user, CARDS)
compare("branch manager, tiers, 50 won", boss_user, CARDS)
env.cr.rollback()
