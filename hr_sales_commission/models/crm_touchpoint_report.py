# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Contacts that other addons and other systems report."""

import logging

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import clean_context

from ..pipeline.given import check_given, check_values
from ..pipeline.isolation import isolated
from ..pipeline.titles import listed
from .crm_touchpoint import TOUCHPOINT_KINDS, UTM_FIELDS

_logger = logging.getLogger(__name__)


class CrmTouchpoint(models.Model):
    _inherit = "crm.touchpoint"

    # ------------------------------------------------------------------
    # For other addons
    # ------------------------------------------------------------------

    @api.model
    def _record_arrivals(self, vals_list):
        """Log contacts by which customers came to the company through another addon.

        A document of the other addon (``external_ref``) is one contact, however often
        it is reported. They belong to the marketer who is responsible for the campaign,
        else to nobody in particular. A failure of ours never stops the customer.

        :param list[dict] vals_list: values of touchpoints; ``external_ref`` names the
            document, ``responsible_id`` a user who stands in where no campaign is given
        :return: what is new
        :rtype: crm.touchpoint
        """
        log = self.sudo().with_context(  # sudo: visitors
            clean_context(self.env.context)
        )
        created = log.browse()
        with isolated(self.env, _logger, "Contacts through another addon", created):
            log._complete_arrivals(vals_list)
            known = log._find_reported(vals_list)
            new = {
                (vals["company_id"], vals["external_ref"]): vals for vals in vals_list
            }
            created = log.create([new[key] for key in new if key not in known])
        return created

    @api.model
    def _complete_arrivals(self, vals_list):
        """Add to contacts whose they are; whoever typed their own claims them."""
        campaigns = self.env["utm.campaign"].browse(
            {vals["campaign_id"] for vals in vals_list if vals.get("campaign_id")}
        )
        responsible = {campaign.id: campaign.user_id.id for campaign in campaigns}
        user_of = [
            responsible.get(vals.get("campaign_id"))
            or vals.pop("responsible_id", False)
            for vals in vals_list
        ]
        users = self.env["res.users"].browse(set(filter(None, user_of)))
        roles = self.env["crm.lead"]._get_roles(users)
        myself, _own = self.env["hr.commission.person"]._get_myself()
        for vals, user_id in zip(vals_list, user_of, strict=True):
            vals.pop("responsible_id", None)
            role, employee_id = roles.get(user_id, (False, False))
            vals["employee_id"] = role == "marketing" and employee_id
            vals["is_claim"] = bool(vals["employee_id"]) and user_id in myself.ids

    # ------------------------------------------------------------------
    # For ad platforms and other systems
    # ------------------------------------------------------------------

    @api.model
    def record_contacts(self, contacts):
        """Log contacts that another system reports.

        A contact that cannot be matched is kept as such, with the reason. The same
        ``external_ref`` twice is logged once.

        :param list[dict] contacts: ``email``, ``phone``, ``company_name``, ``date``
            (UTC), ``kind``, ``utm_source``, ``utm_medium``, ``utm_campaign`` (names),
            ``employee_id``, ``lead_id``, ``partner_id``, ``company_id``, ``note``,
            ``external_ref``, ``duration`` (minutes of a call, as the telephone system
            timed it); all optional
        :return: ``id``, ``state`` and ``reason`` for each, in the order given
        :rtype: list[dict]
        :raises AccessError: for anybody but commission officers
        :raises UserError: for a name that is not one of these
        """
        self._check_officer()
        if not isinstance(contacts, list | tuple):
            raise UserError(self.env._("Give a list of contacts."))
        vals_list = [self._prepare_reported(contact) for contact in contacts]
        for vals in vals_list:
            check_values(self, vals)
        check_given(self, vals_list)
        self._check_reported_for_others(vals_list)
        known = self._find_reported(vals_list)
        new = {}
        for vals in vals_list:
            key = (vals["company_id"], vals["external_ref"])
            if key not in known:
                new[key if vals["external_ref"] else id(vals)] = vals
        created = self.sudo().create(list(new.values()))  # sudo: officers only, above
        found = known | dict(zip(new, created, strict=True))
        result = []
        for vals in vals_list:
            key = (vals["company_id"], vals["external_ref"])
            touch = found[key if vals["external_ref"] else id(vals)]
            result.append(
                {"id": touch.id, "state": touch.state, "reason": touch.reason or ""}
            )
        return result

    def _check_reported_for_others(self, vals_list):
        """Refuse contacts that prove one's own customers.

        :raises AccessError: naming who earned them
        """
        ids = {vals["employee_id"] for vals in vals_list if vals.get("employee_id")}
        people = self.env["hr.employee"].sudo().browse(ids)  # sudo: names only
        if self.env["hr.commission.person"]._is_own(people):
            raise AccessError(
                self.env._(
                    "You report contacts of your own (%(names)s). A system reports "
                    "them, with a user of its own.",
                    names=listed(self.env, people.mapped("name")),
                )
            )

    def _find_reported(self, vals_list):
        refs = [vals["external_ref"] for vals in vals_list if vals["external_ref"]]
        # sudo: what was reported is known to the system
        touchpoints = self.sudo().search([("external_ref", "in", refs)])
        return {
            (touch.company_id.id, touch.external_ref): touch for touch in touchpoints
        }

    def _prepare_reported(self, contact):
        if not isinstance(contact, dict):
            raise UserError(
                self.env._("Give each contact as a record of names and values.")
            )
        direct = {"date", "kind", "employee_id", "lead_id", "partner_id", "company_id"}
        direct |= {"company_name", "note", "external_ref", "duration"}
        renamed = {"email": "email_normalized", "phone": "phone_sanitized"}
        utm = {f"utm_{name[:-3]}": name for name in UTM_FIELDS}
        unknown = contact.keys() - direct - renamed.keys() - utm.keys()
        if unknown:
            raise UserError(
                self.env._(
                    "A contact has no “%(names)s”. It may have: %(known)s.",
                    names=listed(self.env, sorted(unknown)),
                    known=listed(
                        self.env, sorted(direct | renamed.keys() | utm.keys())
                    ),
                )
            )
        kinds = dict(TOUCHPOINT_KINDS)
        kind = contact.get("kind") or "ad_click"
        if kind not in kinds:
            raise UserError(
                self.env._(
                    "“%(kind)s” is no kind of contact. Use one of: %(known)s.",
                    kind=kind,
                    known=listed(self.env, kinds),
                )
            )
        vals = {name: contact[name] for name in direct if contact.get(name)}
        vals.update(kind=kind, external_ref=contact.get("external_ref") or False)
        vals.setdefault("company_id", self.env.company.id)
        self._check_company_selected(vals["company_id"])
        for given, name in renamed.items():
            if contact.get(given):
                vals[name] = contact[given]
        vals["reason"] = self._add_reported_utm(vals, contact, utm)
        return vals

    def _check_company_selected(self, company_id):
        if company_id not in self.env.companies.ids:
            raise AccessError(
                self.env._("Select the company of the contact first, or leave it out.")
            )

    def _add_reported_utm(self, vals, contact, utm):
        """Link known utm names; keep unknown ones by value.

        :return: a sentence about the unknown ones
        """
        unknown = []
        for given, name in utm.items():
            text = str(contact.get(given) or "").strip()
            if not text:
                continue
            # sudo: names of a source, whoever reports it
            model = self.env[self._fields[name].comodel_name].sudo()
            record = model.with_context(active_test=False).search(
                [("name", "=ilike", text)], limit=1
            )
            vals[name] = record.id
            if not record:
                vals[name.replace("_id", "_name")] = text
                unknown.append(text)
        if not unknown:
            return False
        return self.env._(
            "Unknown utm name: %(names)s.", names=listed(self.env, unknown)
        )
