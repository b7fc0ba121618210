"""The choice of mail on the page of one's account."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.integration.web.visitor import Visitor


def test_mail_is_off_until_chosen_and_none_forgets_the_address(planner: Visitor) -> None:
    page = planner.get("/account")
    assert "does not send mail yet" in page.text
    assert '<option selected value="none">' in page.text

    refused = planner.post("/account/mail", rhythm="daily", address="a@example.org\r\nBcc: b@c.de")
    assert refused.status_code == 400
    assert "This is no mail address." in refused.text

    planner.post("/account/mail", rhythm="weekly", address="anna@example.org")
    page = planner.get("/account")
    assert '<option selected value="weekly">' in page.text
    assert 'value="anna@example.org"' in page.text

    planner.post("/account/mail", rhythm="none", address="anna@example.org")
    assert "anna@example.org" not in planner.get("/account").text
