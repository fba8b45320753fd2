from odoo.tests import tagged

from odoo.addons.hr_sales_commission.tests.common import CommissionCommon


@tagged("post_install", "-at_install")
class TestAutomation(CommissionCommon):
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
