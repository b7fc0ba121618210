"""What a serving process does once about its memory."""

from __future__ import annotations

import gc

YOUNG_OBJECTS = 50_000
"""How many objects more than before let the collector look; Python's own 700 are for small heaps."""


def keep_for_good() -> None:
    """Let the garbage collector pass over all that exists: it lives as long as the process.

    Looking through the modules and mappings of a started application takes about 0.1 s each time,
    which now and then a request would pay for; the separation check of 20,000 access points spent
    half of its time in the collector.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, *gc.get_threshold()[1:])
