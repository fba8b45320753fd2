# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""The log of contacts as evidence: hashed, chained, corrected in the open, verified."""

import hashlib
import json

from odoo import api, fields, models

from ..pipeline.officers import check_officer
from ..pipeline.told import told
from .crm_touchpoint import HASHED_FIELDS
from .crm_touchpoint_chain import read_entries


class CrmTouchpoint(models.Model):
    _inherit = "crm.touchpoint"

    @api.model
    def _get_content_hash(self, vals):
        """Return the hash of the evidence in a touchpoint.

        :param dict vals: column values by name
        """
        content = []
        for name in HASHED_FIELDS:
            # as it is stored, whatever type it was given in
            field = self._fields[name]
            value = field.convert_to_column(
                field.convert_to_cache(vals.get(name), self, validate=False), self
            )
            if name == "date":
                value = fields.Datetime.to_string(value)
            content.append(value or "")
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()

    @api.model
    def _add_to_chain(self, vals_list):
        defaults = self.default_get(list(HASHED_FIELDS))
        for vals in vals_list:
            vals.update({**defaults, **vals})  # hashed is what will be stored
            vals["content_hash"] = self._get_content_hash(vals)
        # sudo: kept by the system
        self.env["crm.touchpoint.chain"].sudo()._add(vals_list)

    @api.model
    def _read_chained(self, company_ids, ids=None):
        """Read touchpoints as the table holds them, with the hash of what it holds.

        :rtype: list[dict]
        """
        return read_entries(self, HASHED_FIELDS, company_ids, ids)

    def _log_corrections(self, former_rows, vals):
        """Log what a commission administrator changed, as an entry of its own.

        :param former_rows: the touchpoints before
        :param vals: the new values, None for a deletion
        """
        self.flush_model()
        current = {}
        if vals is not None:
            rows = self._read_chained(self.company_id.ids, self.ids)
            current = {row["id"]: row["content"] for row in rows}
        # sudo: the chain is written by the system only
        self.env["crm.touchpoint.chain"].sudo()._link_pending()
        numbers = {touch.id: touch.chain_number for touch in self}
        entries = []
        for row in former_rows:
            names = ", ".join(sorted(vals or ()))
            note = (
                self.env._(
                    "Corrected by %(user)s: %(names)s",
                    user=self.env.user.name,
                    names=names,
                )
                if vals is not None
                else self.env._("Deleted by %(user)s", user=self.env.user.name)
            )
            entries.append(
                {
                    "company_id": row["company_id"],
                    "kind": "other",
                    "state": "unmatched",
                    "reason": self.env._("Entry about touchpoint %s.", row["id"]),
                    "note": note,
                    "commission_source": False,
                    "corrected_number": numbers[row["id"]],
                    "corrected_hash": current.get(row["id"], False),
                    "former_hash": row["content_hash"],
                }
            )
        self.sudo().create(entries)  # sudo: kept by the system

    def _void(self, reason):
        """Let these contacts decide nothing any more; the log says why.

        :param str reason: why they do not count
        """
        touchpoints = self.sudo()  # sudo: the caller has checked who asks
        former = touchpoints._read_chained(touchpoints.company_id.ids, touchpoints.ids)
        vals = {"state": "unmatched", "reason": reason}
        touchpoints.write(vals)
        touchpoints._log_corrections(former, vals)

    @api.model
    def verify_integrity(self):
        """Check what is on record in the selected companies against tampering.

        Contacts, what people did to commissions by hand, corrections, and approved
        commissions.

        :return: every break: company_id, number of the link, model, res_id,
            touchpoint_id and problem; nothing if all is intact
        :rtype: list[dict]
        :raises AccessError: for anybody but commission officers
        """
        self._check_officer()
        companies = self.env.companies.ids
        chain = self.env["crm.touchpoint.chain"].sudo()  # sudo: the check is above
        audit = self.env["hr.commission.audit"].sudo()  # sudo: the check is above
        return chain._find_all_breaks(companies) + audit._find_broken_seals(companies)

    @api.model
    def action_verify_integrity(self):
        """Check the log and tell the result."""
        breaks = self.verify_integrity()
        messages = [
            self.env._(
                "%(company)s, %(record)s %(number)s: %(problem)s",
                company=self.env["res.company"].browse(found["company_id"]).name,
                record=self.env[found["model"]]._description,
                number=found["res_id"] or found["number"] or "–",
                problem=found["problem"],
            )
            for found in breaks
        ]
        return told(
            "danger" if breaks else "success",
            "\n".join(messages)
            or self.env._(
                "Every contact, act, correction and approved commission is as it was "
                "recorded."
            ),
            "hr_sales_commission.crm_touchpoint_action",
            sticky=bool(breaks),
            title=self.env._("Records were tampered with")
            if breaks
            else self.env._("The records are intact"),
        )

    @api.model
    def _check_officer(self):
        check_officer(self.env, self.env._("Only a commission officer may do this."))
