# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""How a new lead arrived: its source, its marketer and the way it came."""

from odoo import SUPERUSER_ID, api, models
from odoo.tools import html2plaintext

from .crm_touchpoint import INBOUND_KINDS, UTM_FIELDS

#: an officer who gives one of these for a new lead has decided its source
DECIDING_FIELDS = ("commission_source", "source_state", "marketer_id") + (
    "first_touch_date",
    "date_qualified",
    "date_won",
)


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model
    def _complete_commission_vals(self, vals_list):
        """Add source, marketer and imported facts to the values of new leads."""
        defaults = self.default_get(list(UTM_FIELDS))
        utm = [
            {name: vals.get(name, defaults.get(name)) for name in UTM_FIELDS}
            for vals in vals_list
        ]
        known = {name: self._browse_utm(utm, name) for name in UTM_FIELDS}
        people = known["campaign_id"].user_id | self.env.user
        typist = people.browse(self._get_typist_id())
        roles = self._get_roles(people | typist)
        marketers = {
            user_id: employee_id
            for user_id, (role, employee_id) in roles.items()
            if role == "marketing"
        }
        at_work = self._get_own_marketers(marketers)
        is_person = self._is_person(roles)
        today = self.env.company._commission_local_date()
        for vals, ids in zip(vals_list, utm, strict=True):
            given = {name: known[name].browse(ids[name] or ()) for name in UTM_FIELDS}
            self._complete_import_vals(vals)
            is_fixed = any(vals.get(name) for name in DECIDING_FIELDS)
            vals["is_source_fixed"] = is_fixed
            if not vals.get("commission_source"):
                source = self._guess_source(vals, given, marketers)
                vals["commission_source"] = source
                # what a program made without a source is nobody's until verified
                vals["is_source_unknown"] = source == "own" and not (
                    is_person or is_fixed or given["source_id"].commission_source
                )
            self._complete_marketer(
                vals, given["campaign_id"].user_id, marketers, at_work
            )
            if not vals.get("first_touch_date"):
                vals["first_touch_date"] = vals.get("date_qualified") or today
            self._complete_arrival(vals, given)

    def _complete_marketer(self, vals, campaigner, marketers, at_work):
        """Add who brought a new lead, and whether that is proven.

        :param campaigner: res.users responsible for the campaign
        :param dict marketers: ids of marketing's employees by user id
        :param at_work: which of these employees the user is, by whatever login
        """
        own = marketers.get(self.env.uid, False)
        if not vals.get("marketer_id") and not (
            "marketer_id" in vals and vals["is_source_fixed"]
        ):
            vals["marketer_id"] = vals["commission_source"] != "own" and (
                marketers.get(campaigner.id) or own
            )
        if "source_state" not in vals:
            is_own = vals["marketer_id"] in at_work
            is_proven = vals["commission_source"] == "marketing" and not is_own
            vals["source_state"] = "verified" if is_proven else "open"

    def _complete_arrival(self, vals, utm):
        """Add how a new lead came, and what its customer wrote into a form."""
        # another addon that knows how they came has said so
        kind = self._get_arrival_kind(vals) or self._guess_channel(vals, utm)
        vals["channel"] = kind
        if kind == "web_form" and not vals.get("need_description"):
            # what a visitor writes into a form is what they need
            need = html2plaintext(vals.get("description") or "")
            vals["need_description"] = need or False

    def _browse_utm(self, utm, name):
        ids = {names[name] for names in utm if names[name]}
        # sudo: names of a source, whoever types it
        return self.env[self._fields[name].comodel_name].sudo().browse(ids)

    def _get_roles(self, users):
        """Return the commission role and the employee of each user who is one.

        The system, visitors and whoever has left earn nothing, whatever employee is
        linked with them.

        :return: (role, employee id) by user id, marketing before any other role
        :rtype: dict[int, tuple]
        """
        # sudo: who is at work here is no secret
        at_work = users.sudo().filtered(
            lambda user: user.active and not user.share and user.id != SUPERUSER_ID
        )
        employees = (
            self.env["hr.employee"]
            .sudo()  # sudo: roles are for human resources
            .search_fetch(
                [("user_id", "in", at_work.ids)], ["user_id", "commission_role"]
            )
        )
        roles = {}
        for employee in employees:
            role = employee.commission_role
            if employee.user_id.id not in roles or role == "marketing":
                roles[employee.user_id.id] = (role, employee.id)
        return roles

    def _get_own_marketers(self, marketers):
        """Return which of these marketers is at work, by whatever login.

        :param dict marketers: ids of employees by user
        :rtype: set[int]
        """
        if not marketers:
            return set()
        _users, own = self.env["hr.commission.person"]._get_myself()
        return set(own.ids).intersection(marketers.values())

    def _is_person(self, roles):
        """Whether a colleague is at work, not a program, a visitor or the system."""
        return self.env.uid != SUPERUSER_ID and self.env.uid in roles

    def _guess_source(self, vals, utm, marketers):
        """Say whose customer a new lead is, from what is known of it."""
        if vals.get("referrer_id"):
            return "referral"
        if utm["source_id"].commission_source:
            return utm["source_id"].commission_source
        is_inbound = self._get_arrival_kind(vals) in INBOUND_KINDS
        if is_inbound or any(utm.values()) or self.env.uid in marketers:
            return "marketing"
        return "own"

    @api.model
    def _get_arrival_kind(self, vals):
        """Return the kind of contact through which another addon makes a lead.

        Addons that bring leads add theirs.

        :param dict vals: of the new lead
        :rtype: str | bool
        """
        return self.env.su and vals.get("channel")

    def _get_arrival_evidence(self):
        """Return the document of another addon that brought the lead; addons add it.

        :rtype: models.Model | None
        """
        self.ensure_one()
        return None

    @api.model
    def _complete_import_vals(self, vals):
        """Days given by hand hold for good: of qualification, and of winning."""
        if vals.get("date_qualified"):
            vals["is_qualified"] = True
            vals["is_qualification_fixed"] = True
        if vals.get("date_won"):
            vals["is_history_imported"] = True
            vals["is_before_start"] = False

    def _guess_channel(self, vals, utm):
        """Say what kind of contact a new lead arrives by."""
        if vals.get("referrer_id"):
            return "referral"
        if utm["medium_id"].touchpoint_kind:
            return utm["medium_id"].touchpoint_kind
        if any(utm.values()):
            return "web_form"
        is_import = vals["is_source_fixed"] or self.env.context.get("import_file")
        return "import" if is_import else "other"
