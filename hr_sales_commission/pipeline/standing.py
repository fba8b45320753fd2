# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Loads where people stand in their running periods."""

from ..engine.facts import ZERO


def load_standing(employees):
    """Return what the engine knows of these employees' running periods.

    By an imagined event of each today, with a credit for each role that one may have.

    :param employees: hr.employee
    :rtype: CreditBatch
    """
    loader = employees.env["hr.commission.event"]._get_loader(
        credit_event=_credit_every_role
    )
    return loader.load_imagined(
        [_imagine(-number, employee) for number, employee in enumerate(employees, 1)]
    )


def _credit_every_role(maker, event, former):
    return maker.make_in_every_role(event, event["marketer_id"], former)


def _imagine(event_id, employee):
    return {
        "id": event_id,
        "event_type": "deal_won",
        "date": employee.company_id._commission_local_date(),
        "amount": ZERO,
        "quantity": ZERO,
        "date_reversed": None,
        "company_id": employee.company_id.id,
        "lead_id": None,
        "user_id": None,
        "marketer_id": employee.id,
        "commission_source": None,
        "source_state": "open",
    }
