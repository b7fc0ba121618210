"""Short hashes by which results are found again as long as nothing they depend on has changed."""

from __future__ import annotations

import hashlib


def hash_of(*parts: object) -> str:
    """Give a short hash of whatever a result depends on, as its ``repr`` tells it."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
