# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""How facts become events: recorded within the user's transaction, in one statement."""

import json

from odoo import api, fields, models
from odoo.tools import SQL

#: what a fact is found again by
KEY_FIELDS = ("event_type", "res_model", "res_id", "res_part")


#: what :meth:`HrCommissionEvent._capture` takes, with its PostgreSQL type
FACT_COLUMNS = {
    "event_type": "text",
    "res_model": "text",
    "res_id": "int",
    "res_part": "text",
    "lead_id": "int",
    "company_id": "int",
    "date": "date",
    "amount": "numeric",
    "quantity": "float8",
    "date_reversed": "date",
    "touched": "bool",
    "user_id": "int",
    "marketer_id": "int",
    "renewed": "bool",
    "origin_id": "int",
    "source_lead_id": "int",
}


#: Records facts and wakes the cron up. A function of the database, because there a
#: failure can be caught without a savepoint around every win.
CAPTURE_FUNCTION = """
CREATE OR REPLACE FUNCTION hr_commission_capture(
    _facts json, _cron_id integer, OUT is_woken boolean, OUT error text)
LANGUAGE plpgsql AS $body$
BEGIN
    WITH fresh AS (
        SELECT fact.event_type, fact.res_model, fact.res_id, fact.res_part,
               fact.lead_id, fact.company_id, fact.touched, e.id AS known,
               fact.renewed,
               e.id IS NOT NULL AND sibling.date_basis IS NOT NULL AS is_late,
               CASE WHEN e.id IS NULL OR fact.renewed OR sibling.date_basis IS NOT NULL
               THEN COALESCE(sibling.people, jsonb_strip_nulls(jsonb_build_object(
                       'user_id', NULLIF(COALESCE(fact.user_id, lead.user_id), 0),
                       'marketer_id',
                       NULLIF(COALESCE(fact.marketer_id, lead.marketer_id), 0),
                       'source_lead_id', fact.source_lead_id,
                       'shares', (
                           SELECT jsonb_agg(jsonb_build_array(
                                      share.role, share.employee_id, share.percent)
                                      ORDER BY share.id)
                             FROM crm_lead_share share
                            WHERE share.lead_id = fact.lead_id))))
               END AS people,
               sibling.date_basis, lead.team_id,
               COALESCE(fact.date, e.date) AS date,
               COALESCE(fact.amount, e.amount) AS amount,
               COALESCE(fact.quantity, e.quantity) AS quantity,
               CASE WHEN fact.date_reversed IS NOT NULL
                    THEN LEAST(e.date_reversed, fact.date_reversed)
               END AS date_reversed,
               e.date AS old_date, e.amount AS old_amount,
               e.quantity AS old_quantity, e.date_reversed AS old_reversed
          FROM json_to_recordset(_facts) AS fact({columns})
          LEFT JOIN hr_commission_event e
                 ON e.event_type = fact.event_type
                AND e.res_model = fact.res_model
                AND e.res_id = fact.res_id
                AND e.res_part = fact.res_part
          LEFT JOIN crm_lead lead ON lead.id = fact.lead_id
          LEFT JOIN LATERAL (
                -- one document, or what it corrects: one sale, the same people
                SELECT part.people || jsonb_strip_nulls(jsonb_build_object(
                           'is_fixed', TRUE,
                           'pools', (
                               SELECT jsonb_object_agg(credit.role, credit.pool_id)
                                 FROM hr_commission_credit credit
                                WHERE credit.event_id = part.id AND credit.share > 0
                                  AND credit.manager_level = 0
                                  AND credit.pool_id IS NOT NULL),
                           'shares', (
                               SELECT jsonb_agg(jsonb_build_array(
                                          credit.role, credit.employee_id, credit.share)
                                          ORDER BY credit.id)
                                 FROM hr_commission_credit credit
                                WHERE credit.event_id = part.id AND credit.share > 0
                                  AND credit.manager_level = 0))) AS people,
                       CASE WHEN part.res_id = fact.origin_id
                            THEN COALESCE(part.date_basis, part.date)
                            ELSE part.date_basis END AS date_basis
                  FROM hr_commission_event part
                 WHERE (e.id IS NULL
                        -- it was said later what it takes back
                        OR part.res_id = fact.origin_id AND e.date_basis IS NULL)
                   AND (fact.res_part != '' OR fact.origin_id IS NOT NULL)
                   AND part.event_type = fact.event_type
                   AND part.res_model = fact.res_model
                   AND part.res_id IN (fact.res_id, fact.origin_id)
                   AND (split_part(part.res_part, '/', 1)
                            = split_part(fact.res_part, '/', 1)
                        -- typed by hand: it names the invoice, and none of its orders
                        OR split_part(fact.res_part, '/', 1) = ''
                            AND part.res_id = fact.origin_id)
                   AND (part.res_id = fact.origin_id
                        OR split_part(part.res_part, '/', 2)
                           = split_part(fact.res_part, '/', 2)
                        AND split_part(part.res_part, '/', 4)
                           = split_part(fact.res_part, '/', 4))
                 ORDER BY -- the very part that is taken back, where it is named
                          split_part(fact.res_part, '/', 4) != ''
                              AND part.res_id = fact.origin_id
                              AND split_part(part.res_part, '/', 2)
                                  = split_part(fact.res_part, '/', 4) DESC,
                          part.res_id = fact.res_id DESC,
                          split_part(part.res_part, '/', 1)
                              = split_part(fact.res_part, '/', 1) DESC,
                          part.id LIMIT 1) sibling ON TRUE
    ),
    captured AS (
        INSERT INTO hr_commission_event AS event (
            event_type, res_model, res_id, res_part, lead_id, company_id, date,
            team_id, amount, quantity, date_reversed, date_basis, people, state)
        SELECT event_type, res_model, res_id, res_part, lead_id, company_id,
               date, team_id, amount, quantity, date_reversed, date_basis,
               CASE WHEN renewed OR is_late
                    THEN people || '{"reopened": ["*"]}' ELSE people END,
               'pending'
          FROM fresh
         WHERE (known IS NULL AND date_reversed IS NULL)
            OR (known IS NOT NULL AND (
                   touched OR is_late
                   OR (date, amount, quantity, date_reversed) IS DISTINCT FROM
                      (old_date, old_amount, old_quantity, old_reversed)))
         ORDER BY date, res_model, res_id, res_part
            ON CONFLICT (event_type, res_model, res_id, res_part)
            DO UPDATE SET date = EXCLUDED.date,
                          amount = EXCLUDED.amount,
                          quantity = EXCLUDED.quantity,
                          date_reversed = EXCLUDED.date_reversed,
                          date_basis = COALESCE(event.date_basis, EXCLUDED.date_basis),
                          people = COALESCE(EXCLUDED.people, event.people),
                          team_id = CASE WHEN EXCLUDED.people IS NULL
                              THEN COALESCE(event.team_id, EXCLUDED.team_id)
                              ELSE EXCLUDED.team_id END,
                          state = 'pending',
                          error = NULL
        RETURNING id)
    INSERT INTO ir_cron_trigger (cron_id, call_at)
    SELECT cron.id, now() AT TIME ZONE 'UTC'
      FROM ir_cron cron
     WHERE cron.id = _cron_id AND cron.active AND EXISTS (SELECT FROM captured);
    is_woken := FOUND;
EXCEPTION
    WHEN serialization_failure OR deadlock_detected OR lock_not_available THEN
        RAISE;  -- a conflict with another user: the request is run again
    WHEN query_canceled OR OTHERS THEN  -- others are not those that took too long
        is_woken := FALSE;
        error := SQLERRM;
END
$body$
"""


class CaptureError(Exception):
    """The database refused to record what happened."""


class HrCommissionEvent(models.Model):
    _inherit = "hr.commission.event"

    def init(self):
        columns = ", ".join(f"{name} {kind}" for name, kind in FACT_COLUMNS.items())
        self.env.cr.execute(CAPTURE_FUNCTION.replace("{columns}", columns))
        return super().init()

    @api.model
    def _capture(self, facts):
        """Record facts and wake the cron up, in one statement.

        Facts that changed wait to be computed. The trigger of the cron is written here,
        past its model, because this runs inside the user's own transaction.

        A fact that was undone has a ``date_reversed``; what else it leaves empty stays
        as it was recorded. A fact that is ``touched`` is computed again although it
        is unchanged itself: its source or its lead changed. Whom it credits is recorded
        with a new fact, from ``user_id`` and ``marketer_id`` (0 = nobody), the lead and
        its shares, and stays: only a fact that is ``renewed`` (won again, much later)
        records it again. A fact that takes back one of the document ``origin_id`` takes
        its people and its day as well.

        :raises CaptureError: if the database refused, which leaves the transaction
            of the user usable
        :param list[dict] facts: values by the names of :data:`FACT_COLUMNS`, all of
            ``event_type, res_model, res_id, res_part, company_id, touched`` set
        """
        facts = self._drop_before_start(facts)
        documents = {(fact["res_model"], fact["res_id"]) for fact in facts}
        late = [
            fact
            for fact in facts
            if (fact["res_model"], fact.get("origin_id")) in documents
        ]
        if late:  # what they take back has to be there first
            late_ids = set(map(id, late))
            self._capture_at_once([each for each in facts if id(each) not in late_ids])
        self._capture_at_once(late or facts)

    @api.model
    def _capture_at_once(self, facts):
        if not facts:
            return
        [(is_woken, error)] = self.env.execute_query(
            SQL(
                "SELECT is_woken, error FROM hr_commission_capture(%s::json, %s)",
                json.dumps(facts, default=str),
                self._get_cron_id(),
            )
        )
        if error:
            raise CaptureError(error)
        self.invalidate_model(flush=False)
        if is_woken:
            self.env.cr.postcommit.add(self.env["ir.cron"]._notifydb)

    @api.model
    def _prepare_fact(self, event_type, record, date, amount, part="", quantity=1):
        """Return a fact about a record, for :meth:`_capture`.

        :param str event_type: a choice of ``event_type``
        :param record: what it happened to; its company is the company of the event
        :param date date: local day in the company
        :param amount: in the currency of the company, without tax
        :param str part: tells several events of one type of a record apart
        :rtype: dict
        """
        return {
            "event_type": event_type,
            "res_model": record._name,
            "res_id": record.id,
            "res_part": part,
            "company_id": record.company_id.id,
            "date": date,
            "amount": amount,
            "quantity": quantity,
            "touched": False,
        }

    @api.model
    def _drop_before_start(self, facts):
        """Leave out what happened before the company began with commissions.

        What was imported on purpose (``is_history``) counts, and so does what is
        recorded already: a later start takes nothing back.
        """
        Company = self.env["res.company"]
        early = []
        for fact in facts:
            start = Company._get_commission_start(fact["company_id"])
            day = fields.Date.to_date(fact.get("date"))
            if start and day and day < start and not fact.get("is_history"):
                early.append(fact)
        if not early:
            return facts
        known = self.sudo().search_fetch(  # sudo: events are technical
            [
                ("res_model", "in", list({fact["res_model"] for fact in early})),
                ("res_id", "in", [fact["res_id"] for fact in early]),
            ],
            KEY_FIELDS,
        )
        keys = {tuple(event[name] for name in KEY_FIELDS) for event in known}
        dropped = {
            id(fact)
            for fact in early
            if tuple(fact[name] for name in KEY_FIELDS) not in keys
        }
        return [fact for fact in facts if id(fact) not in dropped]

    @api.model
    def _get_cron_id(self):
        return self.env["ir.model.data"]._xmlid_to_res_id(
            "hr_sales_commission.ir_cron_commission_process"
        )
