"""Feedback from the public page: taken from anybody, shown to those who publish hotspots.

Decides how much is taken, and that neither the words nor an address of theirs enters the audit
trail, so that they can be deleted for good.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wlantrack.errors import Conflict, InvalidInput, NotFound, Problem, msg
from wlantrack.services import places
from wlantrack.services.actor import Action, Actor
from wlantrack.services.versions import require_version
from wlantrack.store.models.hotspots import FEEDBACK_TOPICS, Feedback
from wlantrack.store.queries import hotspots as queries

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from wlantrack.errors import Message
    from wlantrack.store.queries.hotspots import FeedbackRow

TOPIC_WORDS: dict[str, Message] = {
    "hotspot": msg("a hotspot that does not work"),
    "accessibility": msg("accessibility"),
    "other": msg("something else"),
}
LONGEST_WORDS = 2000
LONGEST_ADDRESS = 200
MOST_WAITING = 1000
"""More unread feedback than this is an attack, or nobody reads it: it must not fill the disk."""


@dataclass(frozen=True)
class FeedbackValues:
    """What somebody wrote; ``about`` is the public id of a hotspot, or empty."""

    topic: str
    words: str
    reply_to: str = ""
    about: str = ""
    language: str = ""


def name_hotspot(session: Session, about: str) -> str | None:
    """Give the name of the published hotspot that a public id means; None if there is none."""
    open_id = places.parse_uuid(about)
    return None if open_id is None else queries.name_published(session, open_id)


def take(session: Session, values: FeedbackValues, now: datetime) -> None:
    """Keep what somebody without an account wrote.

    Raises
    ------
    InvalidInput
        There are no words, or too many.
    Conflict
        Too much waits to be read already.
    """
    problems = []
    if not values.words.strip():
        problems.append(
            Problem(msg("The message is empty."), msg("Write what we should know."), field="words")
        )
    for field, longest in (("words", LONGEST_WORDS), ("reply_to", LONGEST_ADDRESS)):
        if len(getattr(values, field)) > longest:
            message = msg("This is longer than %(count)d characters.", count=longest)
            problems.append(Problem(message, msg("Shorten it."), field=field))
    if values.topic not in FEEDBACK_TOPICS:
        problems.append(
            Problem(msg("There is no such topic."), msg("Choose one of the list."), field="topic")
        )
    if problems:
        raise InvalidInput(*problems)
    if queries.count_waiting(session) >= MOST_WAITING:
        raise Conflict(msg("We cannot take more messages at the moment. Please try again later."))
    about = places.parse_uuid(values.about) if name_hotspot(session, values.about) else None
    session.add(
        Feedback(
            public_id=uuid.uuid4(),
            received_at=now,
            topic=values.topic,
            about=about,
            words=values.words.strip(),
            reply_to=values.reply_to.strip(),
            language=values.language[:5],
        )
    )
    session.commit()


def list_feedback(session: Session, actor: Actor) -> list[FeedbackRow]:
    """Give the feedback that the actor deals with: what waits first, then the latest."""
    actor.require_somewhere(Action.PUBLISH_HOTSPOTS)
    return queries.list_feedback(session, actor.scope_pairs(Action.PUBLISH_HOTSPOTS))


def count_waiting(session: Session, actor: Actor) -> int:
    """Count what the actor has not dealt with yet."""
    if not actor.can_anywhere(Action.PUBLISH_HOTSPOTS):
        return 0
    return queries.count_waiting(session, actor.scope_pairs(Action.PUBLISH_HOTSPOTS))


def find_feedback(session: Session, actor: Actor, ref: str) -> Feedback:
    """Give one feedback.

    Raises
    ------
    NotFound
        There is none, or it is out of scope.
    """
    actor.require_somewhere(Action.PUBLISH_HOTSPOTS)
    public_id = places.parse_uuid(ref)
    scopes = actor.scope_pairs(Action.PUBLISH_HOTSPOTS)
    found = None if public_id is None else queries.get_feedback(session, public_id, scopes)
    if found is None:
        raise NotFound(msg("There is no such feedback, or it is outside your area."))
    return found


def set_done(
    session: Session, actor: Actor, ref: str, version: int | None, *, is_done: bool
) -> None:
    """Say that a feedback is dealt with, or that it is not.

    Raises
    ------
    Conflict
        Somebody else has changed it since.
    """
    feedback = find_feedback(session, actor, ref)
    require_version(session, feedback, version)
    feedback.is_done = is_done
    session.commit()


def delete(session: Session, actor: Actor, ref: str, version: int | None) -> None:
    """Delete a feedback for good: it is nowhere else, and cannot come back.

    Raises
    ------
    Conflict
        Somebody else has changed it since.
    """
    feedback = find_feedback(session, actor, ref)
    require_version(session, feedback, version)
    session.delete(feedback)
    session.commit()
