# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import models


class MailingTrace(models.Model):
    """Whoever clicks on a mailing or answers it was reached by it, once each."""

    _inherit = "mailing.trace"

    def set_clicked(self, domain=None):
        traces = super().set_clicked(domain=domain)
        traces._record_touchpoints("click")
        return traces

    def set_replied(self, domain=None):
        traces = super().set_replied(domain=domain)
        traces._record_touchpoints("reply")
        return traces

    def _record_touchpoints(self, act):
        """Log these contacts.

        :param str act: ``click`` or ``reply``
        """
        if not self.env.su:
            return  # somebody says so: what readers do is noted by the system
        traces = self.sudo().filtered(  # sudo: replies come from visitors
            lambda trace: not trace.is_test_trace and trace.mass_mailing_id
        )
        leads = traces._browse_documents("crm.lead")
        partners = traces._browse_documents("res.partner")
        self.env["crm.touchpoint"]._record_arrivals(
            [
                trace._prepare_touchpoint(
                    act,
                    leads.filtered(lambda lead, trace=trace: lead.id == trace.res_id)
                    if trace.model == leads._name
                    else leads.browse(),
                    partners.filtered(lambda one, trace=trace: one.id == trace.res_id)
                    if trace.model == partners._name
                    else partners.browse(),
                )
                for trace in traces
            ]
        )

    def _browse_documents(self, model):
        ids = self.filtered(lambda trace: trace.model == model).mapped("res_id")
        return self.env[model].browse(ids).exists()

    def _prepare_touchpoint(self, act, lead, partner):
        mailing = self.mass_mailing_id
        company = lead and lead._get_commission_company()
        company = company or partner.company_id or mailing.user_id.company_id
        return {
            "kind": "email",
            "external_ref": f"{self._name},{self.id},{act}",
            "evidence": f"{mailing._name},{mailing.id}",
            "commission_source": mailing.source_id.commission_source or "marketing",
            "company_id": (company or self.env.company).id,
            "lead_id": lead.id,
            "partner_id": partner.id,
            "email_normalized": self.email,
            "campaign_id": mailing.campaign_id.id,
            "medium_id": mailing.medium_id.id,
            "source_id": mailing.source_id.id,
            "responsible_id": mailing.user_id.id,
            "note": mailing.subject,
        }
