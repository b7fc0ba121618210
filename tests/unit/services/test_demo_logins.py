"""What the demo refuses, and what its accounts are."""

from __future__ import annotations

import pytest

from wlantrack.errors import InvalidInput
from wlantrack.services.demo import LOGINS, require_loopback
from wlantrack.services.people import PASSWORD_MIN_LENGTH
from wlantrack.store.models.people import ROLES


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "localhost"])
def test_this_machine_may_serve_the_demo(host: str) -> None:
    require_loopback(host)


@pytest.mark.parametrize(
    "host",
    ["0.0.0.0", "::", "192.168.1.5", "example.org", "", "127.0.0.1.nip"],  # noqa: S104 - refused
)
def test_an_address_that_others_reach_is_refused(host: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        require_loopback(host)
    (problem,) = refused.value.problems
    assert (problem.field, problem.value) == ("host", host)
    assert problem.remedy is not None


def test_demo_accounts_have_roles_that_exist_and_long_passwords() -> None:
    assert {login.role for login in LOGINS} <= set(ROLES)
    assert all(len(login.password) >= PASSWORD_MIN_LENGTH for login in LOGINS)
