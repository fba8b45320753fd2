"""The job that computes, as the server runs it."""

import os
import random
import time

STOP = int(os.environ["SOAK_UNTIL"])
while time.time() < STOP:
    env["hr.commission.event"]._cron_process()
    env.cr.commit()
    env.invalidate_all()
    time.sleep(random.random())
