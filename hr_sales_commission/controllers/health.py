# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""The health of the commissions for monitoring from outside: numbers, no names."""

from odoo.http import Controller, request, route


class CommissionHealth(Controller):
    @route(
        "/commission/health",
        type="http",
        auth="bearer",
        methods=["GET"],
        readonly=False,
        save_session=False,
    )
    def get_health(self, **_parameters):
        """Answer monitoring as JSON; see ``hr.commission.health.get_health``.

        Asked with the API key of a commission officer (``Authorization: Bearer …``).
        The status is 503 while something needs somebody, else 200.
        """
        health = request.env["hr.commission.health"].get_health()
        status = 503 if health["state"] == "error" else 200
        return request.make_json_response(health, status=status)
