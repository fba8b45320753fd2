# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Customers, agents with a portal login and visitors at the doors of the web."""

import json

from odoo.tests import HttpCase, JsonRpcException, freeze_time, tagged
from odoo.tools import mute_logger

from .test_doors import BESIDE, DoorsCommon

#: what a client asks of a model: method, arguments and keywords
QUESTIONS = (
    ("search_read", [[]], {"limit": 20}),
    ("web_search_read", [[], {"display_name": {}}], {}),
    ("search_count", [[]], {}),
    ("formatted_read_group", [[]], {"groupby": [], "aggregates": ["id:count"]}),
    ("name_search", ["planted"], {}),
    ("onchange", [[], {}, [], {"display_name": {}}], {}),
)
NO_CALL = (
    "odoo.addons.mail.controllers.mail",
    "odoo.http",
    "odoo.sql_db",
    "odoo.models",
    "odoo.addons.base.models.ir_rule",
)


@tagged("post_install", "-at_install", "commission_long")
@freeze_time("2026-05-20 12:00:00")
class TestAttackOutside(DoorsCommon, HttpCase):
    """An agent is paid, and has a portal login: their money is told by mail and paper."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent = cls._create_employee(cls.portal, cls.north)
        cls.portal.password = cls.portal.login
        cls.env["hr.commission.line"].create(
            {
                "employee_id": cls.agent.id,
                "company_id": cls.north.id,
                "kind": "manual",
                "date": "2026-05-04",
                "amount": 48213.77,
                "note": "planted-reason",
            }
        )
        cls.deal.message_post(body="planted-note")
        cls.file = cls.env["ir.attachment"].create(
            {
                "name": "planted-file.txt",
                "raw": b"planted-content",
                "res_model": "hr.commission.dispute",
                "res_id": cls.env["hr.commission.dispute"].search([], limit=1).id,
            }
        )
        cls.env.flush_all()

    def _names(self):
        """Return our models that have a table, or answer dialogs."""
        return [name for name in self._our_models() if not self.env[name]._abstract]

    def _call(self, model, method, args, kwargs):
        """Return what a client is answered; a refusal as text."""
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        try:
            return self.make_jsonrpc_request(f"/web/dataset/call_kw/{model}", params)
        except JsonRpcException as error:
            return str(error)

    @mute_logger(*NO_CALL)
    def test_calls_of_the_portal(self):
        """Every model of ours × what clients ask: refused; beside ours nothing foreign."""
        self.authenticate(self.portal.login, self.portal.login)
        tried = 0
        for name in (*self._names(), *BESIDE):
            if name not in self.env:
                continue
            for method, args, kwargs in QUESTIONS:
                tried += 1
                with self.subTest(model=name, method=method):
                    answer = self._call(name, method, args, kwargs)
                    self.assertNothingPlanted(answer, name)
                    if name not in BESIDE:
                        self.assertIsInstance(answer, str)
        self.assertGreater(tried, 400)

    @mute_logger(*NO_CALL)
    def test_acts_of_the_portal(self):
        """Created, written, approved, claimed and deleted by number: refused."""
        self.authenticate(self.portal.login, self.portal.login)
        line = self.env["hr.commission.line"].search(
            [("employee_id", "=", self.agent.id)]
        )
        self.assertEqual(len(line), 1)
        records = {"hr.commission.line": line, "crm.lead": self.deal}
        for name in self._names():
            model = self.env[name].sudo()
            if model._auto and not model._transient:
                if found := model.search([], limit=1):
                    records.setdefault(name, found)
        tried = 0
        for name, record in records.items():
            vals = {"display_name": "x"}
            for method, args in (
                ("create", [[{}]]),
                ("write", [record.ids, {}]),
                ("web_save", [record.ids, vals, {}]),
                ("unlink", [record.ids]),
                ("copy", [record.ids]),
                ("read", [record.ids]),
                ("action_approve", [record.ids]),
                ("message_post", [record.ids]),
            ):
                if not hasattr(record, method):
                    continue
                tried += 1
                with self.subTest(model=name, method=method):
                    answer = self._call(name, method, args, {})
                    self.assertIsInstance(answer, str, f"{name}.{method}")
                    self.assertNothingPlanted(answer, name)
        me = self.portal.partner_id
        for record in records.values():
            if "message_partner_ids" in record._fields:
                tried += 1
                self._call(record._name, "message_subscribe", [record.ids, me.ids], {})
                record.invalidate_recordset()
                self.assertNotIn(me, record.message_partner_ids, record._name)
        self.assertEqual((line.state, line.amount), ("draft", 48213.77))
        self.assertGreater(tried, 120)

    def _addresses(self):
        """Return pages and files that a number or the name of a model opens."""
        statement = self.env["hr.commission.statement"].search([], limit=1)
        for path in ("/my", "/my/home", "/my/account", "/my/orders", "/my/invoices"):
            yield path
        for path in ("line", "statement", "plan", "dispute", "rule"):
            yield f"/odoo/hr.commission.{path}"
        yield f"/web/content/{self.file.id}"
        yield f"/web/content/{self.file.id}?download=1&access_token=x"
        yield f"/web/content?model=ir.attachment&id={self.file.id}&field=raw"
        yield f"/web/image/{self.file.id}"
        for model, record in (
            ("hr.commission.statement", statement),
            ("hr.commission.dispute", self.file),
            ("crm.lead", self.deal),
        ):
            for name in ("display_name", "note", "reason", "message_ids"):
                yield f"/web/content?model={model}&id={record.id}&field={name}"
            yield f"/web/image/{model}/{record.id}/display_name"
            yield f"/mail/view?model={model}&res_id={record.id}"
            yield f"/mail/unfollow?model={model}&res_id={record.id}&pid=1&token=x"
        yield f"/commission/statement/{statement.id}.xlsx"
        yield "/commission/simulation/1.xlsx"
        yield "/commission/import_template/crm.lead.xlsx"
        yield "/commission/health"
        for report in self.env["ir.actions.report"].search(
            [("model", "=", statement._name)]
        ):
            for kind in ("html", "pdf", "text"):
                yield f"/report/{kind}/{report.report_name}/{statement.id}"
        yield f"/calendar/view/x?db=x&token=x&action=x&id={self.deal.id}"

    @mute_logger(*NO_CALL)
    def test_addresses(self):
        """Pages, files, pictures and reports, for a portal login and for visitors."""
        tried = 0
        for login in (self.portal.login, None):
            self.authenticate(login, login)
            for address in self._addresses():
                tried += 1
                with self.subTest(address, by=login or "a visitor"):
                    answer = self.url_open(address)
                    self.assertLess(answer.status_code, 500, address)
                    self.assertNothingPlanted(answer.text, address)
                    self.assertNotIn(b"planted-", answer.content)
        self.assertGreater(tried, 60)

    @mute_logger(*NO_CALL)
    def test_conversations(self):
        """What the chatter asks of a thread that is somebody else's."""
        statement = self.env["hr.commission.statement"].search([], limit=1)
        message = self.deal.message_ids[:1]
        tried = 0
        for login in (self.portal.login, None):
            self.authenticate(login, login)
            for name, record in (("crm.lead", self.deal), (statement._name, statement)):
                thread = {"thread_model": name, "thread_id": record.id}
                for path, params in (
                    ("/mail/thread/messages", thread),
                    ("/mail/thread/recipients", {**thread, "message_id": message.id}),
                    (
                        "/mail/thread/subscribe",
                        {"res_model": name, "res_id": record.id},
                    ),
                    (
                        "/mail/message/post",
                        {**thread, "post_data": {"body": "x"}, "context": {}},
                    ),
                    (
                        "/mail/message/update_content",
                        {"message_id": message.id, "update_data": {"body": "x"}},
                    ),
                    (
                        "/mail/message/reaction",
                        {"message_id": message.id, "content": "x", "action": "add"},
                    ),
                    (
                        "/mail/attachment/delete",
                        {"attachment_id": self.file.id, "access_token": "x"},
                    ),
                    ("/mail/data", {"fetch_params": [["mail.thread", thread]]}),
                    ("/mail/read_subscription_data", {"follower_id": 1}),
                    ("/web/action/load", {"action_id": "hr_sales_commission.x"}),
                ):
                    tried += 1
                    with self.subTest(path, model=name, by=login or "a visitor"):
                        try:
                            answer = self.make_jsonrpc_request(path, params)
                        except JsonRpcException as error:
                            answer = error
                        self.assertNothingPlanted(answer, path)
        self.env.invalidate_all()
        self.assertTrue(self.file.exists())
        self.assertIn("planted-note", self.deal.message_ids[:1].body)
        self.assertGreater(tried, 35)

    @mute_logger(*NO_CALL)
    def test_keys(self):
        """Monitoring and JSON-2 with no key, a wrong one, and one of a portal login."""
        keys = self.env["res.users.apikeys"]
        key = {
            user: keys.with_user(user).sudo()._generate("rpc", "outside", None)
            for user in (self.portal, self.sales_south.user_id)
        }
        for label, token, user in (
            ("no key", None, None),
            ("a wrong one", "0" * 40, None),
            ("a cut one", key[self.portal][:-1], None),
            ("the portal's", key[self.portal], self.portal),
            ("a salesperson's", key[self.sales_south.user_id], self.sales_south),
        ):
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            for address, body in (
                ("/commission/health", None),
                ("/commission/health?company_id=1", None),
                ("/json/2/hr.commission.line/search_read", {"domain": []}),
                ("/json/2/hr.commission.health/get_health", {}),
                ("/json/2/hr.commission.line/commission_export", {}),
                ("/json/2/hr.commission.line/nothing", {}),
                ("/json/2/hr.commission.line/read", {"ids": "x"}),
                ("/json/2/hr.commission.line/read", {"unknown": 1}),
                ("/json/2/nothing/read", {}),
            ):
                with self.subTest(label, address=address):
                    answer = self.url_open(
                        address,
                        data=None if body is None else json.dumps(body),
                        headers={**headers, "Content-Type": "application/json"}
                        if body is not None
                        else headers,
                    )
                    reads = user == self.sales_south and "search_read" in address
                    if reads:
                        self.assertEqual(answer.json(), [])
                    else:
                        self.assertGreaterEqual(answer.status_code, 400)
                    if user is None:
                        self.assertEqual(answer.status_code, 401)
                    elif address.startswith("/commission"):
                        self.assertEqual(answer.status_code, 403)
                    self.assertNothingPlanted(answer.text, address)
