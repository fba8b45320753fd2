# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Addresses and days that nobody sensible gives."""

import re

from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tools import mute_logger

from .test_doors import DoorsCommon

#: what stands in an address where the number of a record belongs
NUMBERS = ("0", "-1", "2147483647", "2147483648", "9" * 40, "abc", "1,2147483648")
#: and where an address is read by ourselves
ODD_NUMBERS = ("9" * 5000, "1e3", "nan", "None", "1,", ",1", "١٢", "1;2", "%00", "[1]")


@tagged("post_install", "-at_install", "commission_long")
@freeze_time("2026-05-20 12:00:00")
class TestAddresses(DoorsCommon, HttpCase):
    """Every page and file of ours × numbers: an answer in words, nothing foreign."""

    def _our_addresses(self):
        """Return the addresses of ours that name records, with %s for the number."""
        modules = sorted(
            {self.env[name]._original_module for name in self._our_models()}
        )
        rules = self.env["ir.http"]._generate_routing_rules(modules, {})
        addresses = {
            re.sub("<[^>]*>", "%s", url)
            for url, endpoint in rules
            if "<" in url and "hr_sales_commission" in endpoint.func.__module__
        }
        ours = self.env["ir.actions.report"].search(
            [("model", "in", self._our_models())]
        )
        return sorted(addresses) + [
            f"/report/{converter}/{report.report_name}/%s"
            for report in ours
            for converter in ("html", "pdf")
        ]

    def _foreign(self, address):
        """Return the id of a record of North that an address might show."""
        for name in ("simulation", "effect", "statement"):
            if name in address:
                return self.foreign[name]
        return self.deal.id

    @mute_logger("odoo.http", "odoo.sql_db")
    def test_every_address(self):
        self.foreign = {
            "statement": self.env["hr.commission.statement"].search([], limit=1).id,
            "simulation": self.env["hr.commission.simulation"]
            .create(
                {"name": "planted-plan", "company_id": self.north.id}
                | {"date_from": "2026-05-01", "date_to": "2026-05-31"}
            )
            .id,
            "effect": self.env["hr.commission.effect"]
            .create({"name": "planted-plan", "company_id": self.north.id})
            .id,
        }
        addresses = self._our_addresses()
        self.assertGreater(len(addresses), 7)
        self._try(self.sales_south, addresses, self._foreign)
        # whoever may read them all is told that there is none
        self._try(self.officer_hq, addresses, lambda _address: "2147483647")

    def _try(self, person, addresses, find):
        self.authenticate(person.user_id.login, person.user_id.login)
        for address in addresses:
            numbers = [find(address)]
            if person == self.sales_south:
                numbers += NUMBERS if "/report/" in address else NUMBERS + ODD_NUMBERS
            for number in numbers:
                with self.subTest(by=person.name, address=address, number=number):
                    answer = self.url_open(address % number)
                    self.assertIn(answer.status_code, (400, 403, 404))
                    self.assertNothingPlanted(answer.text, address)
