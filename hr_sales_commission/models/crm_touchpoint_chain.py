# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
import hashlib
from collections import defaultdict

import psycopg2

from odoo import api, fields, models
from odoo.tools import SQL


def link_hash(previous, content):
    """Return the hash of a link: of the one before and of its own content."""
    return hashlib.sha256(f"{previous or ''}{content}".encode()).hexdigest()


def read_entries(log, names, company_ids, ids=None):
    """Read entries as the table holds them, with the hash of what it holds.

    :param log: recordset of the log's model, which says how it hashes
    :param names: the hashed fields
    :param ids: of these only
    :rtype: list[dict]
    """
    log.flush_model()
    columns = ["id", "content_hash", "chain_number", "chain_hash", *names]
    rows = log.env.execute_query_dict(
        SQL(
            "SELECT %s FROM %s WHERE company_id = ANY(%s) %s ORDER BY id",
            SQL(", ").join(map(SQL.identifier, columns)),
            SQL.identifier(log._table),
            list(company_ids),
            SQL() if ids is None else SQL("AND id = ANY(%s)", list(ids)),
        )
    )
    for row in rows:
        row["content"] = log._get_content_hash(row)
    return rows


#: the log whose chain it is, unless another is named
TOUCHPOINTS = "crm.touchpoint"
#: every log that has chains
LOGS = (TOUCHPOINTS, "hr.commission.audit", "hr.commission.correction")


class CrmTouchpointChain(models.Model):
    """The end of a company's chain of a log: of touchpoints, acts or corrections.

    Each entry carries the hash of its content and of the link before it, so a change
    behind the back of Odoo breaks the chain there.
    """

    _name = "crm.touchpoint.chain"
    _description = "Chain of Touchpoints"
    _log_access = False

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict"
    )
    log = fields.Char(required=True, readonly=True, default=TOUCHPOINTS)
    link_count = fields.Integer(required=True, readonly=True, default=0)
    last_hash = fields.Char(readonly=True)

    _company_unique = models.UniqueIndex("(company_id, log)")

    @api.model
    def _add(self, vals_list, log=TOUCHPOINTS):
        """Give new entries their places in the chains of a log, see :meth:`_append`.

        :param vals_list: values of the entries, with company and content hash
        :param str log: name of the model of the entries
        """
        contents = [(vals["company_id"], vals["content_hash"]) for vals in vals_list]
        places = self._append(contents, log)
        for vals, (number, chain_hash) in zip(vals_list, places, strict=True):
            vals.update(chain_number=number or 0, chain_hash=chain_hash)

    @api.model
    def _append(self, contents, log=TOUCHPOINTS):
        """Take the next places in the chains of a log.

        A chain that another transaction is adding to is not waited for: its new
        entries are linked later.

        :param contents: list of (company id, content hash)
        :param str log: name of the model of the entries
        :return: (number, hash) for each, (None, None) where the chain was busy
        """
        if not contents:
            return []
        ends = self._lock({company_id for company_id, _content in contents}, log)
        places = []
        for company_id, content in contents:
            end = ends.get(company_id)
            if end is None:
                places.append((None, None))
                continue
            number, previous = end
            ends[company_id] = (number + 1, link_hash(previous, content))
            places.append(ends[company_id])
        self._store(ends, log)
        return places

    @api.model
    def _lock(self, company_ids, log):
        """Return the (link_count, last hash) of the chains nobody else holds now."""
        try:
            with self.env.cr.savepoint(flush=False):
                return self._select_for_update(company_ids, log)
        except (
            psycopg2.errors.SerializationFailure,
            psycopg2.errors.LockNotAvailable,
        ):
            return {}  # somebody added to it since this transaction began

    @api.model
    def _select_for_update(self, company_ids, log):
        select = SQL(
            """SELECT company_id, link_count, last_hash FROM crm_touchpoint_chain
                WHERE company_id = ANY(%s) AND log = %s FOR UPDATE SKIP LOCKED""",
            list(company_ids),
            log,
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
                    """INSERT INTO crm_touchpoint_chain (company_id, log, link_count)
                       SELECT unnest(%s), %s, 0 ON CONFLICT DO NOTHING
                       RETURNING company_id""",
                    list(set(company_ids) - ends.keys()),
                    log,
                ),
                log_exceptions=False,
            )
            ends.update((company_id, (0, None)) for (company_id,) in cr.fetchall())
        return ends

    @api.model
    def _store(self, ends, log):
        if not ends:
            return
        self.env.cr.execute(
            SQL(
                """UPDATE crm_touchpoint_chain chain
                      SET link_count = fresh.link_count, last_hash = fresh.last_hash
                     FROM (SELECT unnest(%s) AS company_id, unnest(%s) AS link_count,
                                  unnest(%s::varchar[]) AS last_hash) fresh
                    WHERE chain.company_id = fresh.company_id AND chain.log = %s""",
                list(ends),
                [link_count for link_count, _last in ends.values()],
                [last for _length, last in ends.values()],
                log,
            )
        )
        self.invalidate_model(flush=False)

    @api.model
    def _link_pending(self, log=TOUCHPOINTS):
        """Link the entries whose chain was busy when they were logged."""
        entries = self.env[log]
        entries.flush_model()
        table = SQL.identifier(entries._table)
        rows = self.env.execute_query(
            SQL(
                """SELECT id, company_id, content_hash FROM %s
                    WHERE chain_number = 0 ORDER BY id FOR UPDATE SKIP LOCKED""",
                table,
            )
        )
        if not rows:
            return
        places = self._append(
            [(company, content) for _id, company, content in rows], log
        )
        linked = [
            (entry_id, number, chain_hash)
            for (entry_id, _company, _content), (number, chain_hash) in zip(
                rows, places, strict=True
            )
            if number
        ]
        if linked:
            ids, numbers, hashes = zip(*linked, strict=True)
            self.env.cr.execute(
                SQL(
                    """UPDATE %s entry
                          SET chain_number = link.number, chain_hash = link.hash
                         FROM (SELECT unnest(%s) AS id, unnest(%s) AS number,
                                      unnest(%s) AS hash) link
                        WHERE entry.id = link.id""",
                    table,
                    list(ids),
                    list(numbers),
                    list(hashes),
                )
            )
            entries.invalidate_model(flush=False)

    # ------------------------------------------------------------------
    # Verification
    # ------------------------------------------------------------------

    @api.model
    def _find_all_breaks(self, company_ids):
        """Return every broken link of every log.

        :rtype: list[dict]
        """
        return [found for log in LOGS for found in self._find_breaks(company_ids, log)]

    @api.model
    def _find_breaks(self, company_ids, log=TOUCHPOINTS):
        """Return every broken link of a log, company by company.

        :rtype: list[dict]
        """
        self._link_pending(log)
        self.flush_model()
        ends = dict(
            (company_id, (link_count, last))
            for company_id, link_count, last in self.env.execute_query(
                SQL(
                    "SELECT company_id, link_count, last_hash FROM crm_touchpoint_chain"
                    " WHERE company_id = ANY(%s) AND log = %s",
                    list(company_ids),
                    log,
                )
            )
        )
        links = defaultdict(list)
        for row in self.env[log]._read_chained(company_ids):
            links[row["company_id"]].append(row)
        return [
            {"company_id": company_id, "model": log, **found}
            for company_id in sorted(links.keys() | ends.keys())
            for found in self._follow(
                links[company_id], *ends.get(company_id, (0, None))
            )
        ]

    @api.model
    def _follow(self, rows, link_count, last):
        """Follow one chain to its end; return each break on the way."""
        corrections = {
            row["corrected_number"]: row for row in rows if row.get("corrected_number")
        }
        by_number = {row["chain_number"]: row for row in rows if row["chain_number"]}
        breaks = []
        previous, is_known = None, True
        for number in range(1, link_count + 1):
            row, correction = by_number.get(number), corrections.get(number)
            problem = self._check_link(row, correction, previous, is_known)
            if problem:
                breaks.append(self._get_break(number, row, problem))
            is_known = bool(row or correction)
            if row:  # go on from what stands there: a later break is one of its own
                previous = row["chain_hash"]
            elif correction:
                previous = link_hash(previous, correction["former_hash"])
        linked = [row["chain_number"] for row in rows if row["chain_number"]]
        if (
            (is_known and previous != last)
            or len(linked) > len(by_number)
            or max(linked, default=0) > link_count
        ):
            problem = self.env._("The end of the log was cut off or rewritten.")
            breaks.append(self._get_break(link_count, None, problem))
        return breaks + [
            self._get_break(None, row, self.env._("The content was changed."))
            for row in rows
            if not row["chain_number"] and row["content"] != row["content_hash"]
        ]

    @staticmethod
    def _get_break(number, row, problem):
        return {
            "number": number,
            "touchpoint_id": row["id"] if row else None,
            "res_id": row["id"] if row else None,
            "problem": problem,
        }

    @api.model
    def _check_link(self, row, correction, previous, is_known):
        """Say what is wrong with one link, None if nothing is.

        :param bool is_known: whether the link before it is there to compare with
        """
        if row is None:
            deleted = correction and not correction["corrected_hash"]
            return None if deleted else self.env._("The entry was deleted.")
        if is_known and row["chain_hash"] != link_hash(previous, row["content_hash"]):
            return self.env._("The link to the entry before it is broken.")
        expected = correction["corrected_hash"] if correction else row["content_hash"]
        if row["content"] != expected:
            return self.env._("The content was changed.")
        return None
