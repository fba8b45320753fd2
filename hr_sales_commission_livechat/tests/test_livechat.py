# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo.tests import tagged

from odoo.addons.hr_sales_commission.tests.source_common import SourceCommon


@tagged("post_install", "-at_install")
class TestLivechat(SourceCommon):
    def test_a_lead_from_a_chat(self):
        """An operator's /lead and a chatbot's step make leads that know the chat."""
        visitor = self.env["res.partner"].create(
            {"name": "Visitor", "email": "visitor@chat.test"}
        )
        channel = self.env["discuss.channel"].create(
            {
                "name": "Visitor",
                "channel_type": "livechat",
                "livechat_operator_id": self.sales_north.user_id.partner_id.id,
                "channel_partner_ids": [
                    (4, visitor.id),
                    (4, self.sales_north.user_id.partner_id.id),
                ],
            }
        )
        script = self.env["chatbot.script"].create({"title": "Bot"})
        step = self.env["chatbot.script.step"].create(
            {"chatbot_script_id": script.id, "step_type": "create_lead"}
        )
        as_operator = channel.with_user(self.sales_north.user_id)
        as_operator.execute_command_lead(body="/lead Motors")
        typed = channel.lead_ids
        made = self.env["crm.lead"].create(
            {
                **step._chatbot_crm_prepare_lead_values(channel, "Hello"),
                "email_from": "another@chat.test",
            }
        )
        for lead in (typed, made):
            self.assertSource(lead, "marketing", "verified")
            touch = lead.sudo().touchpoint_ids
            self.assertEqual((touch.kind, touch.evidence), ("chat", channel))
        self.assertEqual(made.channel, "chat")
        self.assertEqual(made.touchpoint_ids.source_name, script.source_id.name)

    def test_another_channel_is_no_chat(self):
        channel = self.env["discuss.channel"].create({"name": "Colleagues"})
        lead = self._make(
            self.sales_north, email_from="x@chat.test", origin_channel_id=channel.id
        )
        self.assertSource(lead, "own", "verified")
        self.assertNotEqual(lead.sudo().touchpoint_ids.kind, "chat")
