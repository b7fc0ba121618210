from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wlantrack.errors import Message, Problem, msg
from wlantrack.formats.wire import WireError, decode, encode


class Side(Enum):
    LEFT = "left"


@dataclass(frozen=True)
class Window:
    name: str
    width_m: float
    side: Side
    picture: bytes
    note: str | None
    points: tuple[tuple[float, float], ...]


@given(
    st.builds(
        Window,
        name=st.text(),
        width_m=st.floats(allow_nan=False, allow_infinity=False),
        side=st.just(Side.LEFT),
        picture=st.binary(),
        note=st.none() | st.text(),
        points=st.lists(st.tuples(st.floats(0, 9), st.floats(0, 9))).map(tuple),
    )
)
def test_what_goes_out_comes_back_unchanged(window: Window) -> None:
    assert decode(Window, encode(window)) == window


def test_a_problem_keeps_its_place_and_its_message_with_values() -> None:
    problem = Problem(msg("%(n)s lines", n=3), msg("Fewer."), row=4, field="A-WALL", value="x")
    back = decode(Problem, encode(problem))
    assert str(back) == "row 4, A-WALL, 'x': 3 lines Fewer."
    assert back.message.text == "%(n)s lines"


def test_numbers_stay_numbers_so_that_the_page_writes_them_in_its_language() -> None:
    back = decode(Message, encode(msg("%(a).1f m, %(b)g s, %(c)s", a=2.25, b=60, c=7)))
    assert dict(back.values) == {"a": 2.25, "b": 60.0, "c": "7"}
    assert str(back) == "2.2 m, 60 s, 7"


def test_nested_messages_stay_translatable() -> None:
    back = decode(Message, encode(msg("too many %(what)s", what=msg("pages"))))
    assert back.values["what"] == msg("pages")


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        (int, "true"),
        (int, "1.5"),
        (str, "1"),
        (float, "NaN"),
        (float, "1e999"),
        (float, '"1"'),
        (bytes, '"***"'),
        (Side, '"middle"'),
        (tuple[int, ...], '{"0": 1}'),
        (tuple[int, int], "[1]"),
        (int | None, '"x"'),
        (Window | None, "{}"),
        (Message, '{"text": "%(n)999999999d", "values": {"n": 1}}'),
        (Message, '{"text": "%(n).99f", "values": {"n": 1}}'),
        (Message, '{"text": "%(n)99.1f", "values": {"n": 1}}'),
        (Message, '{"text": "%(n).1f m", "values": {"n": "1"}}'),
        (Message, '{"text": "%(n).1f m", "values": {}}'),
        (Message, '{"text": "%(n)g m", "values": {"n": 1e999}}'),
        (Message, '{"text": "x"}'),
        (Message, '{"text": 1, "values": {}}'),
        (Window, json.dumps({"name": "x", "__class__": "os.system"})),
        (str, "not json"),
        (str, "[" * 100_000),
    ],
)
def test_anything_not_exactly_as_agreed_is_refused(kind: object, sent: str) -> None:
    with pytest.raises(WireError):
        decode(kind, sent.encode())


def test_types_that_are_not_plain_never_cross() -> None:
    with pytest.raises(TypeError, match="cannot cross"):
        decode(object, b"{}")
