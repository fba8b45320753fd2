# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import SUPERUSER_ID, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG

#: by which code of ours lets records go as when uninstalling: nothing that comes in from
#: outside is this object
LETTING_GO = object()


class Base(models.AbstractModel):
    """What an entry of the log says about a record, which rows of a file are known or tried
    again, and that what is kept on record is not let go."""

    _inherit = "base"

    def unlink(self):
        """Delete records; nobody says in the context that this is an uninstallation.

        Guards of ours would stand aside then.
        """
        flag = self.env.context.get(MODULE_UNINSTALL_FLAG)
        is_given = flag and flag is not LETTING_GO and self.env.uid != SUPERUSER_ID
        if is_given and any(
            "hr_sales_commission" in guard.__module__
            for guard in self._ondelete_methods
        ):
            self = self.with_context(**{MODULE_UNINSTALL_FLAG: False})
        return super().unlink()

    def _load_records_write(self, values):
        """Leave a record alone that a file without ids has brought before.

        Its row is known by what it says, so it has nothing new to say: what people
        changed since stays.
        """
        if self.env.context.get("commission_known_rows"):
            return None
        return super()._load_records_write(values)

    def _sql_error_to_message(self, exc):
        """Say what the database refused; a conflict while history comes in is no row's fault.

        It is left to the server, which begins that batch again: what a colleague's import
        has brought meanwhile is known then.
        """
        is_conflict = isinstance(exc, PG_CONCURRENCY_EXCEPTIONS_TO_RETRY)
        if is_conflict and self.env.context.get("commission_history"):
            raise exc
        return super()._sql_error_to_message(exc)

    def _ensure_one_given(self):
        """Refuse to do for none, or for several, what is done for one record.

        Programs name records by numbers: theirs is told in words what does not fit.

        :raises UserError: naming the kind of record
        """
        if len(self) != 1 or self._ids == (0,):
            raise UserError(
                self.env._(
                    "This is done for one record of “%(model)s” at a time. Select one.",
                    model=self._description,
                )
            )

    def _get_audit_values(self):
        """Return which record an entry of the log is about, and whose pay.

        :rtype: dict
        """
        self.ensure_one()
        return {
            "res_model": self._name,
            "res_id": self.id,
            "record_name": self.display_name,
            "company_id": self._get_audit_company().id,
            **self._get_audit_person(),
        }

    def _get_audit_person(self):
        """Return whose pay an entry is about, or by whom that is looked up for many."""
        return {"employee_id": self._get_audit_employee().id}

    def _get_audit_company(self):
        """Return the company in whose log an act on this record stands."""
        company = "company_id" in self._fields and self["company_id"]
        return company or self.env.company

    def _get_audit_employee(self):
        """Return whose pay follows from this record; none: everybody's."""
        employee = "employee_id" in self._fields and self["employee_id"]
        return employee or self.env["hr.employee"]

    def _get_audit_text(self, name):
        """Return a value as it stands in the log: codes and numbers, names of records."""
        value = self[name]
        if isinstance(value, models.BaseModel):
            return ", ".join(value.mapped("display_name")) or False
        if value is None or value is False:
            return False
        return str(value)

    def _tell_audit_text(self, name, text):
        """Return what the log tells its readers of a value."""
        return text

    def _get_audit_ref(self, name):
        """Return the number of the record a field points to; 0 where it is none."""
        value = self[name]
        return value.id or 0 if self._fields[name].type == "many2one" else 0
