"""The name under which somebody comes in by the log-in service."""

from __future__ import annotations

import pytest

from wlantrack.services.outside_logins import Identity


@pytest.mark.parametrize(
    ("name", "account"),
    [
        ("M.Maier", "m.maier"),
        ("Jörg Müller", "j-rg-m-ller"),
        ("", "person-0683ad9a24b6"),
        ("System", "person-0683ad9a24b6"),  # nobody passes for the program itself
    ],
)
def test_an_identity_gets_a_name_of_its_own(name: str, account: str) -> None:
    assert Identity("https://login.example.org", "17", name).account_name() == account
