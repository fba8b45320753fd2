"""People at work: leads come, are won, change, are lost; commissions are approved."""

import os
import random
import time

from odoo.service.model import retrying

STOP = int(os.environ["SOAK_UNTIL"])
company = env["res.company"].search([("name", "=", "Soak")])
users = env["res.users"].search([("login", "=like", "soak%")])
won = env["crm.stage"].search([("is_won", "=", True)], limit=1)
new = env["crm.stage"].search([("is_won", "=", False)], limit=1)


def some_lead():
    leads = env["crm.lead"].with_context(active_test=False)
    return random.choice(
        leads.search([("user_id", "in", users.ids)], limit=500) or [leads]
    )


def create():
    user = random.choice(users)
    source = random.choice(("own", "marketing"))
    env["crm.lead"].create(
        {
            "name": f"Soak {time.time_ns()}",
            "user_id": user.id,
            "company_id": user.company_id.id,
            "expected_revenue": random.randint(100, 100000) / 100,
            "commission_source": source,
            "source_state": random.choice(("open", "verified")),
        }
    )


def win():
    some_lead().stage_id = won


def lose():
    some_lead().write({"active": False, "probability": 0})


def reopen():
    some_lead().write({"active": True, "stage_id": new.id})


def change():
    some_lead().expected_revenue = random.randint(100, 100000) / 100


def approve():
    lines = env["hr.commission.line"].search([("state", "=", "draft")], limit=50)
    lines and random.choice(lines).action_approve()


while time.time() < STOP:
    act = random.choices(
        (create, win, lose, reopen, change, approve), (6, 5, 1, 1, 3, 4)
    )[0]
    try:
        retrying(act, env)
        env.cr.commit()
    except Exception as error:
        env.cr.rollback()
        print(act.__name__, type(error).__name__, str(error)[:200])
    env.invalidate_all()
    time.sleep(random.random() / 5)
