"""What was asked once is done once, however often it is sent.

A browser whose answer got lost cannot know whether its change was taken. It sends the same request
again under the same key: the first one is done and its answer kept, in one transaction; every
later one gets that answer. Decides how long, and that a key stands for one request only; refuses
to know what the requests are about.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy.exc import IntegrityError

from wlantrack.errors import Conflict, InvalidInput, Problem, msg
from wlantrack.store.queries import idempotency as queries

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Connection, Row

    from wlantrack.services.actor import Actor
    from wlantrack.store.session import Database

KEPT_FOR: Final = timedelta(days=7)
"""A phone that was without a connection over a long weekend still finds its answers."""
LONGEST_KEY: Final = 255
HEADER: Final = "Idempotency-Key"
_ATTEMPTS: Final = 3
_REFUSED: Final = 400
_UNSETTLED: Final = 0


@dataclass(frozen=True)
class Answer:
    """What is answered: the status, the type of the body, the body, and where it leads."""

    status: int
    content_type: str
    body: str
    location: str = ""

    @property
    def is_refusal(self) -> bool:
        """Tell whether nothing was done, so that the request may come again, corrected."""
        return self.status >= _REFUSED


def require_key(text: str | None) -> str:
    """Give the key of a request; quotation marks around it are left out.

    Raises
    ------
    InvalidInput
        There is none, or it is none.
    """
    key = (text or "").strip().strip('"')
    if key and len(key) <= LONGEST_KEY and key.isascii() and key.isprintable():
        return key
    raise InvalidInput(
        Problem(
            msg("The request has no key by which it is known when it comes again."),
            msg(
                "Send the header %(header)s with up to %(most)d printable signs, new for each change.",
                header=HEADER,
                most=LONGEST_KEY,
            ),
            field=HEADER,
            value=key[:80] or None,
        )
    )


def answer_once(
    database: Database,
    actor: Actor,
    key: str,
    request_sha256: str,
    act: Callable[[Connection], Answer],
) -> tuple[Answer, bool]:
    """Answer a request, and tell whether that had been done before.

    Parameters
    ----------
    request_sha256
        Hash of all that the request asks for.
    act
        Does what is asked, inside the transaction of the connection that it gets; what it raises
        or refuses undoes all of it, the key included.

    Raises
    ------
    InvalidInput
        The key stands for another request.
    Conflict
        The rights of the person have changed since the answer was given.
    """
    assert actor.user_id is not None  # noqa: S101 - whoever sends requests has an account
    now = datetime.now(UTC)
    claim = {
        "user_id": actor.user_id,
        "key": key,
        "request_sha256": request_sha256,
        "grants_sha256": hashlib.sha256(repr(sorted(map(repr, actor.grants))).encode()).hexdigest(),
    }
    for _ in range(_ATTEMPTS):
        with database.transaction() as transaction:
            connection = transaction.connection
            known = queries.find_answer(connection, actor.user_id, key)
            if known is not None:
                return _give_again(known, claim), True
            queries.delete_older(connection, now - KEPT_FOR)
            try:
                queries.add_answer(
                    connection, **claim, created_at=now, status=_UNSETTLED, content_type="", body=""
                )
            except IntegrityError:  # somebody takes the key at this moment, and is done by now
                continue
            answer = act(connection)
            if not answer.is_refusal:
                queries.set_answer(connection, actor.user_id, key, **asdict(answer))
                transaction.commit()
            return answer, False
    raise Conflict(msg("The same request is being answered at this moment. Try again."))


def _give_again(known: Row[str, str, int, str, str, str], claim: Mapping[str, object]) -> Answer:
    request_sha256, grants_sha256, status, content_type, location, body = known
    if request_sha256 != claim["request_sha256"]:
        raise InvalidInput(
            Problem(
                msg("This key stands for another request already."),
                msg("Make a new key for each change."),
                field=HEADER,
                value=str(claim["key"])[:80],
            )
        )
    if grants_sha256 != claim["grants_sha256"]:
        raise Conflict(msg("Your rights have changed since. Load the page again."))
    return Answer(status, content_type, body, location)


def delete_old(database: Database, now: datetime) -> int:
    """Delete the answers that nobody asks for any more; tells how many."""
    with database.transaction() as transaction:
        count = queries.delete_older(transaction.connection, now - KEPT_FOR)
        transaction.commit()
    return count
