# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
import json
import re
from pathlib import Path
from unittest.mock import patch

from odoo.tests import HttpCase, tagged
from odoo.tools import file_path

from odoo.addons.hr_sales_commission.tests.common import CommissionCommon


class AutomationCommon(CommissionCommon):
    def setUp(self):
        super().setUp()
        self.addCleanup(self.registry.reset_changes)

    def _add_rule(self, model, trigger, code, **vals):
        """Make a rule that writes down on what it ran."""
        model_id = self.env["ir.model"]._get_id(model)
        return self.env["base.automation"].create(
            {
                "name": f"{model} {trigger}",
                "model_id": model_id,
                "trigger": trigger,
                "action_server_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Note",
                            "model_id": model_id,
                            "state": "code",
                            "code": code,
                        },
                    )
                ],
                **vals,
            }
        )

    def _get_notes(self, name):
        text = self.env["ir.config_parameter"].sudo().get_param(f"doors.{name}", "")
        return sorted(int(number) for number in text.split())

    def _note(self, name):
        return (
            "params = env['ir.config_parameter'].sudo()\n"
            f"before = params.get_param('doors.{name}', '')\n"
            f"params.set_param('doors.{name}', "
            "'%s %s' % (before, ' '.join(str(r.id) for r in records)))"
        )


@tagged("post_install", "-at_install")
class TestAutomation(AutomationCommon):
    def test_rules_run_on_new_and_changed_records(self):
        for model in ("line", "credit", "event"):
            self._add_rule(
                f"hr.commission.{model}", "on_create", self._note(f"new_{model}")
            )
        amount = self.env.ref("hr_sales_commission.field_hr_commission_line__amount")
        self._add_rule(
            "hr.commission.line",
            "on_create_or_write",
            self._note("amount"),
            trigger_field_ids=[(6, 0, amount.ids)],
        )
        deals = self._lead_won(self.sales_north, 1000, "2026-05-04")
        deals += self._lead_won(self.sales_north, 2000, "2026-05-05")
        lines, events = self._lines(deals), self._events(deals)
        self.assertEqual(self._get_notes("new_line"), sorted(lines.ids))
        self.assertEqual(self._get_notes("amount"), sorted(lines.ids))
        self.assertEqual(self._get_notes("new_event"), sorted(events.ids))
        credits = self.env["hr.commission.credit"].search(
            [("event_id", "in", events.ids)]
        )
        self.assertEqual(self._get_notes("new_credit"), sorted(credits.ids))
        # only what differs counts as changed
        deals[0].write({"won_amount": 3000})
        self._process()
        changed = self._lines(deals[0]).filtered("amount")
        noted = self._get_notes("amount")
        self.assertEqual(sorted(set(noted)), sorted(lines.ids))
        self.assertEqual(len(noted), len(lines) + len(changed))

    def test_a_rule_that_fails_stops_nobody_s_pay(self):
        self._add_rule("hr.commission.line", "on_create", "raise UserError('broken')")
        with self.assertLogs("odoo.addons.hr_sales_commission_automation", "ERROR"):
            deal = self._lead_won(self.sales_north, 1000, "2026-05-04")
        self.assertTrue(self._lines(deal))
        self.assertEqual(self._events(deal).mapped("state"), ["done"])

    def test_without_a_rule_nothing_is_asked(self):
        for model in ("line", "credit", "event"):
            model = self.env[f"hr.commission.{model}"]
            self.assertFalse(model._has_automation("create"))
            self.assertFalse(model._has_automation("write"))

    def test_fields_of_customers_have_their_defaults(self):
        for model in ("line", "credit", "event"):
            self.env["ir.model.fields"].create(
                {
                    "name": "x_region",
                    "model_id": self.env["ir.model"]._get_id(f"hr.commission.{model}"),
                    "ttype": "char",
                    "state": "manual",
                }
            )
            self.env["ir.default"].set(f"hr.commission.{model}", "x_region", "North")
        deal = self._lead_won(self.sales_north, 1000, "2026-05-04")
        events = self._events(deal)
        credits = self.env["hr.commission.credit"].search(
            [("event_id", "in", events.ids)]
        )
        for records in (self._lines(deal), credits, events):
            self.assertEqual(set(records.mapped("x_region")), {"North"})


@tagged("post_install", "-at_install")
class TestRecipes(AutomationCommon, HttpCase):
    """What docs/api.md recommends."""

    def _get_field(self, model, name):
        return self.env["ir.model.fields"]._get(f"hr.commission.{model}", name)

    def _notify(self, model, names):
        """Return the action that sends fields of a record to another system."""
        model_id = self.env["ir.model"]._get_id(f"hr.commission.{model}")
        fields = [self._get_field(model, name).id for name in names]
        return {
            "name": "Tell",
            "model_id": model_id,
            "state": "webhook",
            "webhook_url": "https://other.test/hook",
            "webhook_field_ids": [(6, 0, fields)],
        }

    def _get_sent(self, act):
        """Return what is sent to the other system when an act is committed."""
        self.env.cr.postcommit.clear()
        with patch("requests.post") as post:
            act()
            self.env.cr.postcommit.run()
        return [json.loads(call.kwargs["data"]) for call in post.call_args_list]

    def test_another_system_is_told_of_each_paid_commission(self):
        action = self._notify("line", ("amount", "employee_id", "explanation"))
        self._add_rule(
            "hr.commission.line",
            "on_write",
            "",
            filter_domain="[('state', '=', 'paid')]",
            filter_pre_domain="[('state', '!=', 'paid')]",
            trigger_field_ids=[(6, 0, self._get_field("line", "state").ids)],
            action_server_ids=[(0, 0, action)],
        )
        deal = self._lead_won(self.sales_north, 1000, "2026-05-04")
        lines = self._lines(deal)
        self.assertFalse(
            self._get_sent(lines.with_env(self._as(self.officer_hq)).action_approve)
        )
        Line = self._as(self.officer_hq)["hr.commission.line"]
        sent = self._get_sent(
            lambda: Line.commission_acknowledge(lines.ids, "PAY", "2026-06-01")
        )
        self.assertEqual({one["_id"] for one in sent}, set(lines.ids))
        self.assertEqual(
            sum(one["amount"] for one in sent), sum(lines.mapped("amount"))
        )
        self.assertTrue(all(one["explanation"] for one in sent))

    def test_large_amounts_are_looked_at_before(self):
        self._add_rule(
            "hr.commission.line",
            "on_create",
            self._note("large"),
            filter_domain="[('amount', '>=', 500)]",
        )
        deals = self._lead_won(self.sales_north, 1000, "2026-05-04", "own")
        deals += self._lead_won(self.sales_north, 20000, "2026-05-04", "own")
        self.assertEqual(self._get_notes("large"), self._lines(deals[1]).ids)

    def test_a_chat_is_told_of_each_dispute(self):
        self._add_rule(
            "hr.commission.dispute",
            "on_create",
            "",
            action_server_ids=[
                (0, 0, self._notify("dispute", ("display_name", "state")))
            ],
        )
        line = self._lines(self._lead_won(self.sales_north, 1000, "2026-05-04"))[:1]
        Dispute = self._as(self.sales_north)["hr.commission.dispute"]
        sent = self._get_sent(
            lambda: Dispute.create(
                {
                    "kind": "line",
                    "line_id": line.id,
                    "claimed_amount": 90,
                    "reason": "Too little",
                }
            )
        )
        self.assertEqual([one["state"] for one in sent], ["open"])

    def test_a_form_service_reports_contacts_to_an_address(self):
        page = (
            Path(file_path("hr_sales_commission")).parent / "docs/api.md"
        ).read_text()
        (getter,) = re.findall(r"```python\n(.*?)\n```", page, re.DOTALL)
        elsewhere = getter.replace(
            "model.rec", f"model.with_company({self.north.id}).rec"
        )
        home = self.env.ref("base.public_user").company_id
        for code, company in ((getter, home), (elsewhere, self.north)):
            rule = self._add_rule(
                "crm.touchpoint", "on_webhook", "pass", record_getter=code
            )
            contact = {
                "email": "ann@form.test",
                "kind": "ad_click",
                "utm_source": "??",
                "external_ref": "form-1",
            }
            for _again in range(2):
                answer = self.url_open(
                    f"/web/hook/{rule.webhook_uuid}",
                    data=json.dumps(contact),
                    headers={"Content-Type": "application/json"},
                )
                self.assertEqual(answer.json(), {"status": "ok"})
            touch = self.env["crm.touchpoint"].search(
                [("external_ref", "=", "form-1"), ("company_id", "=", company.id)]
            )
            self.assertEqual(
                (touch.kind, touch.email_normalized), ("ad_click", "ann@form.test")
            )
