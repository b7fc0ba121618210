"""Limits of channels as people set them: indoors, outdoors, fixed and automatic."""

from __future__ import annotations

import pytest

from wlantrack.services.channels import find_indoor_limit, find_limit


@pytest.mark.parametrize(
    ("band", "channel", "width_mhz", "indoors_dbm", "outdoors_dbm"),
    [
        ("2.4", 6, 20, 20.0, 20.0),
        ("2.4", None, 20, 20.0, 20.0),
        ("5", 36, 20, 23.0, None),
        ("5", 36, 80, 23.0, None),
        ("5", 52, 20, 23.0, None),
        ("5", 36, 160, 23.0, None),
        ("5", 100, 20, 30.0, 30.0),
        ("5", 149, 20, 14.0, 14.0),
        ("5", None, 20, 23.0, 30.0),
        ("6", 1, 20, 23.0, None),
        ("6", None, 80, 23.0, None),
    ],
)
def test_what_may_be_transmitted_indoors_and_outdoors(
    band: str,
    channel: int | None,
    width_mhz: int,
    indoors_dbm: float,
    outdoors_dbm: float | None,
) -> None:
    assert find_limit(band, channel, width_mhz) == pytest.approx(indoors_dbm, abs=0.02)
    outdoors = find_limit(band, channel, width_mhz, is_outdoor=True)
    assert outdoors == (None if outdoors_dbm is None else pytest.approx(outdoors_dbm, abs=0.02))
    assert (find_indoor_limit(band, channel, width_mhz) is None) == (outdoors_dbm is not None)
