# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
import random
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import date_utils

from .lead_generator import Branch, Channel, LeadGenerator
from .lead_texts import ACTIVITIES, CLAIMS, NAMES, NOTES

LEAD_COUNT = 390
MODULE = "hr_sales_commission"
COUNTRIES = {
    "hamburg": ("de", "at", "nl", "ch"),
    "nordics": ("se", "no", "dk", "fi"),
    "iberia": ("es", "pt"),
    "east": ("pl", "cz", "hu"),
}
COMPANIES = {
    "hamburg": "halden",
    "nordics": "nordics",
    "iberia": "iberia",
    "east": "east",
}
MANAGERS = {"nordics": "bjorn", "iberia": "bruno", "east": "ewa"}
WEIGHTS = {"hamburg": 42, "nordics": 21, "iberia": 19, "east": 18}
#: campaign, source, medium, weight, branches it reaches
CHANNELS = [
    ("retrofit", "utm.utm_source_newsletter", "utm.utm_medium_website", 3, "all"),
    ("search", "utm.utm_source_search_engine", "paid_search", 2, "all"),
    ("fair", "fair", "booth", 2, "all"),
    ("webinar", "webinar", "live_demo", 2, "all"),
    ("nordics", "utm.utm_source_linkedin", "utm.utm_medium_website", 11, "nordics"),
    ("iberia", "utm.utm_source_mailing", "live_demo", 11, "iberia"),
    ("east", "utm.utm_source_linkedin", "utm.utm_medium_website", 11, "east"),
]


class HrCommissionDemo(models.AbstractModel):
    """Demo data that files cannot hold: months of deals up to today.

    The deals go through the pipeline like real ones; older commissions are approved
    and paid, and some deals change afterwards.
    """

    _name = "hr.commission.demo"
    _description = "Commission Demo Data"

    @api.model
    def _load_history(self):
        self = self.with_context(
            tracking_disable=True,
            mail_create_nosubscribe=True,
            mail_activity_quick_update=True,
            commission_new_leads=True,
            lang=self._get_language(),
        )
        today = fields.Date.context_today(self)
        self._speak()
        leads = self._create_leads(today)
        self._create_targets(today)
        self._add_follow_up(leads, today)
        self._process()
        self._settle(today)
        self._close_months(today + date_utils.relativedelta(months=-3, day=31))
        self._change_history(leads, today)
        self._process()

    @api.model
    def _get_language(self):
        """Return the language the demo is made in: the one installed beside English."""
        codes = [code for code, _name in self.env["res.lang"].get_installed()]
        return next((code for code in codes if code != "en_US"), "en_US")

    def _speak(self):
        """Give the people of the demo its language, and names what has just one.

        Labels that stand in messages are translated before the addon is all installed.
        """
        lang = self.env.context["lang"]
        if lang != "en_US":
            self.env["ir.module.module"]._load_module_terms([MODULE], [lang])
        users = self.env["res.users"].search(
            [("company_id", "in", self._get_companies().ids)]
        )
        users.lang = lang
        for xmlid, name in NAMES.items():
            self.env.ref(f"{MODULE}.{xmlid}").name = self.env._(name)

    def _ref(self, kind, key):
        """Return a record of the demo, or any record by its full name."""
        xmlid = key if "." in key else f"{MODULE}.{kind}_{key}_demo"
        return self.env.ref(xmlid)

    def _process(self):
        self.env["hr.commission.event"]._process()

    # ------------------------------------------------------------------
    # Leads
    # ------------------------------------------------------------------

    def _create_leads(self, today):
        branches = [self._get_branch(key) for key in COMPANIES]
        generator = LeadGenerator(
            branches, WEIGHTS, self._get_refs(), today, self.env._
        )
        stories = generator.generate(LEAD_COUNT)
        self._share_deals([each.vals for each in stories if each.outcome == "won"])
        leads = self.env["crm.lead"].create([story.vals for story in stories])
        self.env["crm.touchpoint"].create(
            [
                {"lead_id": lead.id, "partner_id": lead.partner_id.id, **touch}
                for lead, story in zip(leads, stories, strict=True)
                for touch in story.touches
            ]
        )
        return leads

    def _get_branch(self, key):
        company = self._ref("res_company", COMPANIES[key])
        team = self._ref("crm_team", key)
        people = self.env["hr.employee"].search(
            [("user_id", "in", team.member_ids.ids)], order="id"
        )
        people += self.env["hr.employee"].search([("user_id", "=", team.user_id.id)])
        countries = [self.env.ref(f"base.{code}").id for code in COUNTRIES[key]]
        customers = self.env["res.partner"].search(
            [
                ("category_id", "=", self._ref("res_partner_category", "customer").id),
                ("country_id", "in", countries),
            ],
            order="id",
        )
        return Branch(
            key=key,
            company_id=company.id,
            team_id=team.id,
            user_ids=people.user_id.ids,
            employee_ids={person.user_id.id: person.id for person in people},
            partner_ids=customers.ids,
            channels=[
                self._get_channel(*channel)
                for *channel, reach in CHANNELS
                if reach in ("all", key)
            ],
            country_id=countries[0],
        )

    def _get_channel(self, campaign, source, medium, weight):
        campaign = self._ref("utm_campaign", campaign)
        medium = self._ref("utm_medium", medium)
        marketer = self.env["hr.employee"].search(
            [("user_id", "=", campaign.user_id.id)], limit=1
        )
        return Channel(
            campaign_id=campaign.id,
            source_id=self._ref("utm_source", source).id,
            medium_id=medium.id,
            marketer_id=marketer.id,
            kind=medium.touchpoint_kind,
            weight=weight,
        )

    def _get_refs(self):
        stages = ("new", "qualified", "proposition", "won")
        tags = ("retrofit", "new_machine", "service", "food", "urgent")
        reasons = ("budget", "competitor", "technical", "silent")
        return {
            "stages": {
                name: self.env.ref(f"crm.stage_lead{number}").id
                for number, name in enumerate(stages, start=1)
            },
            "tags": {tag: self._ref("crm_tag", tag).id for tag in tags},
            "lost_reasons": [self._ref("crm_lost_reason", key).id for key in reasons],
        }

    def _share_deals(self, deals):
        """Two people sold some of the deals together; an agent outside opened others.

        :param list[dict] deals: values of the leads to create
        """
        sellers = self.env["hr.employee"].search(
            [("commission_role", "=", "sales"), ("user_id", "!=", False)], order="id"
        )
        for deal in deals[5::17]:
            first, second = sellers.filtered(
                lambda each, deal=deal: each.company_id.id == deal["company_id"]
            )[:2]
            self._share(deal, (first, 60), (second, 40))
        agent = self._ref("hr_employee", "viktor")
        own = [deal for deal in deals if deal["company_id"] == agent.company_id.id]
        for deal in own[4::9]:
            seller = sellers.filtered(
                lambda each, deal=deal: each.user_id.id == deal["user_id"]
            )
            if seller:
                self._share(deal, (seller, 80), (agent, 20))

    def _share(self, deal, *parts):
        deal["commission_share_ids"] = [
            Command.create({"employee_id": person.id, "percent": percent})
            for person, percent in parts
        ]

    def _create_targets(self, today):
        """Monthly targets: what salespeople sell, how many leads marketers bring."""
        months = [
            today + date_utils.relativedelta(months=-back, day=1) for back in range(7)
        ]
        people = self.env["hr.employee"].search(
            [
                ("company_id", "child_of", self._ref("res_company", "halden").id),
                ("commission_role", "in", ("sales", "marketing")),
            ]
        )
        goals = {"sales": ("won_amount", 100_000), "marketing": ("qualified_count", 6)}
        self.env["hr.commission.target"].create(
            [
                {
                    "employee_id": person.id,
                    "company_id": person.company_id.id,
                    "measure": goals[person.commission_role][0],
                    "amount": goals[person.commission_role][1],
                    "date_from": month,
                }
                for person in people
                for month in months
            ]
        )

    def _add_follow_up(self, leads, today):
        """Next activities on open leads; follow-ups done, with a note on each."""
        chance = random.Random(77)
        customers = leads.filtered("partner_id")
        self.env["mail.activity"].create(
            [
                self._prepare_activity(lead, today, chance)
                for lead in leads
                if lead.won_status == "pending" and chance.random() < 0.6
            ]
        )
        followed_up = customers.filtered(lambda lead: chance.random() < 0.7)
        notes = self.env["mail.message"].create(
            [self._prepare_note(lead, chance) for lead in followed_up]
        )
        for lead, note in zip(followed_up, notes, strict=True):
            waited = note.date - lead.create_date
            lead._write_facts(
                {
                    "followup_count": 1,
                    "date_first_followup": note.date,
                    "hours_to_followup": max(waited.total_seconds() / 3600, 0),
                }
            )

    def _prepare_activity(self, lead, today, chance):
        summary, kind = chance.choice(ACTIVITIES)
        return {
            "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
            "res_id": lead.id,
            "activity_type_id": self.env.ref(kind).id,
            "summary": self.env._(summary),
            "user_id": lead.user_id.id,
            "date_deadline": today + timedelta(days=chance.randint(-4, 14)),
        }

    def _prepare_note(self, lead, chance):
        written = lead.create_date + timedelta(
            days=chance.randint(0, 5), minutes=chance.randint(5, 150)
        )
        return {
            "model": "crm.lead",
            "res_id": lead.id,
            "author_id": lead.user_id.partner_id.id,
            "body": self.env._(chance.choice(NOTES)),
            "date": min(written, fields.Datetime.now()),
            "message_type": "comment",
            "subtype_id": self.env.ref("mail.mt_note").id,
        }

    # ------------------------------------------------------------------
    # What happened to the commissions
    # ------------------------------------------------------------------

    def _settle(self, today):
        """Close past months: statements, approval, payment of the older ones."""
        companies = self._get_companies()
        for back in range(7, 1, -1):
            month = today + date_utils.relativedelta(months=-back, day=1)
            self._approve_statements(companies, month)
            if back > 2:
                self._pay(companies, month, today)
        self._approve_last_month(companies, today)

    def _approve_statements(self, companies, month):
        statements = self.env["hr.commission.statement"]._generate(companies, month)
        for approver, part in self._split_by_approver(statements):
            part.with_user(approver).action_confirm()
            part.with_user(approver).action_approve()

    def _pay(self, companies, month, today):
        after = month + date_utils.relativedelta(months=1)
        payday = min(after + date_utils.relativedelta(day=25), today)
        lines = self.env["hr.commission.line"].search(
            [
                ("company_id", "in", companies.ids),
                ("state", "=", "approved"),
                ("date", "<", after),
            ],
            order="id",
        )
        lines._payroll_paid(payday, self.env._("Payroll %s", f"{payday:%m/%Y}"))

    def _get_companies(self):
        halden = self._ref("res_company", "halden")
        return self.env["res.company"].search([("id", "child_of", halden.id)])

    def _as_officer(self, model):
        """Return a model as human resources see it, with all branches selected."""
        selected = self._get_companies().ids
        officer = self._ref("res_users", "hanna")
        return (
            self.env[model]
            .with_user(officer)
            .with_context(allowed_company_ids=selected)
        )

    def _close_months(self, last):
        """Close every company until a day; nothing is open up to it."""
        closing = self._as_officer("hr.commission.closing")
        for company in self._get_companies():
            closing.create({"company_id": company.id, "date_to": last}).action_close()

    def _approve_last_month(self, companies, today):
        """Last month is at work: most is approved, its statements are drafts."""
        lines = self.env["hr.commission.line"].search(
            [
                ("company_id", "in", companies.ids),
                ("state", "=", "draft"),
                ("date", "<", min(today.replace(day=1), today - timedelta(days=10))),
            ],
            order="id",
        )
        for approver, part in self._split_by_approver(lines - lines[::5]):
            part.with_user(approver).action_approve()
        last_month = today + date_utils.relativedelta(months=-1, day=1)
        self.env["hr.commission.statement"]._generate(companies, last_month)

    def _split_by_approver(self, records):
        """Branch managers approve their branches, human resources the rest.

        Nobody approves what is their own, or a deal they earn by.

        :return: list of (user, records)
        """
        officer = self._ref("res_users", "hanna")
        managers = {
            self._ref("res_company", company): self._ref("res_users", login)
            for company, login in MANAGERS.items()
        }
        deals_of = {
            user: self.env["hr.commission.line"]
            .search([("user_id", "=", user.id)])
            .event_id
            for user in managers.values()
        }

        def get_approver(record):
            manager = managers.get(record.company_id)
            lines = record.line_ids if "line_ids" in record else record
            if not manager or record.user_id == manager:
                return officer
            return officer if lines.event_id & deals_of[manager] else manager

        return list(records.grouped(get_approver).items())

    def _change_history(self, leads, today):
        """Deals change after they were signed: lost again, corrected, decided."""
        won = leads.filtered(lambda lead: lead.won_status == "won").sorted("date_won")
        month = today.replace(day=1)
        settled = won.filtered(lambda lead: lead.date_won < month)
        proposition = self.env.ref("crm.stage_lead3")
        settled[:1].stage_id = proposition
        officer = self._ref("res_users", "hanna")
        settled[-9:-8].with_user(officer).expected_revenue -= 2_200
        settled[-12:-11].with_user(officer).expected_revenue += 3_500
        won[-2:-1].stage_id = proposition
        self._dispute_sources(won)

    def _dispute_sources(self, won):
        """Marketing claims some customers; one claim is decided, two are open."""
        unproven = won.filtered(
            lambda lead: lead.commission_source == "own" and lead.source_state == "open"
        )
        claimant = self._ref("res_users", "mara")
        disputes = self.env["hr.commission.dispute"]
        for lead, reason in zip(unproven, CLAIMS, strict=False):
            disputes += disputes.with_user(claimant).create(
                {
                    "lead_id": lead.id,
                    "claimed_source": "marketing",
                    "claimed_employee_id": self._ref("hr_employee", "mara").id,
                    "reason": self.env._(reason),
                }
            )
        officer = self._ref("res_users", "hanna")
        disputes.sudo().decider_id = officer  # sudo: the claimant has no say in it
        disputes[:1].with_user(officer).action_decide(
            "accepted",
            self.env._("The sign-in sheet of the fair is older than the first call."),
        )
