# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo.tests import tagged

from odoo.addons.hr_sales_commission.tests.source_common import SourceCommon


@tagged("post_install", "-at_install")
class TestSurvey(SourceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.marketer.user_id.group_ids += cls.env.ref("survey.group_survey_manager")
        cls.survey = cls.env["survey.survey"].create(
            {
                "title": "What do you need?",
                "survey_type": "survey",
                "access_mode": "public",
                "user_id": cls.marketer.user_id.id,
                "question_and_page_ids": [
                    (
                        0,
                        0,
                        {
                            "title": "Interested?",
                            "question_type": "simple_choice",
                            "suggested_answer_ids": [
                                (0, 0, {"value": "Yes", "generate_lead": True}),
                                (0, 0, {"value": "No"}),
                            ],
                        },
                    )
                ],
            }
        )

    def _answer(self, email, value):
        question = self.survey.question_ids
        chosen = question.suggested_answer_ids.filtered(lambda one: one.value == value)
        partner = self.env["res.partner"].create({"name": email, "email": email})
        answer = self.env["survey.user_input"].create(
            {
                "survey_id": self.survey.id,
                "partner_id": partner.id,
                "email": email,
                "user_input_line_ids": [
                    (
                        0,
                        0,
                        {
                            "question_id": question.id,
                            "answer_type": "suggestion",
                            "suggested_answer_id": chosen.id,
                        },
                    )
                ],
            }
        )
        answer._mark_done()
        return answer

    def test_an_answer_is_a_contact(self):
        answer = self._answer("no@survey.test", "No")
        self.assertFalse(answer.lead_id)
        touch = self.env["crm.touchpoint"].search(
            [("email_normalized", "=", "no@survey.test")]
        )
        self.assertEqual((touch.kind, touch.evidence), ("survey", answer))
        self.assertEqual(touch.commission_source, "marketing")
        self.assertEqual(touch.employee_id, self.marketer)

    def test_a_lead_from_a_survey(self):
        lead = self._answer("yes@survey.test", "Yes").lead_id
        self.assertSource(lead, "marketing", "verified")
        touch = lead.touchpoint_ids
        self.assertEqual((touch.kind, touch.evidence), ("survey", self.survey))
        self.assertEqual(touch.source_name, self.survey.title)
