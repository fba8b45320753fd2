# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Every figure of every board is what the list behind it sums up or counts to."""

from itertools import cycle

from odoo.fields import Command
from odoo.tests import tagged

from ..pipeline.day_sums import KINDS
from .common import CommissionCommon

MODELS = {
    "lines": "hr.commission.line",
    "credits": "hr.commission.credit",
    "paths": "crm.lead.path.report",
}
MARCH, QUARTER = ("2026-03-01", "2026-03-31"), ("2026-01-01", "2026-03-31")
HALF_MARCH = ("2026-03-01", "2026-03-15")
#: what the list behind a key figure sums up to, from the figures of the board
KEY_SUMS = {
    "signed": ("amount", lambda now: now["signed"]),
    "commission": ("amount", lambda now: now["commission"]),
    "cost_ratio": ("amount", lambda now: now["cost_ratio"] * now["signed"] / 100),
    "qualified": ("share", lambda now: now["qualified"]),
    "followup_rate": ("share", lambda now: now["qualified"]),
    "synergy_rate": ("share", lambda now: now["synergy_rate"] * now["qualified"] / 100),
    "overall_rate": (None, lambda now: now["came"]),
    "joint": ("share", lambda now: now["joint"]),
    "time_to_sign": ("share", lambda now: now["won"]),
    "own_share": ("amount", lambda now: now["own_share"] * now["signed"] / 100),
    "cost_per_lead": ("amount", lambda now: now["cost_per_lead"] * now["qualified"]),
    "cost_per_deal": (
        "amount",
        lambda now: now["cost_per_deal"] * now["won_marketing"],
    ),
}
#: of these nothing is left to see when the denominator is 0
RATIOS = {
    "cost_ratio": "signed",
    "own_share": "signed",
    "synergy_rate": "qualified",
    "cost_per_lead": "qualified",
    "cost_per_deal": "won_marketing",
}


@tagged("post_install", "-at_install", "commission_long")
class TestBoardRecords(CommissionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team, cls.other_team = cls.env["crm.team"].create(
            [{"name": name, "company_id": False} for name in ("One", "Two")]
        )
        cls.fair = cls.env["utm.source"].create({"name": "B-Fair"})
        cls.people = (
            cls.sales_north,
            cls.sales_south,
            cls.marketer,
            cls.team_manager,
            cls.manager_north,
            cls.area_manager,
            cls.officer_hq,
        )
        # a marketer who may read all that became of the leads
        cls.marketer.user_id.group_ids += cls.env.ref(
            "sales_team.group_sale_salesman_all_leads"
        )
        cls.marketer.user_id.company_ids = cls.branches
        # an officer who has no rights to leads of others
        cls.clerk = cls._create_person(
            "clerk",
            cls.hq,
            cls.branches,
            "hr_sales_commission.group_commission_officer",
            boss=cls.administrator,
        )
        cls._create_marketing_deals()
        cls._create_other_deals()
        cls._create_lines()
        cls._sum_up_days()

    @classmethod
    def _sum_up_days(cls):
        """Let boards read what days were summed up to, as they do most of the time."""
        cls.env.flush_all()
        cls.env["hr.commission.day"]._resolve_marks()
        for kind in KINDS:
            days = cls.env["hr.commission.stale"]._find_days(kind)
            cls.env["hr.commission.day"]._sum_up(kind, days)

    @classmethod
    def _create_marketing_deals(cls):
        qualified = {"is_qualified": True, "source_id": cls.fair.id}
        for number, person in enumerate((cls.sales_north, cls.sales_south) * 3):
            lead = cls._lead_won(
                person,
                1_000 * (number + 1),
                f"2026-0{number % 3 + 1}-1{number}",
                source="marketing",
                process=False,
                team_id=cls.team.id,
                first_touch_date=f"2026-0{number % 3 + 1}-0{number + 1}",
                date_qualified=f"2026-0{number % 3 + 1}-0{number + 2}",
                followup_count=number % 2,
                **qualified,
            )
        cls._lead_open(
            cls.sales_north,
            1_000,
            "marketing",
            first_touch_date="2026-03-05",
            date_qualified="2026-03-25",
            **qualified,
        )
        cls._process()
        lead.team_id = cls.other_team  # moved after its day

    @classmethod
    def _create_other_deals(cls):
        shares = [
            Command.create({"role": "sales", "employee_id": person.id, "percent": 50})
            for person in (cls.sales_north, cls.sales_south)
        ]
        both = [
            Command.create({"role": "sales", "employee_id": cls.marketer.id}),
        ]
        march = {"process": False, "first_touch_date": "2026-03-02"}
        for source, vals in (
            ("own", {"commission_share_ids": shares, "team_id": cls.team.id}),
            ("referral", {}),
            ("marketing", {"commission_share_ids": both}),
            ("own", {"verified": False}),
        ):
            cls._lead_won(cls.sales_north, 7_000, "2026-03-18", source, **march, **vals)
        lost = cls._lead_won(cls.sales_north, 900, "2026-03-19", **march)
        cls._process()
        lost.stage_id = cls.stage_new
        cls._process()

    @classmethod
    def _create_lines(cls):
        """Create corrections by hand: of a lead, of none, disputed, due later."""
        lead = cls.env["crm.lead"].search([("source_id", "=", cls.fair.id)], limit=1)
        cls.env["hr.commission.line"].create(
            [
                {
                    "employee_id": person.id,
                    "company_id": person.company_id.id,
                    "role": role,
                    "date": "2026-03-20",
                    "amount": 11 * (number + 1),
                    "note": "By hand",
                    "commission_source": "marketing",
                    **vals,
                }
                for number, (person, role, vals) in enumerate(
                    [
                        (cls.marketer, "marketing", {"lead_id": lead.id}),
                        (cls.marketer, "marketing", {}),
                        (cls.sales_north, "sales", {"date_due": "2099-01-15"}),
                        (cls.sales_north, "sales", {"lead_id": lead.id}),
                    ]
                )
            ]
        )

    def _boards(self):
        """Yield (environment, period, filters) of readers, each chosen in turn."""
        filters = cycle(
            [
                {},
                {"team_id": self.team.id},
                {"source": "marketing"},
                {"company_id": self.north.id},
                {"source": "own", "team_id": self.team.id},
            ]
        )
        periods = cycle([MARCH, QUARTER, HALF_MARCH])
        for person in (*self.people, self.clerk):
            allowed = person.user_id.company_ids
            for companies in {person.company_id, allowed}:
                for chosen in ({}, next(filters)):
                    env = self._as(person, *companies)
                    yield person.name, env, next(periods), chosen

    def _sum(self, env, model, domain, field):
        """Return what a list sums up to, each company's money converted."""
        records = env[model].with_context(active_test=False)
        if field is None:
            return records.search_count(domain)
        groups = records._read_group(domain, ["company_id"], [f"{field}:sum"])
        convert = env["hr.commission.board"]._convert if field == "amount" else None
        return sum(
            convert(company, total) if convert else total for company, total in groups
        )

    def _count_groups(self, env, domain):
        groups = env["hr.commission.credit"].formatted_read_group(
            domain, ["lead_id"], ["__count"]
        )
        return len(groups)

    def test_management_figures_equal_what_they_open(self):
        seen, rows = set(), 0
        for name, env, period, chosen in self._boards():
            board = env["hr.commission.board"].get_management_board(*period, **chosen)
            with self.subTest(name, period=period, **chosen):
                seen |= self._check_key_figures(env, board)
                rows += self._check_rows(env, board)
        self.assertEqual(seen, set(KEY_SUMS), "each figure was other than 0 once")
        self.assertGreater(rows, 50)

    def _check_key_figures(self, env, board):
        """Return which figures the board has, each what it opens."""
        now, seen = board["current"], set()
        for code, (field, value_of) in KEY_SUMS.items():
            if code in RATIOS and not now[RATIOS[code]]:
                continue
            opened = board["records"][code]
            total = self._sum(env, MODELS[opened["records"]], opened["domain"], field)
            self.assertAlmostEqual(total, value_of(now), 2, code)
            seen |= {code} if total else set()
        return seen

    def _check_rows(self, env, board):
        """Return how many rows of tables the board has, each what it opens."""
        for row in board["branches"]:
            total = self._sum(env, MODELS["lines"], row["domain"], "amount")
            self.assertAlmostEqual(total, row["commission"], 2, row["name"])
        rows = [row for rows in board["conversions"].values() for row in rows]
        for row in rows + board["months"]:
            self.assertEqual(self._count_groups(env, row["domain"]), row["qualified"])
        return len(rows)

    def test_every_key_figure_opens_something(self):
        board = self._as(self.officer_hq)["hr.commission.board"]
        figures = board.get_management_board(*MARCH)["figures"]
        self.assertEqual({figure["id"] for figure in figures}, set(KEY_SUMS))

    def test_my_figures_equal_what_they_open(self):
        seen = set()
        for name, env, period, chosen in self._boards():
            board = env["hr.commission.board"].get_my_board(*period, **chosen)
            for what, model, domain, field, value in self._my_figures(board):
                with self.subTest(name, period=period, what=what, **chosen):
                    if field == "lead_id":
                        total = self._count_groups(env, domain)
                    else:
                        total = self._sum(env, model, domain, field)
                    self.assertAlmostEqual(total, value, 2)
                    seen |= {what} if total else set()
        everything = {"earned", "bonus", "held", "source", "deals", "channel"}
        self.assertLessEqual(everything | {"payment", "leads", "won"}, seen)

    def _my_figures(self, board):
        """Yield (name, model, domain, what is summed, the figure)."""
        parts, lines = board["parts"], MODELS["lines"]
        cards = {
            "earned": parts["open"] + parts["in_payroll"] + parts["paid"],
            "bonus": board["bonus"],
            **parts,
            "disputed": board["disputed"],
        }
        self.assertEqual(set(board["records"]), set(cards))
        for card, value in cards.items():
            yield card, lines, board["records"][card], "amount", value
        for row in board["sources"]:
            yield "source", lines, row["domain"], "amount", row["commission"]
            yield "deals", None, row["deals_domain"], "lead_id", row["deals"]
        for row in board["channels"]:
            yield "channel", lines, row["domain"], "amount", row["amount"]
        for row in board["upcoming"]:
            yield "payment", lines, row["domain"], "amount", row["amount"]
        marketing = board["marketing"]
        if board["can_open_leads"] and marketing["leads"] == marketing["readable"]:
            for what, domain in marketing["domains"].items():
                yield what, "crm.lead", domain, None, marketing[what]
