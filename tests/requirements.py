"""Parts that a machine may lack: a test that needs one is skipped, or fails where it must not."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest

VARIABLE = "WLANTRACK_REQUIRE"
"""Names, separated by commas, of the parts that must be there: ``browser,postgres,oidc`` in CI."""


def lack(part: str, reason: str) -> NoReturn:
    """Skip the test that lacks a part, or fail it where the part is required."""
    required = os.environ.get(VARIABLE, "")  # noqa: TID251 - the tests' own switch, no setting
    if part in required.split(","):
        pytest.fail(f"{VARIABLE} asks for {part}, but: {reason}", pytrace=False)
    pytest.skip(f"{part}: {reason}")
