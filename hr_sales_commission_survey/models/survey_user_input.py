# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import models

#: surveys of customers; others are examinations
CUSTOMER_SURVEYS = ("survey", "live_session", "custom")


class SurveyUserInput(models.Model):
    """Answers of customers are contacts with them, also where they make no lead."""

    _inherit = "survey.user_input"

    def _mark_done(self):
        result = super()._mark_done()
        answers = self.sudo().filtered(  # sudo: answers come from visitors
            lambda answer: (
                answer.survey_id.survey_type in CUSTOMER_SURVEYS
                and not (answer.test_entry or answer.lead_id)
                and (answer.partner_id.active or answer.email)
                and all(user.share for user in answer.partner_id.user_ids)
            )
        )
        self.env["crm.touchpoint"]._record_arrivals(
            [answer._prepare_touchpoint() for answer in answers]
        )
        return result

    def _prepare_touchpoint(self):
        survey, partner = self.survey_id, self.partner_id.filtered("active")
        return {
            "kind": "survey",
            "external_ref": f"{self._name},{self.id}",
            "evidence": f"{self._name},{self.id}",
            "company_id": (survey.user_id.company_id or self.env.company).id,
            "partner_id": partner.id,
            "email_normalized": self.email or partner.email_normalized,
            "responsible_id": survey.user_id.id,
            "note": survey.title,
        }
