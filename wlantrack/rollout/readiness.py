"""Whether a network could be operated today: points that are met, open, or not entered yet.

Decides what each point asks for; the overview of governance and milestones »operations ready« are
judged alike. Refuses to know where the figures come from.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from wlantrack.errors import msg
from wlantrack.rollout.lifecycle import Mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from wlantrack.errors import Message


class Met(Enum):
    """How a point stands."""

    YES = "met"
    NO = "open"
    UNKNOWN = "nothing entered"


@dataclass(frozen=True)
class MetWord:
    """The word of a standing, and the mark under which it is drawn."""

    label: Message
    mark: Mark


MET_WORDS: Mapping[Met, MetWord] = {
    Met.YES: MetWord(msg("met"), Mark.LIVE),
    Met.NO: MetWord(msg("open"), Mark.MOUNTED),
    Met.UNKNOWN: MetWord(msg("nothing entered yet"), Mark.UNDATED),
}


@dataclass(frozen=True)
class Check:
    """One point: how it stands, and by what figures.

    ``key`` names the list that it is counted from.
    """

    key: str
    title: Message
    met: Met
    words: Message


def count_met(checks: Iterable[Check]) -> int:
    """Count the points that are met."""
    return sum(check.met is Met.YES for check in checks)


def _met(*, is_met: bool) -> Met:
    return Met.YES if is_met else Met.NO


def check_support(*, is_named: bool) -> Check:
    """Ask for a support team."""
    words = msg("support team named") if is_named else msg("no support team named yet")
    return Check("support_teams", msg("Support"), _met(is_met=is_named), words)


def check_training(planned: int, trained: int, *, tells_numbers: bool = True) -> Check:
    """Ask that everybody who is to be trained has been.

    Parameters
    ----------
    tells_numbers
        Whether the reader may know how many they are.
    """
    met = _met(is_met=trained >= planned) if planned else Met.UNKNOWN
    if not planned:
        words = msg("nobody entered who is to be trained")
    elif tells_numbers:
        words = msg("%(done)s of %(total)s people trained", done=trained, total=planned)
    elif met is Met.YES:
        words = msg("everybody is trained")
    else:
        words = msg("not everybody is trained yet")
    return Check("trainings", msg("Training"), met, words)


def check_posts(filled: float, wanted: float) -> Check:
    """Ask that every post that was not refused is filled, in full-time equivalents."""
    met = _met(is_met=filled >= wanted) if wanted else Met.UNKNOWN
    words = (
        msg("%(done)g of %(total)g full-time posts filled", done=filled, total=wanted)
        if wanted
        else msg("no post entered yet")
    )
    return Check("posts", msg("Posts"), met, words)


def check_documents(measured: int, planned: int) -> Check:
    """Ask that what is handed over is documented: a passed test record for every cable."""
    words = msg(
        "%(done)s of %(total)s cables with a passed test record", done=measured, total=planned
    )
    return Check("documents", msg("Documentation"), _met(is_met=measured >= planned), words)


def check_devices(named: int, groups: int, devices: int) -> Check:
    """Ask that every group of devices says which network it may use."""
    if not groups:
        return Check("device_groups", msg("Devices"), Met.UNKNOWN, msg("no devices entered yet"))
    words = msg(
        "%(devices)g devices; the network is named for %(done)s of %(total)s groups",
        devices=devices,
        done=named,
        total=groups,
    )
    return Check("device_groups", msg("Devices"), _met(is_met=named == groups), words)


def check_budget(planned_eur: int, spent_eur: int, overspent: int, unknown: int) -> Check:
    """Ask that every budget line has an amount and none is overspent.

    Parameters
    ----------
    overspent, unknown
        How many lines go beyond what is planned, and how many have no planned amount.
    """
    if not planned_eur and not unknown:
        return Check("budget_lines", msg("Budget"), Met.UNKNOWN, msg("no budget entered yet"))
    words = msg(
        "€%(spent)g of €%(planned)g spent; overspent lines: %(over)s; without an amount:"
        " %(unknown)s",
        spent=spent_eur,
        planned=planned_eur,
        over=overspent,
        unknown=unknown,
    )
    return Check("budget_lines", msg("Budget"), _met(is_met=not overspent and not unknown), words)


def check_risks(current: int, heavy: int, unanswered: int, *, is_any_entered: bool) -> Check:
    """Ask that something is done about every heavy risk.

    Parameters
    ----------
    current, heavy, unanswered
        How many are not closed, how many of them weigh heavily, and about how many of those nothing
        is done.
    """
    if not is_any_entered:
        return Check("risks", msg("Risks"), Met.UNKNOWN, msg("no risk entered yet"))
    words = msg(
        "not closed: %(current)s; heavy: %(heavy)s; of these without a measure: %(open)s",
        current=current,
        heavy=heavy,
        open=unanswered,
    )
    return Check("risks", msg("Risks"), _met(is_met=not unanswered), words)


def check_decisions(taken: int, still_open: int, overdue: int) -> Check:
    """Ask that every decision that is needed has been taken."""
    if not taken and not still_open:
        return Check("decisions", msg("Decisions"), Met.UNKNOWN, msg("no decision entered yet"))
    words = msg(
        "taken: %(taken)s; open: %(open)s; of these overdue: %(overdue)s",
        taken=taken,
        open=still_open,
        overdue=overdue,
    )
    return Check("decisions", msg("Decisions"), _met(is_met=not still_open), words)


def check_uplinks(busy: int, measured: int, percent: int) -> Check:
    """Ask that no uplink was measured above a part of its rate."""
    if not measured:
        return Check("uplinks", msg("Uplinks"), Met.UNKNOWN, msg("no load measured yet"))
    words = msg(
        "above %(percent)s %% of their rate: %(busy)s of %(measured)s measured uplinks",
        busy=busy,
        measured=measured,
        percent=percent,
    )
    return Check("uplinks", msg("Uplinks"), _met(is_met=not busy), words)
