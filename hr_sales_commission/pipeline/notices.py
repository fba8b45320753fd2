"""Tells people one by one; a message that fails stops nobody else's."""

import logging

import psycopg2

_logger = logging.getLogger(__name__)


def tell_each(batches, tell):
    """Tell each batch of records on its own, all or nothing.

    What fails is logged and left as it is, for the next run.

    :param batches: recordsets
    :param tell: what sends the message about one of them
    """
    for records in batches:
        try:
            with records.env.cr.savepoint():
                tell(records)
        except psycopg2.OperationalError:
            raise  # somebody else changed them: the transaction is run again
        except Exception:
            _logger.exception("Nobody was told about %s", records)
