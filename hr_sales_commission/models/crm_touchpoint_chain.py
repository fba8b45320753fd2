import hashlib
from collections import defaultdict

import psycopg2

from odoo import api, fields, models
from odoo.tools import SQL


def link_hash(previous, content):
    """Return the hash of a link: of the one before and of its own content."""
    return hashlib.sha256(f"{previous or ''}{content}".encode()).hexdigest()


class CrmTouchpointChain(models.Model):
    """The end of a company's chain of touchpoints.

    Each touchpoint carries the hash of its content and of the link before it, so a
    change behind the back of Odoo breaks the chain from there on.
    """

    _name = "crm.touchpoint.chain"
    _description = "Chain of Touchpoints"
    _log_access = False

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict"
    )
    link_count = fields.Integer(required=True, readonly=True, default=0)
    last_hash = fields.Char(readonly=True)

    _company_unique = models.UniqueIndex("(company_id)")

    @api.model
    def _append(self, contents):
        """Take the next places in the chains.

        A chain that another transaction is adding to is not waited for: its new
        touchpoints are linked later.

        :param contents: list of (company id, content hash)
        :return: (number, hash) for each, (None, None) where the chain was busy
        """
        ends = self._lock({company_id for company_id, _content in contents})
        places = []
        for company_id, content in contents:
            end = ends.get(company_id)
            if end is None:
                places.append((None, None))
                continue
            number, previous = end
            ends[company_id] = (number + 1, link_hash(previous, content))
            places.append(ends[company_id])
        self._store(ends)
        return places

    @api.model
    def _lock(self, company_ids):
        """Return the (link_count, last hash) of the chains nobody else holds now."""
        try:
            with self.env.cr.savepoint(flush=False):
                return self._select_for_update(company_ids)
        except (
            psycopg2.errors.SerializationFailure,
            psycopg2.errors.LockNotAvailable,
        ):
            return {}  # somebody added to it since this transaction began

    @api.model
    def _select_for_update(self, company_ids):
        select = SQL(
            """SELECT company_id, link_count, last_hash FROM crm_touchpoint_chain
                WHERE company_id = ANY(%s) FOR UPDATE SKIP LOCKED""",
            list(company_ids),
        )
        cr = self.env.cr
        cr.execute(select, log_exceptions=False)
        ends = {
            company_id: (link_count, last)
            for company_id, link_count, last in cr.fetchall()
        }
        if len(ends) < len(company_ids):
            cr.execute(
                SQL(
                    """INSERT INTO crm_touchpoint_chain (company_id, link_count)
                       SELECT unnest(%s), 0 ON CONFLICT DO NOTHING
                       RETURNING company_id""",
                    list(set(company_ids) - ends.keys()),
                ),
                log_exceptions=False,
            )
            ends.update((company_id, (0, None)) for (company_id,) in cr.fetchall())
        return ends

    @api.model
    def _store(self, ends):
        if not ends:
            return
        self.env.cr.execute(
            SQL(
                """UPDATE crm_touchpoint_chain chain
                      SET link_count = fresh.link_count, last_hash = fresh.last_hash
                     FROM (SELECT unnest(%s) AS company_id, unnest(%s) AS link_count,
                                  unnest(%s::varchar[]) AS last_hash) fresh
                    WHERE chain.company_id = fresh.company_id""",
                list(ends),
                [link_count for link_count, _last in ends.values()],
                [last for _length, last in ends.values()],
            )
        )
        self.invalidate_model(flush=False)

    @api.model
    def _link_pending(self):
        """Link the touchpoints whose chain was busy when they were logged."""
        self.env["crm.touchpoint"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT id, company_id, content_hash FROM crm_touchpoint
                    WHERE chain_number = 0 ORDER BY id FOR UPDATE SKIP LOCKED"""
            )
        )
        if not rows:
            return
        places = self._append([(company, content) for _id, company, content in rows])
        linked = [
            (touchpoint_id, number, chain_hash)
            for (touchpoint_id, _company, _content), (number, chain_hash) in zip(
                rows, places, strict=True
            )
            if number
        ]
        if linked:
            ids, numbers, hashes = zip(*linked, strict=True)
            self.env.cr.execute(
                SQL(
                    """UPDATE crm_touchpoint touch
                          SET chain_number = link.number, chain_hash = link.hash
                         FROM (SELECT unnest(%s) AS id, unnest(%s) AS number,
                                      unnest(%s) AS hash) link
                        WHERE touch.id = link.id""",
                    list(ids),
                    list(numbers),
                    list(hashes),
                )
            )
            self.env["crm.touchpoint"].invalidate_model(flush=False)

    # ------------------------------------------------------------------
    # Verification
    # ------------------------------------------------------------------

    @api.model
    def _find_breaks(self, company_ids):
        """Return the first broken link of each company whose log was tampered with.

        :rtype: list[dict]
        """
        self._link_pending()
        self.flush_model()
        ends = dict(
            (company_id, (link_count, last))
            for company_id, link_count, last in self.env.execute_query(
                SQL(
                    "SELECT company_id, link_count, last_hash FROM crm_touchpoint_chain"
                    " WHERE company_id = ANY(%s)",
                    list(company_ids),
                )
            )
        )
        rows = self.env["crm.touchpoint"]._read_chained(company_ids)
        links = defaultdict(list)
        for row in rows:
            links[row["company_id"]].append(row)
        breaks = []
        for company_id in sorted(links.keys() | ends.keys()):
            link_count, last = ends.get(company_id, (0, None))
            found = self._find_break(links[company_id], link_count, last)
            if found:
                breaks.append({"company_id": company_id, **found})
        return breaks

    @api.model
    def _find_break(self, rows, link_count, last):
        """Follow one chain; return where it breaks first, None if it is whole."""
        corrections = {
            row["corrected_number"]: row for row in rows if row["corrected_number"]
        }
        by_number = {row["chain_number"]: row for row in rows if row["chain_number"]}
        previous = None
        for number in range(1, link_count + 1):
            row = by_number.get(number)
            correction = corrections.get(number)
            problem = self._check_link(row, correction, previous)
            if problem:
                return {
                    "number": number,
                    "touchpoint_id": row["id"] if row else None,
                    "problem": problem,
                }
            content = row["content_hash"] if row else correction["former_hash"]
            previous = link_hash(previous, content)
        linked = [row["chain_number"] for row in rows if row["chain_number"]]
        if (
            previous != last
            or len(linked) > len(by_number)
            or max(linked, default=0) > (link_count)
        ):
            return {
                "number": link_count,
                "touchpoint_id": None,
                "problem": self.env._("The end of the log was cut off or rewritten."),
            }
        for row in rows:
            if not row["chain_number"] and row["content"] != row["content_hash"]:
                return {
                    "number": None,
                    "touchpoint_id": row["id"],
                    "problem": self.env._("The content was changed."),
                }
        return None

    @api.model
    def _check_link(self, row, correction, previous):
        """Say what is wrong with one link, None if nothing is."""
        if row is None:
            deleted = correction and not correction["corrected_hash"]
            return None if deleted else self.env._("The touchpoint was deleted.")
        if row["chain_hash"] != link_hash(previous, row["content_hash"]):
            return self.env._("The link to the touchpoint before it is broken.")
        expected = correction["corrected_hash"] if correction else row["content_hash"]
        if row["content"] != expected:
            return self.env._("The content was changed.")
        return None
