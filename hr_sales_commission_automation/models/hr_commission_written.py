# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Automation rules see lines and credits that are written in blocks."""

import logging

from odoo import api, models

from odoo.addons.base_automation.models.base_automation import (
    CREATE_TRIGGERS,
    WRITE_TRIGGERS,
)
from odoo.addons.hr_sales_commission.pipeline.isolation import isolated

_logger = logging.getLogger(__name__)

#: what was before a batch, by model: what rules compare with
FORMER = "hr_commission_former"


class HrCommissionWritten(models.AbstractModel):
    """Runs automation rules on what was written in blocks, as for records by hand."""

    _inherit = "hr.commission.written"

    @api.model
    def _has_automation(self, method):
        """Whether a rule hangs on a method of this model; asks no database.

        Odoo puts a method of its own before those of models that have rules.
        """
        return hasattr(getattr(type(self), method), "origin")

    @api.model
    def _keep_former(self, rows):
        """Keep which rules may run on these records, and the values they had."""
        if not self._has_automation("write"):
            return
        records = self.browse([row["id"] for row in rows])
        automations = self.env["base.automation"]._get_actions(records, WRITE_TRIGGERS)
        names = [
            name
            for name, field in self._fields.items()
            if field.store and field.column_type
        ]
        values = {
            record.id: {name: record[name] for name in names} for record in records
        }
        pre = {
            automation.id: automation._filter_pre(records).ids
            for automation in automations
        }
        former = self.env.cr.precommit.data.setdefault(FORMER, {})
        former[self._name] = (pre, values)

    def _before_written(self):
        self._keep_former([{"id": record_id} for record_id in self.ids])
        return super()._before_written()

    def _on_written(self, created):
        result = super()._on_written(created)
        former = self.env.cr.precommit.data.get(FORMER, {}).pop(self._name, None)
        if created and self._has_automation("create"):
            self._run_automations(created, CREATE_TRIGGERS, None)
        changed = self - created
        if changed and self._has_automation("write"):
            self._run_automations(changed, WRITE_TRIGGERS, former)
        return result

    def _run_automations(self, records, triggers, former):
        """Run the rules that hang on these triggers; one that fails stops nobody's pay.

        :param former: what rules compare with, None if all is new to them
        """
        pre, values = former or (None, None)
        automations = self.env["base.automation"]._get_actions(records, triggers)
        for automation in automations.with_context(old_values=values):
            allowed = records
            if pre is not None:
                allowed = records.browse(pre.get(automation.id, ()))
            with isolated(self.env, _logger, "Automation rule", automation):
                met, domain = automation._filter_post_export_domain(
                    allowed.with_env(automation.env), feedback=True
                )
                automation._process(met, domain_post=domain)


class HrCommissionLine(models.Model):
    _inherit = "hr.commission.line"

    @api.model
    def _update_rows(self, rows, names):
        self._keep_former(rows)
        return super()._update_rows(rows, names)


class HrCommissionCredit(models.Model):
    _inherit = "hr.commission.credit"

    @api.model
    def _update_rows(self, rows):
        self._keep_former(rows)
        return super()._update_rows(rows)
