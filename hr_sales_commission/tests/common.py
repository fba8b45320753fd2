# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from contextlib import contextmanager
from decimal import Decimal

from odoo.fields import Command

from odoo.addons.base.tests.common import BaseCommon

from . import cast

#: the reference policy: what a rule pays, by a short code
REFERENCE_RULES = {
    "MKT_LEAD": {
        "event_type": "lead_qualified",
        "role": "marketing",
        "commission_source": "marketing",
        "amount_type": "fixed",
        "amount": 100,
    },
    "MKT_DEAL": {"role": "marketing", "commission_source": "marketing", "rate": 2},
    "SAL_MKT": {"role": "sales", "commission_source": "marketing", "rate": 3},
    "SAL_SYN": {
        "role": "sales",
        "commission_source": "marketing",
        "rate": 1,
        "is_bonus": True,
        "payout": "working_days",
        "payout_days": 7,
    },
    "SAL_OWN": {"role": "sales", "commission_source": "own", "rate": 5},
    "REF_SAL": {"role": "sales", "commission_source": "referral", "rate": 3},
    "REF_MKT": {"role": "marketing", "commission_source": "referral", "rate": 1},
}


class CommissionCommon(BaseCommon):
    """Headquarters with the branches North and South; South-A is below South.

    ================= ========= ================================ ================
    employee          branch    may select                       reports to
    ================= ========= ================================ ================
    marketer          HQ        HQ                               officer_hq
    sales_north       North     North                            team_manager
    sales_south       South     South                            area_manager
    sales_south_a     South-A   South-A                          area_manager
    team_manager      North     North                            manager_north
    manager_north     North     North                            officer_hq
    manager_south     South     South                            officer_hq
    area_manager      South     South, South-A                   manager_south
    officer_hq        HQ        all                              administrator
    officer_north     North     North                            manager_north
    administrator     HQ        all                              nobody
    ================= ========= ================================ ================

    ``marketer`` and so on are employees; their users are ``….user_id``.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name, record in (cast.find(cls.env) or cast.create(cls.env)).items():
            setattr(cls, name, record)
        cls.branches = cls.hq + cls.north + cls.south + cls.south_a
        cls.env.user.company_ids += cls.branches
        stages = cls.env["crm.stage"].search([("team_ids", "=", False)])
        cls.stage_won = stages.filtered("is_won")[:1]
        cls.stage_new = stages.filtered(lambda stage: not stage.is_won)[:1]
        cls.plan = cls._create_plan()
        cls.rules = cls._rules_by_code(cls.plan)

    @classmethod
    def _create_person(
        cls, login, company, companies=None, groups=None, boss=None, role="sales"
    ):
        """Create a user and the employee it is in its company.

        :return: hr.employee
        """
        users = cast.create_users(
            cls.env,
            (login, company | (companies or company), groups or "base.group_user"),
        )
        return cls._create_employee(users[login], company, boss=boss, role=role)

    @classmethod
    def _create_employee(cls, user, company, boss=None, role="sales"):
        return cls.env["hr.employee"].create(
            cast.employee_vals(user, company, boss, role)
        )

    @classmethod
    def _move_to_south(cls, employee):
        employee.user_id.company_ids += cls.south
        employee.company_id = cls.south

    # ------------------------------------------------------------------
    # Plans
    # ------------------------------------------------------------------

    @classmethod
    def _create_plan(cls, rules=None, active=True, **vals):
        """Create a plan, by default headquarters' reference policy from 2020 on.

        :param rules: values of rules by name
        """
        rules = REFERENCE_RULES if rules is None else rules
        plan = cls.env["hr.commission.plan"].create(
            {
                "name": "Test Policy",
                "company_id": cls.hq.id,
                "date_start": "2020-01-01",
                "payout": "immediate",
                # most tests are about what a verified source pays
                "own_verification": "unopposed",
                "claims_qualify": True,
                "rule_ids": [
                    Command.create({"name": name, "sequence": number, **rule})
                    for number, (name, rule) in enumerate(rules.items(), start=1)
                ],
                **vals,
            }
        )
        if active:
            plan.action_activate()
        return plan

    @staticmethod
    def _rules_by_code(plan):
        return {rule.name: rule for rule in plan.rule_ids}

    @classmethod
    def _replace_plan(cls, rules, **vals):
        """Let other rules hold instead of the reference policy."""
        cls.plan.write({"active": False, "state": "closed", "date_end": "2020-01-01"})
        return cls._create_plan(rules, **{"date_start": "2020-01-02", **vals})

    # ------------------------------------------------------------------
    # Deals
    # ------------------------------------------------------------------

    @classmethod
    def _lead_vals(cls, employee, amount, source="own", verified=True, **vals):
        """Return values of a lead of a salesperson, in the salesperson's branch."""
        marketer = vals.pop("marketer", cls.marketer if source != "own" else None)
        return {
            "name": f"{source} {amount}",
            "type": "opportunity",
            "company_id": employee.company_id.id,
            "user_id": employee.user_id.id,
            "team_id": False,
            "stage_id": cls.stage_new.id,
            "expected_revenue": amount,
            "commission_source": source,
            "source_state": "verified" if verified else "open",
            "marketer_id": marketer.id if marketer else False,
            **vals,
        }

    @classmethod
    def _lead_open(cls, employee, amount, source="own", verified=True, **vals):
        """Create a lead that nobody won yet."""
        return cls.env["crm.lead"].create(
            cls._lead_vals(employee, amount, source, verified, **vals)
        )

    @classmethod
    def _lead_won(
        cls, employee, amount, date, source="own", verified=True, process=True, **vals
    ):
        """Create a deal of a salesperson won on a day, and compute what it pays."""
        vals = {
            "stage_id": cls.stage_won.id,
            "date_won": date,
            "won_amount": amount,
            **vals,
        }
        lead = cls.env["crm.lead"].create(
            cls._lead_vals(employee, amount, source, verified, **vals)
        )
        if process:
            cls._process()
        return lead

    @classmethod
    def _decide_source(cls, lead, source, marketer=None):
        """Decide whose customer a lead is, as a dispute does."""
        lead.sudo().write(
            {
                "commission_source": source,
                "source_state": "overruled",
                "marketer_id": marketer.id if marketer else False,
            }
        )

    @classmethod
    def _correct_credit(cls, record, percents, role="sales", date_from=False, env=None):
        """Credit other people with a deal.

        :param percents: share by employee
        """
        return (env or cls.env)["hr.commission.correction"]._correct_credit(
            record,
            {role: [(person.id, part) for person, part in percents.items()]},
            "Hand-over",
            date_from,
        )

    @contextmanager
    def _undone(self):
        """Undo what is done in the block."""
        savepoint = self.env.cr.savepoint()
        try:
            yield
        finally:
            self.env.invalidate_all(flush=False)
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)
            self.env.registry.clear_cache()

    @classmethod
    def _process(cls):
        return cls.env["hr.commission.event"]._process()

    # ------------------------------------------------------------------
    # Looking at the result
    # ------------------------------------------------------------------

    @classmethod
    def _as(cls, employee, *companies):
        """Return the environment of an employee's user with companies selected.

        Without companies: as after logging in, with everything the user may select.
        """
        return cls._as_user(employee.user_id, *companies)

    @classmethod
    def _as_user(cls, user, *companies):
        cls.env.flush_all()
        cls.env.invalidate_all()
        context = dict(cls.env.context)
        if companies:
            context["allowed_company_ids"] = [company.id for company in companies]
        return cls.env(user=user.id, su=False, context=context)

    @classmethod
    def _lines(cls, leads, kind=None):
        domain = [("lead_id", "in", leads.ids)]
        if kind:
            domain.append(("kind", "=", kind))
        return cls.env["hr.commission.line"].search(domain, order="id")

    @classmethod
    def _events(cls, leads):
        return cls.env["hr.commission.event"].search(
            [("lead_id", "in", leads.ids)], order="id"
        )

    def assertLines(self, leads, expected):
        """Compare what the ledger holds for leads, cancelled lines left out.

        :param expected: rows of (employee, name of the rule, amount, state)
        """
        actual = [
            (line.employee_id.name, line.rule_id.name, line.amount, line.state)
            for line in self._lines(leads)
            if line.state != "cancelled"
        ]
        wanted = [
            (employee.name, rule, float(amount), state)
            for employee, rule, amount, state in expected
        ]
        self.assertEqual(sorted(actual), sorted(wanted))
        self.assertLedgerExact(leads)

    def assertLedgerExact(self, leads):
        """For every (event, rule, employee, part) lines sum to what is due today."""
        events = self._events(leads)
        due = {
            (award.event_id, award.rule_id, award.employee_id, award.part): award.amount
            for award in events._explain().awards
            if award.event_id in events.ids
        }
        posted = {}
        for line in self._lines(leads).filtered("event_id"):
            key = (line.event_id.id, line.rule_id.id, line.employee_id.id, line.part)
            amount = Decimal(repr(line.amount))
            posted[key] = posted.get(key, Decimal(0)) + amount
        posted = {key: amount for key, amount in posted.items() if amount}
        self.assertEqual(posted, due)

    @contextmanager
    def assertLedgerUntouched(self):
        """Nothing in the ledger is written in the block: not even the same values."""

        def places():
            # an update of a row, even to the same values, moves it
            self.env.flush_all()
            self.env.cr.execute(
                """SELECT 'line', id, ctid::text FROM hr_commission_line
                    UNION ALL
                   SELECT 'credit', id, ctid::text FROM hr_commission_credit
                    ORDER BY 1, 2"""
            )
            return self.env.cr.fetchall()

        before = places()
        yield
        self.assertEqual(places(), before)
