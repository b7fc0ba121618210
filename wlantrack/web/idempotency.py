"""Routes whose requests may come twice: the second one gets the answer of the first."""

from __future__ import annotations

import hashlib
from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar, cast

from flask import Response, g, make_response, request

from wlantrack.services.idempotency import HEADER, Answer, answer_once, require_key
from wlantrack.web.context import actor, installation

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

View = TypeVar("View", bound="Callable[..., Any]")

REPLAYED = "Idempotency-Replayed"
REFUSED = "Idempotency-Refused"
"""Marks what was tried under its key and refused: nothing of it was done, a new key may be made."""
_OF_THE_PAGE = frozenset({"csrf_token"})


def once(view: View) -> View:
    """Let a route ask for a key, and do what is asked under it once.

    Its sessions that write join one transaction, which ends with the answer. Of the answer its
    status, its body and the page to which it leads are kept, and no other header.
    """

    @wraps(view)
    def answer_by_key(**values: object) -> Response:
        def act(connection: Connection) -> Answer:
            g.transaction, g.was_tried = connection, True
            try:
                response = make_response(view(**values))
            finally:
                del g.transaction
            body = response.get_data(as_text=True)
            content_type, location = response.content_type or "", response.location or ""
            return Answer(response.status_code, content_type, body, location)

        key = require_key(request.headers.get(HEADER))
        answer, is_known = answer_once(installation().database, actor(), key, hash_request(), act)
        response = Response(answer.body, answer.status, content_type=answer.content_type)
        if answer.location:
            response.location = answer.location
        if is_known:
            response.headers[REPLAYED] = "true"
        return response

    return cast("View", answer_by_key)


def mark_refusal(response: Response) -> Response:
    """Tell a refusal of the route itself from one before it, such as the end of a session.

    After the latter nobody knows yet whether the first request under the key was taken.
    """
    if g.get("was_tried") and response.status_code >= HTTPStatus.BAD_REQUEST:
        response.headers[REFUSED] = "true"
    return response


def hash_request() -> str:
    """Give the hash of what is asked: of a form its fields and files, whatever parts them."""
    digest = hashlib.sha256(f"{request.method} {request.full_path}\n".encode())
    if request.form or request.files:
        for name, value in sorted(request.form.items(multi=True)):
            if name not in _OF_THE_PAGE:
                digest.update(f"{name!r}: {value!r}\n".encode())
        for name, file in sorted(request.files.items(multi=True), key=lambda item: item[0]):
            content = hashlib.sha256(file.stream.read()).hexdigest()
            file.stream.seek(0)
            digest.update(f"{name!r}: {file.filename!r} {content}\n".encode())
    else:
        digest.update(request.get_data(cache=True))
    return digest.hexdigest()
