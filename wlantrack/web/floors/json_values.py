"""What the floor-plan editor sends as JSON, read into values; what is wrong is named by its field."""

from __future__ import annotations

import math
import re
from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Any, TypeVar

from flask import jsonify, request

from wlantrack.errors import Conflict, InvalidInput, Problem, msg
from wlantrack.services import places
from wlantrack.web.errors import describe_error

if TYPE_CHECKING:
    import uuid

    from _typeshed import DataclassInstance
    from flask.typing import ResponseReturnValue

# NUL and halves of surrogate pairs: UTF-8 or PostgreSQL has no place for them.
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")

Values = TypeVar("Values", bound="DataclassInstance")


def answer_conflict(error: Conflict, current: dict[str, Any]) -> ResponseReturnValue:
    """Answer that somebody else was faster, with what is there now."""
    return jsonify(error=describe_error(error) | {"current": current}), 409


def read_body() -> dict[str, Any]:
    """Give the JSON object that was sent.

    Raises
    ------
    InvalidInput
        There is none.
    """
    try:
        body = request.get_json(silent=True)
    except RecursionError:
        body = None
    if not isinstance(body, dict):
        raise InvalidInput(Problem(msg("The request holds no JSON object.")))
    return body


def read_version(body: dict[str, Any]) -> int:
    """Give the version that a change was made against.

    Raises
    ------
    InvalidInput
        It is missing.
    """
    version = body.get("version")
    if isinstance(version, bool) or not isinstance(version, int):
        raise InvalidInput(
            Problem(msg("A change needs the version it was made against."), field="version")
        )
    return version


def _as_uuid(value: object, field: str) -> uuid.UUID:
    found = places.parse_uuid(str(value))
    if found is None:
        raise InvalidInput(Problem(msg("This is no id."), field=field, value=str(value)))
    return found


def read_values(kind: type[Values], body: dict[str, Any], current: dict[str, Any] | None) -> Values:
    """Make values from JSON; what is missing comes from the current record or the default."""
    known: dict[str, Any] = {}
    for field in fields(kind):
        if field.name in body:
            known[field.name] = _convert(field.name, body[field.name], field.type)
        elif current is not None and field.name in current:
            known[field.name] = _convert(field.name, current[field.name], field.type)
        elif field.default is MISSING:
            raise InvalidInput(
                Problem(msg("This is missing."), msg("Fill it in."), field=field.name)
            )
    return kind(**known)


def _as_float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:  # JSON knows whole numbers of any length
        return math.inf


def _convert(name: str, value: object, kind: object) -> object:
    if value is None and "None" in str(kind):
        return None
    if "UUID" in str(kind):
        return _as_uuid(value, name)
    wanted = {"float": (int, float), "int": (int,), "bool": (bool,), "str": (str,)}[
        str(kind).split(" ")[0]
    ]
    is_flag = isinstance(value, bool)
    if isinstance(value, wanted) and is_flag == (wanted == (bool,)):
        if isinstance(value, str) and _UNSTORABLE.search(value):
            raise InvalidInput(
                Problem(msg("This text holds a character that cannot be stored."), field=name)
            )
        if isinstance(value, int | float) and float in wanted:
            return _as_float(value)
        return value
    raise InvalidInput(
        Problem(
            msg("This value is not of the right kind."),
            msg("Enter a number, or choose from the list."),
            field=name,
            value=str(value)[:80],
        )
    )
