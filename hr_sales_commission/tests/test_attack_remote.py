# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
import json
from datetime import date, timedelta

from odoo import fields
from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.bus.models.bus import channel_with_db

from .test_attack_approval import AttackCommon

#: what the pay of a deal follows from, with the value an attacker would like
DECIDED = {
    "date_won": "2026-06-01",
    "won_amount": 90_000,
    "date_qualified": "2026-06-01",
    "is_qualified": True,
    "is_source_fixed": True,
    "is_source_unknown": False,
    "first_touch_date": "2020-01-01",
    "former_win": {"date": "2026-05-01", "amount": 90_000},
    "odd_reason": "fine",
}
#: models of the ledger and its logs: nobody writes them
LEDGER = (
    "hr.commission.event",
    "hr.commission.credit",
    "hr.commission.correction",
    "hr.commission.audit",
    "hr.commission.person",
    "crm.touchpoint",
)
#: doors of the system, with arguments that fit
PRIVATE = (
    ("hr.commission.line", "_payroll_reserve", "line", {}),
    ("hr.commission.line", "_payroll_paid", "line", {"date": "2026-06-01", "ref": "P"}),
    ("hr.commission.line", "_payroll_release", "line", {}),
    ("hr.commission.line", "_insert_rows", None, {"rows": []}),
    ("hr.commission.event", "_process", None, {}),
    ("hr.commission.event", "_capture", None, {"facts": []}),
    ("hr.commission.event", "_set_pending", None, {"domain": []}),
    ("hr.commission.correction", "_log", None, {}),
    ("hr.commission.correction", "_correct_credit", None, {}),
    ("hr.commission.correction", "_correct_facts", None, {}),
    ("hr.commission.audit", "_log", None, {"entries": []}),
    ("crm.lead", "_write_facts", "lead", {"vals": {"won_amount": 90_000}}),
)


@tagged("post_install", "-at_install", "commission_long")
@freeze_time("2026-06-20 12:00:00")
class TestAttackRemote(AttackCommon, HttpCase):
    """The same people with an API key: every attempt is one request of JSON-2.

    After each of them sources, credits, lines, statements and all that they follow
    from are what they were.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.marketing_lead = cls._lead_won(
            cls.sales_north, 800, "2026-05-08", source="marketing", name="Campaign"
        )
        cls.open_lead = cls._lead_open(cls.sales_north, 700, name="Open")
        cls.dispute = cls.env["hr.commission.dispute"].create(
            {
                "kind": "line",
                "line_id": cls._line_of(cls.shared, cls.officer_north).id,
                "claimed_amount": 9000,
                "reason": "More",
                "user_id": cls.first_login.id,
            }
        )
        cls.statements = cls.env["hr.commission.statement"]._generate(
            cls.north, date(2026, 5, 1)
        )
        cls.statements.action_confirm()
        # the branch manager earns 1 % of what the salesperson sells
        cls.statement, cls.sales_statement = (
            cls.statements.filtered(lambda each, who=who: each.employee_id == who)
            for who in (cls.officer_north, cls.sales_north)
        )
        cls.credit = cls._events(cls.deal).credit_ids[:1]
        cls.keys = {}
        for person in (
            cls.sales_north,
            cls.sales_south,
            cls.marketer,
            cls.team_manager,
            cls.manager_north,
            cls.manager_south,
            cls.officer_north,
        ):
            keys = cls.env["res.users.apikeys"].with_user(person.user_id).sudo()
            cls.keys[person] = keys._generate("rpc", "attack", None)
        cls.env.flush_all()

    def _request(self, person, model, method, **arguments):
        return self.url_open(
            f"/json/2/{model}/{method}",
            json=arguments,
            headers={"Authorization": f"bearer {self.keys[person]}"},
        )

    def _facts(self):
        """Return everything money follows from, row by row."""
        self.env.flush_all()
        facts = {}
        for table, columns in (
            ("hr_commission_line", "state, amount, employee_id, date_due, is_disputed"),
            ("hr_commission_credit", "employee_id, share, amount, date, role"),
            ("hr_commission_event", "event_type, date, amount, date_reversed, lead_id"),
            ("hr_commission_statement", "state, earned, paid, closing"),
            ("hr_commission_dispute", "state, decision, awarded_amount, reason"),
            ("hr_commission_correction", "what, reason"),
            ("hr_commission_rule", "rate, amount"),
            ("hr_commission_plan", "state, date_start, date_end"),
            ("hr_commission_target", "amount"),
        ):
            self.env.cr.execute(f"SELECT id, {columns} FROM {table}")
            for row in self.env.cr.fetchall():
                facts[table, row[0]] = row[1:]
        self.env.cr.execute(
            """SELECT id, commission_source, source_state, marketer_id, date_won,
                      won_amount, is_qualified, date_qualified
                 FROM crm_lead WHERE id = ANY(%s) ORDER BY id""",
            [
                (self.deal + self.own_deal + self.shared + self.held_deal).ids
                + self.marketing_lead.ids
            ],
        )
        facts["leads"] = self.env.cr.fetchall()
        self.env.cr.execute(
            "SELECT id, commission_lock_date FROM res_company"
            " WHERE id = ANY(%s) ORDER BY id",
            [self.branches.ids],
        )
        facts["locks"] = self.env.cr.fetchall()
        return facts

    def _attack(self, attempts, refused=True):
        """Send each attempt; nothing may have changed after it.

        :param attempts: (person, model, method, arguments)
        :param bool refused: the answer has to be an error, too
        """
        before = self._facts()
        done = 0
        with mute_logger("odoo.http", "odoo.sql_db"):
            for person, model, method, arguments in attempts:
                done += 1
                with self.subTest(
                    by=person.name, door=f"{model}.{method}", arguments=arguments
                ):
                    response = self._request(person, model, method, **arguments)
                    self.assertNotEqual(response.status_code, 500, response.text)
                    if refused:
                        self.assertGreaterEqual(response.status_code, 400)
                    if self.env["hr.commission.event"].search_count(
                        [("state", "=", "pending")], limit=1
                    ):
                        self._process()
                    after = self._facts()
                    changed = {
                        key: (before.get(key), after.get(key))
                        for key in before.keys() | after.keys()
                        if before.get(key) != after.get(key)
                    }
                    before = after
                    self.assertFalse(changed)
        return done

    def test_keys_that_open_nothing(self):
        """Of somebody archived, for something else, over, taken back, made up."""
        keys = (
            self.env["res.users.apikeys"].with_user(self.officer_north.user_id).sudo()
        )
        past = fields.Datetime.now() - timedelta(days=1)
        gone = self._create_person("gone_remote", self.north, boss=self.team_manager)
        left = self.env["res.users.apikeys"].with_user(gone.user_id).sudo()
        left = left._generate("rpc", "left", None)
        gone.user_id.active = False
        taken = keys._generate("rpc", "taken", None)
        keys.search([("name", "=", "taken")])._remove()
        self.env.flush_all()
        self.env.registry.clear_cache()
        answers, before = {}, self._facts()
        for label, key in {
            "archived": left,
            "another scope": keys._generate("mobile", "scope", None),
            "over": keys._generate("rpc", "over", past),
            "taken back": taken,
            "made up": "0" * 40,
            "cut": self.keys[self.officer_north][:-1],
            "the index alone": self.keys[self.officer_north][:8],
            "a password": "commission_officer_north",
            "empty": "",
            "wild": "%",
        }.items():
            for model, method, arguments in (
                ("hr.commission.line", "search_read", {"domain": []}),
                ("hr.commission.line", "action_approve", {"ids": self.sale.ids}),
                (
                    "hr.commission.line",
                    "commission_acknowledge",
                    {"line_ids": self.sale.ids, "reference": "P"},
                ),
            ):
                with self.subTest(label, method=method), mute_logger("odoo.http"):
                    response = self.url_open(
                        f"/json/2/{model}/{method}",
                        json=arguments,
                        headers={"Authorization": f"bearer {key}"},
                    )
                    answers.setdefault(response.status_code, []).append(label)
        self.assertLessEqual(set(answers), {401, 403}, answers)
        self.assertEqual(self._facts(), before)

    def test_channels_asked_for_by_name(self):
        """Whoever names the channel of a colleague, or of a record, hears nothing."""
        self.sale._send_notices()
        self._by(self.sales_north, self.deal).message_post(
            body="48213.77", partner_ids=self.sales_north.user_id.partner_id.ids
        )
        self.env["bus.bus"]._sendone(
            self.sales_north.user_id.partner_id, "x", {"amount": "48213.77"}
        )
        self.env.flush_all()
        self.env.cr.precommit.run()
        database, partner = self.env.cr.dbname, self.sales_north.user_id.partner_id
        names = [
            f"res.partner_{partner.id}",
            f"res.partner,{partner.id}",
            f"['{database}', 'res.partner', {partner.id}]",
            json.dumps([database, "res.partner", partner.id]),
            f"hr.commission.line_{self.sale.id}",
            f"crm.lead_{self.deal.id}",
            f"mail.record.thread-crm.lead-{self.deal.id}",
            "broadcast",
            "*",
            "%",
        ]
        names.append(f"odoo-presence-res.partner_{partner.id}")
        bus = self.env["bus.bus"]
        for name in names:
            with self.subTest(name):
                found = bus._poll([channel_with_db(database, name)], 0)
                self.assertNotIn("48213.77", str(found))
        heard = bus._poll([channel_with_db(database, partner)], 0)
        self.assertIn("48213.77", str(heard))

    def test_lines_and_statements(self):
        line, statement = "hr.commission.line", "hr.commission.statement"
        attempts = []
        for person, record in (
            (self.sales_north, self.sale),
            (self.team_manager, self.sale),
            (self.manager_north, self.sale),
            (self.officer_north, self.own),
            (self.sales_south, self.sale),
            (self.manager_south, self.sale),
        ):
            ids = {"ids": record.ids}
            of = self.statement if record == self.own else self.sales_statement
            month = {"ids": of.ids}
            attempts += [
                (person, line, "write", {**ids, "vals": {"amount": 90_000}}),
                (
                    person,
                    line,
                    "web_save",
                    {**ids, "vals": {"state": "paid"}, "specification": {}},
                ),
                (person, line, "write", {**ids, "vals": {"employee_id": person.id}}),
                (person, line, "copy", ids),
                (person, line, "unlink", ids),
                (person, line, "action_approve", ids),
                (person, line, "action_mark_paid", ids),
                (
                    person,
                    line,
                    "commission_acknowledge",
                    {"line_ids": record.ids, "reference": "P"},
                ),
                (person, statement, "write", {**month, "vals": {"earned": 90_000}}),
                (person, statement, "action_approve", month),
                (person, statement, "action_mark_paid", month),
                (person, statement, "unlink", month),
            ]
        for person in (self.sales_north, self.team_manager, self.sales_south):
            vals = {
                "employee_id": person.id,
                "company_id": person.company_id.id,
                "date": "2026-05-20",
                "amount": 501,
                "note": "Best idea",
                "kind": "manual",
            }
            attempts += [
                (person, line, "create", {"vals_list": [vals]}),
                (
                    person,
                    line,
                    "web_save",
                    {"ids": [], "vals": vals, "specification": {}},
                ),
                (
                    person,
                    statement,
                    "action_reset_to_draft",
                    {"ids": self.statement.ids},
                ),
            ]
        self.assertGreater(self._attack(attempts), 75)

    def test_ledger_and_logs(self):
        attempts = []
        for person in (self.sales_north, self.manager_north, self.officer_north):
            for model in LEDGER:
                record = self.env[model].sudo().search([], limit=1)
                name = next(
                    field.name
                    for field in record._fields.values()
                    if field.store
                    and field.type in ("date", "datetime")
                    and field.name not in ("create_date", "write_date")
                )
                ids = {"ids": record.ids or self.credit.ids}
                attempts += [
                    (person, model, "write", {**ids, "vals": {name: "2026-05-01"}}),
                    (person, model, "unlink", ids),
                ]
                # officers log contacts: claims, that prove nothing by themselves
                if (person, model) != (self.officer_north, "crm.touchpoint"):
                    vals = {name: "2026-05-01"}
                    attempts.append((person, model, "create", {"vals_list": [vals]}))
        for person in (self.sales_north, self.officer_north):
            for model, method, of, arguments in PRIVATE:
                ids = {
                    "line": {"ids": self.own.ids},
                    "lead": {"ids": self.deal.ids},
                }.get(of, {})
                attempts.append((person, model, method, {**ids, **arguments}))
        self.assertGreater(self._attack(attempts), 75)

    def test_what_is_no_value(self):
        """Wrong types, numbers, tables and arguments: refused in words, never a 500."""
        line, lead, board = "hr.commission.line", "crm.lead", "hr.commission.board"
        plan, deal = {"ids": self.plan.ids}, {"ids": self.deal.ids}
        days = {"date_from": "2026-05-01", "date_to": "2026-05-31"}
        new = {"name": "x", "type": "opportunity"}
        calls = (
            (line, "action_explain", {"ids": []}),
            (line, "action_contest", {"ids": [-5]}),
            (line, "load", {"fields": ["x"], "data": [["1"]]}),
            (line, "load", {"fields": ["note"], "data": [[{"a": 1}]]}),
            (line, "load", {"fields": "note", "data": 5}),
            ("hr.commission.plan", "write", {**plan, "vals": {"rule_ids": [[0]]}}),
            (
                "hr.commission.plan",
                "write",
                {**plan, "vals": {"rule_ids": [[0, 0, {"x": 1}]]}},
            ),
            ("hr.commission.plan", "action_change", {"ids": []}),
            (lead, "write", {**deal, "vals": {"commission_share_ids": "x"}}),
            (lead, "write", {**deal, "vals": {"commission_share_ids": [[4, "x"]]}}),
            (lead, "write", {**deal, "vals": {"need_description": ["x"]}}),
            (lead, "create", {"vals_list": [{**new, "channel": {"a": 1}}]}),
            (lead, "load", {"fields": ["need_description"], "data": [[["x"]]]}),
            (lead, "action_log_contact", {"ids": []}),
            (board, "get_my_board", {"date_from": {"a": 1}, "date_to": []}),
            (board, "get_my_board", {**days, "company_id": [1]}),
            (board, "get_my_board", {**days, "source": {"a": 1}}),
            (board, "get_my_board", {**days, "unheard": 1}),
            (board, "get_my_board", {}),
        )
        people = (self.officer_north, self.sales_north)
        attempts = [(person, *call) for person in people for call in calls]
        self.assertEqual(self._attack(attempts), 38)

    def test_facts_of_deals(self):
        attempts, quiet = [], []
        for person in (self.sales_north, self.marketer):
            for name, value in DECIDED.items():
                vals = {"name": "More", name: value}
                attempts += [
                    (
                        person,
                        "crm.lead",
                        "write",
                        {"ids": self.deal.ids, "vals": {name: value}},
                    ),
                    (
                        person,
                        "crm.lead",
                        "web_save",
                        {
                            "ids": self.open_lead.ids,
                            "vals": {name: value},
                            "specification": {},
                        },
                    ),
                ]
                if value:  # an empty one is what it is without
                    attempts += [
                        (person, "crm.lead", "create", {"vals_list": [vals]}),
                        (
                            person,
                            "crm.lead",
                            "copy",
                            {"ids": self.deal.ids, "default": {name: value}},
                        ),
                    ]
                quiet += [
                    (
                        person,
                        "crm.lead",
                        "create",
                        {
                            "vals_list": [{"name": "More"}],
                            "context": {f"default_{name}": value},
                        },
                    ),
                    (
                        person,
                        "crm.lead",
                        "load",
                        {"fields": ["name", name], "data": [["More", str(value)]]},
                    ),
                    (
                        person,
                        "crm.lead",
                        "onchange",
                        {
                            "ids": self.deal.ids,
                            "values": {name: value},
                            "field_names": [name],
                            "fields_spec": {name: {}},
                        },
                    ),
                ]
        for person in (self.sales_north, self.manager_north, self.officer_north):
            ids = {"ids": self.marketing_lead.ids}
            attempts += [
                (
                    person,
                    "crm.lead",
                    "write",
                    {**ids, "vals": {"commission_source": "own"}},
                ),
                (person, "crm.lead", "write", {**ids, "vals": {"marketer_id": False}}),
                (person, "crm.lead", "unlink", ids),
            ]
        own, ids = self.officer_north, {"ids": self.own_deal.ids}
        for vals in ({"won_amount": 90_000}, {"date_won": "2026-06-01"}):
            attempts.append((own, "crm.lead", "write", {**ids, "vals": vals}))
            attempts.append(
                (own, "crm.lead", "write", {"ids": self.shared.ids, "vals": vals})
            )
        attempts.append(
            (own, "crm.lead", "action_verify_source", {"ids": self.held_deal.ids})
        )
        attempts.append(
            (
                own,
                "crm.lead",
                "write",
                {"ids": self.held_deal.ids, "vals": {"source_state": "verified"}},
            )
        )
        mine = {"ids": self.deal.ids}
        quiet += [
            (self.sales_north, "crm.lead", "write", {**mine, "vals": vals})
            for vals in (
                {"expected_revenue": 90_000},
                {"probability": 1},
                {"date_closed": "2026-06-01 10:00:00"},
                {"user_id": self.team_manager.user_id.id},
                {"user_id": self.sales_north.user_id.id},
            )
        ]
        quiet += [
            (self.sales_north, "crm.lead", method, mine)
            for method in ("action_archive", "action_unarchive", "copy")
        ]
        quiet += [
            (
                self.sales_south,
                "crm.lead",
                "merge_opportunity",
                {"ids": (self.held_deal + self.open_lead).ids},
            )
        ]
        self.assertGreater(self._attack(attempts), 80)
        self.assertGreater(self._attack(quiet, refused=False), 60)
        made = self.env["crm.lead"].search([("name", "=like", "More%")])
        self.assertFalse(made.filtered("date_won") | made.filtered("won_amount"))

    def test_claims_plans_and_people(self):
        attempts = []
        ids = {"ids": self.dispute.ids}
        for person in (
            self.officer_north,  # claims it
            self.manager_north,  # manages who does
            self.sales_north,
            self.sales_south,
            self.manager_south,
        ):
            attempts += [
                (
                    person,
                    "hr.commission.dispute",
                    "action_decide",
                    {**ids, "decision": "accepted", "note": "Right"},
                ),
                (person, "hr.commission.dispute", "action_accept", ids),
                (
                    person,
                    "hr.commission.dispute",
                    "write",
                    {**ids, "vals": {"awarded_amount": 9000}},
                ),
                (person, "hr.commission.dispute", "unlink", ids),
            ]
        rule = self.plan.search([("state", "=", "active")]).rule_ids[:1]
        wizards = "hr.commission.credit.correction", "hr.commission.fact.correction"
        for person in (self.sales_north, self.team_manager, self.manager_north):
            attempts += [
                (
                    person,
                    "hr.commission.rule",
                    "write",
                    {"ids": rule.ids, "vals": {"rate": 90}},
                ),
                (person, "hr.commission.rule", "unlink", {"ids": rule.ids}),
                (
                    person,
                    "hr.commission.plan",
                    "action_close",
                    {"ids": rule.plan_id.ids},
                ),
                (
                    person,
                    "hr.commission.plan",
                    "create",
                    {"vals_list": [{"name": "Mine", "date_start": "2026-01-01"}]},
                ),
                (
                    person,
                    "hr.commission.target",
                    "create",
                    {
                        "vals_list": [
                            {
                                "employee_id": person.id,
                                "company_id": self.north.id,
                                "amount": 1,
                            }
                        ]
                    },
                ),
                (
                    person,
                    "res.company",
                    "write",
                    {
                        "ids": self.north.ids,
                        "vals": {"commission_lock_date": "2020-01-01"},
                    },
                ),
                (
                    person,
                    "hr.employee",
                    "write",
                    {"ids": person.ids, "vals": {"commission_role": "manager"}},
                ),
            ]
        for person in (self.sales_north, self.team_manager):
            attempts += [
                (person, wizard, "create", {"vals_list": [{"reason": "More"}]})
                for wizard in wizards
            ]
        self.assertGreater(self._attack(attempts), 40)

    def test_dialogs_of_corrections(self):
        """Officers get the dialog, and are refused where they earn themselves."""
        for person, lead in (
            (self.officer_north, self.own_deal),
            (self.officer_north, self.shared),
            (self.manager_north, self.deal),
        ):
            response = self._request(
                person,
                "hr.commission.fact.correction",
                "create",
                vals_list=[
                    {"reason": "More", "won_amount": 90_000},
                ],
                context={"default_lead_id": lead.id},
            )
            self.assertEqual(response.status_code, 200, response.text)
            arguments = {"ids": response.json()}
            self._attack(
                [(person, "hr.commission.fact.correction", "action_correct", arguments)]
            )

    def test_others_money_is_not_read(self):
        line = {"ids": self.sale.ids}
        for person in (self.sales_south, self.manager_south, self.marketer):
            attempts = [
                (person, "hr.commission.line", "read", line),
                (
                    person,
                    "hr.commission.line",
                    "web_read",
                    {**line, "specification": {"amount": {}}},
                ),
                (
                    person,
                    "hr.commission.line",
                    "export_data",
                    {**line, "fields_to_export": ["amount"]},
                ),
                (
                    person,
                    "hr.commission.statement",
                    "read",
                    {"ids": self.statement.ids},
                ),
                (person, "hr.commission.dispute", "read", {"ids": self.dispute.ids}),
                (person, "hr.commission.credit", "read", {"ids": self.credit.ids}),
            ]
            self._attack(attempts)

    def _merge_disputed(self, leads):
        """Merge won deals of a salesperson, of which they dispute the marketing one.

        :return: what of it is payable, after
        """
        self.env["hr.commission.dispute"].create(
            {
                "kind": "source",
                "lead_id": self.marketing_lead.id,
                "claimed_source": "own",
                "reason": "Mine",
                "user_id": self.sales_north.user_id.id,
            }
        )
        response = self._request(
            self.sales_north, "crm.lead", "merge_opportunity", ids=leads.ids
        )
        self.assertEqual(response.status_code, 200, response.text)
        self.env.invalidate_all()
        self._process()
        head = leads.exists()
        self.assertEqual(head.source_state, "disputed")
        disputes = self.env["hr.commission.dispute"].search(
            [("lead_id", "=", head.id), ("kind", "=", "source")]
        )
        self.assertEqual(disputes.mapped("state"), ["open"])
        unpaid = self._lines(head).filtered(
            lambda line: line.state in ("draft", "approved", "in_payroll")
        )
        return unpaid.filtered(lambda line: not line.is_disputed)

    def test_merging_a_disputed_deal_into_an_own_one(self):
        self.assertFalse(self._merge_disputed(self.deal + self.marketing_lead))

    def test_merging_an_own_deal_into_a_disputed_one(self):
        self.assertFalse(self._merge_disputed(self.marketing_lead + self.deal))

    def test_merging_contacts_moves_no_proof(self):
        """Whoever makes customers one changes no source, credit or pay of before."""
        leads = self.marketing_lead + self.own_deal + self.deal
        for lead in leads:
            lead.partner_id = self.env["res.partner"].create({"name": lead.name})
        self._process()
        before = self._facts()
        ours, second, third = leads.partner_id
        wizard = "base.partner.merge.automatic.wizard"
        for person, kept, gone in (
            (self.sales_north, second, ours),
            (self.marketer, third, second),
        ):
            with self.subTest(by=person.name):
                person.user_id.group_ids += self.env.ref("base.group_partner_manager")
                vals = {
                    "partner_ids": [[6, 0, (kept + gone).ids]],
                    "dst_partner_id": kept.id,
                    "state": "selection",
                }
                made = self._request(person, wizard, "create", vals_list=[vals])
                self.assertEqual(made.status_code, 200, made.text)
                self._request(person, wizard, "action_merge", ids=made.json())
                self.env.invalidate_all()
                self.assertFalse(gone.exists())
                self.env["hr.commission.event"]._set_pending([])
                self._process()
                self.assertEqual(self._facts(), before)

    def test_leaving_won_and_coming_back(self):
        """Neither the day nor the money is another, by whatever field it is left."""

        def facts():
            lines = self._lines(self.deal).filtered(lambda each: each.state == "draft")
            totals = {
                person: sum(mine.mapped("amount"))
                for person, mine in lines.grouped("employee_id").items()
            }
            return self.deal.date_won, self.deal.won_amount, totals

        before = facts()
        for leave, back in (
            ({"won_status": "pending"}, {"won_status": "won"}),
            ({"stage_id": self.stage_new.id}, {"stage_id": self.stage_won.id}),
            ({"active": False}, {"active": True}),
        ):
            with self.subTest(leave=leave):
                for vals in (leave, {"expected_revenue": 90_000}, back):
                    response = self._request(
                        self.sales_north,
                        "crm.lead",
                        "write",
                        ids=self.deal.ids,
                        vals=vals,
                    )
                    self.assertEqual(response.status_code, 200, response.text)
                    self.env.invalidate_all()
                    self._process()
                self.assertEqual(facts(), before)

    def test_everything_computed_again(self):
        before = self._facts()
        self.env["hr.commission.event"]._set_pending([])
        self._process()
        self.assertEqual(self._facts(), before)
