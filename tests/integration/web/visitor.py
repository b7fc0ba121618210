"""A person at the browser: logs in, opens pages, sends their forms, speaks JSON as scripts do."""

from __future__ import annotations

import html
import re
import uuid
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, TypeAlias

from sqlalchemy import select

from tests.live_server import database_of
from wlantrack.services import people
from wlantrack.services.actor import SYSTEM
from wlantrack.services.results import stamp
from wlantrack.store.models.people import User
from wlantrack.web.shell import TOKEN

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

Value: TypeAlias = str | int | tuple[IO[bytes], str]
"""What a form sends: words, numbers, or a file with its name."""


@dataclass(frozen=True)
class Visitor:
    """A client and the token of its session."""

    client: FlaskClient
    token: str

    def get(self, url: str, *, follow_redirects: bool = False) -> TestResponse:
        """Open a page."""
        return self.client.get(url, follow_redirects=follow_redirects)

    def post(self, url: str, **values: Value) -> TestResponse:
        """Send a form."""
        return self.client.post(url, data={"csrf_token": self.token, **values})

    def fill_in(self, url: str, **values: Value) -> TestResponse:
        """Open a form, change some of its values, and send all of it."""
        answer = self.client.post(url, data=read_form(self.get(url).text) | values)
        answer.request.environ["wsgi.input"].close()  # a temporary file, if the form is large
        return answer

    def send(self, method: str, url: str, body: object, **more: str) -> TestResponse:
        """Send JSON as the editor does, each time under a key of its own."""
        headers = {"X-CSRFToken": self.token, "Idempotency-Key": uuid.uuid4().hex}
        return self.client.open(url, method=method, json=body, headers=headers | more)


def open_client(app: Flask) -> FlaskClient:
    """Give a client that asks for English, so that tests can name the words they expect."""
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def enter(app: Flask, name: str) -> Visitor:
    """Let somebody in without the log-in's deliberately slow password check."""
    with database_of(app).writing(SYSTEM.audit()) as session:
        user = session.scalars(select(User).where(User.name == name)).one()
        token = people.open_session(session, user, people.utc_now())
        session.commit()
    client = open_client(app)
    with client.session_transaction() as cookie:
        cookie[TOKEN] = token
    return Visitor(client, read_token(client.get("/no-such-page").text))


def read_token(page: str) -> str:
    """Give the CSRF token that every page names for scripts."""
    found = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert found, "the page has no token"
    return found[1]


def read_form(page: str) -> dict[str, str]:
    """Give what a browser would send of a page's form with a version, or of its first one."""
    forms = re.findall(r'<form[^>]*method="post"[^>]*>(.*?)</form>', _content(page), re.DOTALL)
    form = next((form for form in forms if 'name="version"' in form), forms[0])
    values = {}
    for tag in re.findall(r"<input[^>]*>", form):
        kind, name = _attribute(tag, "type"), _attribute(tag, "name")
        if not name or kind == "file" or (kind in {"checkbox", "radio"} and " checked" not in tag):
            continue
        values[name] = _attribute(tag, "value") or ("y" if kind == "checkbox" else "")
    for name, text in re.findall(
        r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL
    ):
        values[name] = html.unescape(text).removeprefix("\r\n").removeprefix("\n")
    for tag, options in re.findall(r"(<select[^>]*>)(.*?)</select>", form, re.DOTALL):
        chosen = re.search(r"<option[^>]* selected[^>]*>", options) or re.search(
            r"<option[^>]*>", options
        )
        values[_attribute(tag, "name")] = _attribute(chosen[0], "value") if chosen else ""
    return values


def _content(page: str) -> str:
    return page.partition("<main")[2]


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return html.unescape(found[1]) if found else ""


def read_text(response: TestResponse) -> str:
    """Give the words of a page's content, without markup."""
    content = re.sub(r"<[^>]+>", " ", _content(response.text))
    return html.unescape(re.sub(r"\s+", " ", content))


def count_changes(app: Flask) -> int:
    """Give a number that rises with every change of any record."""
    with database_of(app).reading() as session:
        return stamp(session)
