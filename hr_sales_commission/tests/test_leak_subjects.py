# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
import json
import logging
from datetime import date

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.models import mail_thread

from .test_notice import NoticeCommon

#: amounts that nothing else in the database has
PLANTED = {"line": 4321.17, "claim": 2718.28, "manual": 1618.03, "award": 3141.59}
#: what becomes a subject, a name or a payload: nobody's money stands there, for nobody
PUBLIC_TEXTS = (
    ("mail.message", ("subject", "record_name")),
    ("mail.activity", ("summary", "res_name", "display_name")),
    ("mail.mail", ("subject",)),
    ("mail.notification", ("display_name",)),
    ("ir.attachment", ("name",)),
    ("hr.commission.statement", ("display_name",)),
    ("hr.commission.dispute", ("display_name",)),
    ("hr.commission.line", ("display_name",)),
    ("hr.commission.event", ("display_name", "error")),
    ("hr.commission.export", ("display_name", "file_name")),
    ("hr.commission.audit", ("display_name", "record_name")),
    ("crm.lead", ("display_name",)),
    ("ir.logging", ("message", "name")),
    ("ir.cron", ("display_name",)),
    ("hr.commission.health", ("display_name", "detail")),
    ("hr.commission.alert", ("display_name",)),
)


@tagged("post_install", "-at_install")
@freeze_time("2026-05-20 12:00:00")
class TestLeakSubjects(NoticeCommon):
    """After a month of all kinds of acts, nobody else finds anybody's amounts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.decider = cls._create_person(
            "decider",
            cls.hq,
            cls.branches,
            "sales_team.group_sale_salesman_all_leads,"
            "hr_sales_commission.group_commission_officer",
        )

    def setUp(self):
        super().setUp()
        officer = self._create_person(
            "leak_officer",
            self.south,
            groups="sales_team.group_sale_manager,"
            "hr_sales_commission.group_commission_officer",
        )
        self.spies = {
            "employee of another branch": self._as(self.sales_south),
            "marketer of the same deal": self._as(self.marketer),
            "officer of another branch": self._as(officer),
            "customer with a login": self.env(user=self._create_portal_user()),
        }
        self.pushed = []
        self._register_phones()
        self.logged = []
        log = logging.Handler(logging.DEBUG)
        log.emit = lambda record: self.logged.append(record.getMessage())
        logging.getLogger("odoo.addons").addHandler(log)
        try:
            self._live_a_month()
            self.env["hr.commission.health"]._check(self.branches)
        finally:
            logging.getLogger("odoo.addons").removeHandler(log)

    def _register_phones(self):
        """Let everybody have a phone; what is sent to it is kept in ``pushed``."""
        for key in ("private", "public"):
            self.env["ir.config_parameter"].set_param(
                f"mail.web_push_vapid_{key}_key", "key"
            )
        owner_of = {
            self.env["mail.push.device"]
            .create({"partner_id": partner.id, "endpoint": number, "keys": "{}"})
            .id: partner
            for number, partner in enumerate(
                self.env["res.users"].search([]).partner_id
            )
        }

        def push(device, payload, **_kwargs):
            self.pushed.append((owner_of[device["id"]], json.loads(payload)))

        self.patch(mail_thread, "push_to_end_point", push)
        self.patch(mail_thread, "MAX_DIRECT_PUSH", len(owner_of) + 1)

    def _create_portal_user(self):
        return new_test_user(
            self.env,
            login="leak_portal",
            groups="base.group_portal",
            company_id=self.north.id,
            company_ids=[Command.set(self.north.ids)],
        )

    def _live_a_month(self):
        """Win, correct, contest, decide, enter, approve, agree and pay planted money."""
        officer = self.officer_hq.user_id
        own = self._lead_won(self.sales_north, 20 * PLANTED["line"], "2026-04-04")
        joint = self._lead_won(
            self.sales_north, 1000, "2026-04-05", source="marketing", name="Joint"
        )
        line = self._lines(joint).filtered(
            lambda each: each.employee_id == self.sales_north
        )[:1]
        Dispute = self.env["hr.commission.dispute"].with_user(self.sales_north.user_id)
        Dispute.create(
            {
                "line_id": line.id,
                "claimed_amount": PLANTED["claim"],
                "reason": "Not what was agreed",
            }
        )
        missing = Dispute.create(
            {
                "kind": "missing_line",
                "claimed_amount": PLANTED["claim"],
                "reason": "Forgotten",
            }
        )
        decided = missing.with_user(missing.sudo().decider_id)
        decided.awarded_amount = PLANTED["award"]
        decided.action_decide("accepted", "It was agreed")
        self.env["hr.commission.line"].with_user(officer).create(
            {
                "employee_id": self.sales_north.id,
                "company_id": self.north.id,
                "amount": PLANTED["manual"],
                "date": "2026-04-06",
                "note": "Best idea of the month",
            }
        )
        statements = self.env["hr.commission.statement"]._generate(
            self.north, fields.Date.to_date("2026-04-01")
        )
        statements.with_user(officer).action_confirm()
        self._run_cron()
        statement = statements.filtered(
            lambda each: each.employee_id == self.sales_north
        )
        statement.with_user(self.sales_north.user_id).action_acknowledge()
        statement.with_user(self.administrator.user_id).action_approve()
        own.expected_revenue = 19 * PLANTED["line"]
        self._run_cron()
        self._lines(own).filtered(lambda each: each.state == "approved")._payroll_paid(
            date(2026, 5, 1), "PAY"
        )
        self.assertEqual(statement.state, "approved")

    def _texts(self):
        """Return the planted amounts as they are written."""
        return {
            text
            for amount in PLANTED.values()
            for text in (f"{amount:.2f}", f"{amount:,.2f}", f"{amount:,.0f}")
        }

    def test_no_subject_name_or_payload_says_an_amount(self):
        texts = self._texts()
        for model, names in PUBLIC_TEXTS:
            records = self.env[model].search([])
            for name in names:
                with self.subTest(model=model, field=name):
                    found = [
                        value
                        for value in records.mapped(name)
                        if value and any(text in str(value) for text in texts)
                    ]
                    self.assertEqual(found, [])
        self.assertFalse(
            [line for line in self.logged if any(text in line for text in texts)]
        )
        # bodies travel to the channels and phones of the person concerned and of who
        # decides their claims, and to no other
        own = self.sales_north.user_id
        deciders = self.env["hr.commission.dispute"].search([]).decider_id
        concerned = (own | deciders).partner_id.ids
        self.assertTrue(self.pushed)
        for owner, payload in self.pushed:
            told = payload["title"] if owner.id in concerned else str(payload)
            self.assertFalse([text for text in texts if text in told], owner.name)
        self.env.cr.execute("SELECT channel, message FROM bus_bus")
        strangers = {
            channel
            for channel, message in self.env.cr.fetchall()
            if any(text in message for text in texts)
            and json.loads(channel)[1:3] not in [["res.partner", n] for n in concerned]
        }
        self.assertFalse(strangers)

    def test_the_digest_tells_nobody_elses_amount(self):
        texts = self._texts()
        fields_shown = {
            name: True
            for name in self.env["digest.digest"]._fields
            if name.startswith("kpi_commission") and not name.endswith("_value")
        }
        self.assertTrue(fields_shown)
        for company in (self.north, self.south):
            digest = self.env["digest.digest"].create(
                {"name": "D", "company_id": company.id, **fields_shown}
            )
            for label, env in self.spies.items():
                with self.subTest(label, company=company.name):
                    try:
                        told = str(digest._compute_kpis(company, env.user))
                    except AccessError as error:
                        told = str(error)
                    self.assertFalse([text for text in texts if text in told])

    def test_nobody_else_reads_an_amount_anywhere(self):
        texts = self._texts()
        amounts = set(PLANTED.values()) | {-value for value in PLANTED.values()}
        for label, env in self.spies.items():
            for name in sorted(self.env.registry):
                model = env[name]
                if model._abstract or model._transient or not model._auto:
                    continue
                with self.subTest(spy=label, model=name):
                    found = self._read_all(model, texts, amounts)
                    self.assertFalse(found)

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.models")
    def _read_all(self, model, texts, amounts):
        """Return the fields in which a reader finds a planted amount."""
        if not model.has_access("read"):
            return []
        names = [
            name
            for name, field in model._fields.items()
            if field.type in ("char", "text", "html", "float", "monetary", "json")
            and field.store
            and model._has_field_access(field, "read")
        ] + ["display_name"]
        try:
            rows = model.search([], limit=5000).read(names)
        except (AccessError, UserError):
            return []
        return [
            (row["id"], name)
            for row in rows
            for name, value in row.items()
            if (isinstance(value, float) and abs(round(value, 2)) in amounts)
            or (
                isinstance(value, (str, dict))
                and any(text in str(value) for text in texts)
            )
        ]
