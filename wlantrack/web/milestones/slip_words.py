"""What a change of the plan has moved, as a message says it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask_babel import gettext, ngettext

from wlantrack.web.languages import translate

if TYPE_CHECKING:
    from wlantrack.services.slips import Move, SlipPreview

_NAMED: Final = 4
"""More than these are counted: a message is read at a glance."""


def say_moves(preview: SlipPreview) -> str:
    """Say what has moved to when and by how much, what was changed itself first; or nothing."""
    moves = sorted(preview.moves, key=lambda move: move.key not in preview.changed)
    named = ", ".join(_say_move(move) for move in moves[:_NAMED])
    more = len(moves) - _NAMED + preview.hidden_count
    if named and more > 0:
        named += " " + ngettext("and %(num)s more", "and %(num)s more", more)
    return str(gettext("Expected now: %(moves)s.", moves=named)) if named else ""


def _say_move(move: Move) -> str:
    name = move.what.code or translate(move.what.title)
    if move.after is None:
        return str(gettext("%(name)s without a date", name=name))
    date = move.after.wording
    if not move.days:
        return f"{name} {date}"
    words = ngettext("%(num)s working day", "%(num)s working days", abs(move.days))
    sign = "+" if move.days > 0 else "\N{MINUS SIGN}"
    return f"{name} {date} ({sign}{words})"
