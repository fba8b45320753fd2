# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Has Python look for unreachable objects after a batch, and not again and again in it."""

import gc
from contextlib import contextmanager


@contextmanager
def collecting_later():
    """Keep Python from looking for unreachable cycles of objects within the block.

    What a batch makes is plain and reachable until its end: looking through it took a
    seventh of computing. Whatever nobody refers to is freed as ever.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
