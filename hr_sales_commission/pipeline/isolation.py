"""One bad record never stops a job."""

from contextlib import contextmanager

import psycopg2


@contextmanager
def isolated(env, logger, what, record):
    """Do something about one record; a failure is undone and logged, no more.

    A conflict with another user is raised again: then the whole transaction is run
    again, which is quiet.

    :param env: of the records, whose cache is dropped after a failure
    :param logger: of the module
    :param str what: what is being done, for the log
    :param record: whom it concerns: named in the log by model and id only, because
        logs are read by people who may not know amounts and customers
    """
    try:
        with env.cr.savepoint():
            yield
    except psycopg2.OperationalError:
        raise
    except Exception:
        env.invalidate_all(flush=False)
        logger.exception("%s %s,%s failed", what, record._name, record.ids)
