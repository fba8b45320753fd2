# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import float_compare, groupby

from ..pipeline.reader_numbers import format_number


class HrCommissionShareMixin(models.AbstractModel):
    """How a role's credit for a deal or a document is shared between people.

    What is shared has the shares in ``commission_share_ids``, says by its
    ``_get_share_holders()`` who has a role without any, and is recorded again by its
    ``_recapture_credited()`` whenever they change.
    """

    _name = "hr.commission.share.mixin"
    _description = "Shares of a Commission"
    _inherit = ["hr.commission.guard", "hr.commission.role.mixin"]

    _checks_first = True
    #: the many2one fields of which one says what is shared
    _shared_fields = ()

    employee_id = fields.Many2one("hr.employee", required=True, ondelete="restrict")
    role = fields.Selection(
        required=True, default="sales", help="What the person is credited for."
    )
    percent = fields.Float(
        string="Share (%)",
        required=True,
        default=100.0,
        digits=(16, 6),
        help="The part of this role; together they are 100 %.",
    )

    _percent_in_range = models.Constraint(
        "CHECK (percent > 0 AND percent <= 100)", "A share lies between 0 and 100 %."
    )

    def _get_shared(self):
        """Return what is shared: one recordset for each field that may say so."""
        return [self[name] for name in self._shared_fields]

    @api.constrains(lambda self: ("percent", "role", *self._shared_fields))
    def _check_shares_sum(self):
        for name, records in zip(self._shared_fields, self._get_shared()):
            for (shared, _role), group in groupby(
                records.commission_share_ids,
                key=lambda share: (share[name], share.role),
            ):
                total = sum(share.percent for share in group)
                if float_compare(total, 100.0, precision_digits=4):
                    raise ValidationError(
                        self.env._(
                            "The %(role)s shares of “%(lead)s” sum to %(total)s %%. "
                            "They must sum to 100 %%.",
                            role=group[0]._get_role_name(),
                            lead=shared.display_name,
                            total=format_number(self.env, total),
                        )
                    )

    @contextmanager
    def _refusing_larger_own_share(self, vals_list=()):
        """Refuse that somebody gives themselves more of a sale than they had, by person.

        :param vals_list: values that may name further records to share
        :raises AccessError: saying whom to ask
        """
        Person = self.env["hr.commission.person"]
        shared = [
            records
            | records.browse(filter(None, (vals.get(name) for vals in vals_list)))
            for name, records in zip(self._shared_fields, self._get_shared())
        ]
        before = Person._sum_own_shares(shared)
        yield
        now = Person._sum_own_shares([records.exists() for records in shared])
        if any(percent > before.get(key, 0.0) for key, percent in now.items()):
            raise AccessError(
                self.env._(
                    "You would give yourself a larger share of this sale. Ask somebody "
                    "to do it who does not earn by it."
                )
            )

    # ------------------------------------------------------------------
    # CRUD: what is shared is recorded again
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._check_given(vals_list)
        with self._refusing_larger_own_share(vals_list):
            shares = super().create(vals_list)
        for records in shares._get_shared():
            records._recapture_credited()
        return shares

    def write(self, vals):
        self._check_given([vals])
        before = self._get_shared()
        with self._refusing_larger_own_share([vals]):
            result = super().write(vals)
        if not vals.keys().isdisjoint(self._shared_fields):
            self.check_access("write")  # Odoo checks the place before only
        self.flush_recordset()  # events record shares from the database
        for former, current in zip(before, self._get_shared()):
            (former | current)._recapture_credited()
        return result

    def unlink(self):
        before = self._get_shared()
        with self._refusing_larger_own_share():
            result = super().unlink()
        for records in before:
            records.exists()._recapture_credited()
        return result
