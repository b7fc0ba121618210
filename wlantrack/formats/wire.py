"""A reader's result as JSON, between the sandbox and the program.

Decides how dataclasses cross the border: written freely, but read back **only into the types that
the caller names**, every value checked. A sandboxed process taken over by a hostile file can
therefore send wrong values, never an object of its choice (as pickle would allow).
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Final, Union, get_args, get_origin, get_type_hints

from wlantrack.errors import Message, Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    Decoder = Callable[[object], object]

PLACEHOLDER: Final = re.compile(r"%%|%\(\w+\)(?:s|(?:\.[0-9])?[fg])")
NUMBER_PLACE: Final = re.compile(r"%\((\w+)\)(?:\.[0-9])?[fg]")
SCALARS: Final = frozenset({str, int, float, bool, NoneType})


@dataclass(frozen=True)
class Failure:
    """A reading that ended otherwise than by a result or a refusal; `kind` says how."""

    kind: str
    detail: str = ""


@dataclass(frozen=True)
class Refusal:
    """What the reader itself found wrong."""

    problems: tuple[Problem, ...]


class WireError(ValueError):
    """What came back is not what was agreed."""


def encode(value: object) -> bytes:
    """Write dataclasses, tuples, bytes, enums, messages and plain values as JSON.

    Raises
    ------
    ValueError
        If a number is not finite.
    """
    return json.dumps(value, default=_plain, allow_nan=False).encode()


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    return str(value)


def decode(kind: Any, data: bytes) -> Any:  # noqa: ANN401 - the type is the argument
    """Read JSON into `kind`: a dataclass, ``tuple[...]``, union, enum or plain type.

    Raises
    ------
    WireError
        If anything in `data` is not exactly as `kind` says.
    """
    try:
        return _decoder(kind)(json.loads(data, parse_constant=_refuse_constant))
    except (RecursionError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise WireError(str(error)) from error


def _refuse_constant(name: str) -> object:
    raise WireError(f"{name} is no number")


@cache
def _decoder(kind: Any) -> Decoder:  # noqa: ANN401 - any type may stand here
    if kind in _LEAVES:
        return _LEAVES[kind]
    if is_dataclass(kind):
        return _dataclass_decoder(kind)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is tuple:
        return _tuple_decoder(arguments)
    if origin in (Union, UnionType):
        return _union_decoder(kind, arguments)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _guarded(kind, str)
    raise TypeError(f"{kind!r} cannot cross the sandbox's border")


def _guarded(convert: Callable[[Any], object], wanted: type) -> Decoder:
    def decode_value(data: object) -> object:
        if type(data) is not wanted:
            raise WireError(f"{wanted.__name__} expected")
        try:
            return convert(data)
        except ValueError as error:
            raise WireError(str(error)) from error

    return decode_value


def _bytes(data: str) -> bytes:
    try:
        return base64.b64decode(data, validate=True)
    except binascii.Error as error:
        raise WireError(str(error)) from error


def _number(data: object) -> float:
    if isinstance(data, bool) or not isinstance(data, int | float) or not math.isfinite(data):
        raise WireError("finite number expected")
    return float(data)


def _message(data: object) -> Message:
    if not isinstance(data, dict) or set(data) != {"text", "values"}:
        raise WireError("message expected")
    text, values = data["text"], data["values"]
    if not isinstance(text, str) or not isinstance(values, dict):
        raise WireError("message expected")
    # A template such as "%(n)999999999d" would fill the memory when it is shown.
    if "%" in PLACEHOLDER.sub("", text):
        raise WireError("message with a strange placeholder")
    kept: dict[str, object] = {
        k: _message(v) if isinstance(v, dict) else str(v) for k, v in values.items()
    }
    kept |= {name: _number(values.get(name)) for name in NUMBER_PLACE.findall(text)}
    return Message(text, kept)


def _dataclass_decoder(kind: Any) -> Decoder:  # noqa: ANN401 - any dataclass may stand here
    hints = get_type_hints(kind)
    decoders = {field.name: _decoder(hints[field.name]) for field in fields(kind)}

    def decode_value(data: object) -> object:
        if not isinstance(data, dict) or data.keys() != decoders.keys():
            raise WireError(f"{kind.__name__} expected")
        return kind(**{name: decoders[name](value) for name, value in data.items()})

    return decode_value


def _union_decoder(kind: Any, choices: tuple[Any, ...]) -> Decoder:  # noqa: ANN401 - as above
    if SCALARS.issuperset(choices):  # one look per table cell, not five attempts
        return _one_of(frozenset(choices))
    decoders = [_decoder(choice) for choice in choices]

    def decode_value(data: object) -> object:
        for decoder in decoders:
            try:
                return decoder(data)
            except WireError:
                continue
        raise WireError(f"{kind} expected")

    return decode_value


def _one_of(kinds: frozenset[type]) -> Decoder:
    def decode_value(data: object) -> object:
        if type(data) not in kinds:
            raise WireError("plain value expected")
        return _number(data) if isinstance(data, float) else data

    return decode_value


def _tuple_decoder(arguments: tuple[Any, ...]) -> Decoder:
    repeated = len(arguments) == 2 and arguments[1] is Ellipsis
    decoders = [_decoder(argument) for argument in arguments if argument is not Ellipsis]

    def decode_value(data: object) -> object:
        if not isinstance(data, list) or not (repeated or len(data) == len(decoders)):
            raise WireError("list expected")
        if repeated:
            return tuple(map(decoders[0], data))
        return tuple(decoder(item) for decoder, item in zip(decoders, data, strict=True))

    return decode_value


_LEAVES: Final[dict[Any, Decoder]] = {
    Message: _message,
    bytes: _guarded(_bytes, str),
    float: _number,
    **{kind: _guarded(lambda data: data, kind) for kind in (str, int, bool, NoneType)},
}
