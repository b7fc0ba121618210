"""What a request works with: the installation's parts, a session of the database, the person.

Decides how a page reaches services; refuses to know any feature.
"""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import current_app, g

from wlantrack import logs
from wlantrack.services.network_plan import find_house

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from wlantrack.services.actor import Actor
    from wlantrack.services.network_plan import House
    from wlantrack.services.people import Profile
    from wlantrack.services.results import ResultCache
    from wlantrack.settings import Settings
    from wlantrack.store.picture_cache import PictureCache
    from wlantrack.store.plan_files import PlanFiles
    from wlantrack.store.session import Database

EXTENSION = "wlantrack"


@dataclass(frozen=True)
class Installation:
    """The parts that live as long as the process."""

    settings: Settings
    database: Database
    files: PlanFiles
    uploads: PlanFiles
    results: ResultCache
    pictures: PictureCache


def installation() -> Installation:
    """Give the parts of the running installation."""
    parts: Installation = current_app.extensions[EXTENSION]
    return parts


def house() -> House:
    """Give what the settings say of the house, today."""
    return find_house(installation().settings)


@contextmanager
def reading() -> Iterator[Session]:
    """Give a session that only reads."""
    with installation().database.reading() as session:
        yield session


@contextmanager
def writing() -> Iterator[Session]:
    """Give a session that writes on behalf of the person of this request.

    In a request that is answered once (``web/idempotency.py``) it is part of one transaction.
    """
    with installation().database.writing(actor().audit(), g.get("transaction")) as session:
        yield session


def request_id() -> str:
    """Give this request's number, made when somebody first asks for it."""
    if "request_id" not in g:
        g.request_id = uuid.uuid4().hex
        logs.REQUEST_ID.set(g.request_id)
    return str(g.request_id)


def profile() -> Profile | None:
    """Give the person of this request, None before log-in."""
    found: Profile | None = g.get("profile")
    return found


def actor() -> Actor:
    """Give the actor of this request; pages with a policy have one."""
    found = profile()
    if found is None:
        message = "this page needs a policy that asks for a log-in"
        raise RuntimeError(message)
    return found.actor
