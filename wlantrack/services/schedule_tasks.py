"""Tasks of a schedule as values of work packages and milestones.

Decides what a task says of a package or milestone: our own fields where they still hold, else what
the format knows. A task that was not moved since we wrote it keeps the plan that stood behind it; a
milestone that is dated by what it waits for gets no forecast of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.rollout.milestones import KIND_WORDS as MILESTONE_WORDS
from wlantrack.rollout.packages import DEFAULTS, NOISE_ORDER
from wlantrack.services import schedule_words as words
from wlantrack.services.package_edits import PackageValues
from wlantrack.services.speech import Pen
from wlantrack.store.models.milestones import MILESTONE_KINDS

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from wlantrack.formats.mspdi import MspdiTask
    from wlantrack.rollout.spoken_dates import SpokenDate
    from wlantrack.store.models.milestones import Milestone

LONGEST_NAME: Final = 120
LONGEST_NOTE: Final = 500
_LANGUAGES: Final = ("de", "en")


@dataclass(frozen=True)
class NewTasks:
    """What is taken for tasks that do not say it themselves: where they lie, and their kind."""

    where: str = ""
    kind: str = "other"
    milestone_kind: str = ""


@dataclass(frozen=True)
class MilestoneRead:
    """What a task says of a milestone."""

    name: str
    kind: str
    forecast: SpokenDate | None
    actual: SpokenDate | None
    undated_reason: str
    responsible: str
    note: str


def read_package(
    task: MspdiTask, old: PackageValues | None, crew: str, new: NewTasks, codes: Container[str]
) -> PackageValues:
    """Give a package's values as a task says them; what it cannot say stays as it is.

    ``codes`` are those of milestones and renovations that are here: others are left out.
    """
    kind = _choose(task.field(words.KIND), DEFAULTS, old.kind if old else new.kind)
    where, floor = words.hear_place(task.field(words.PLACE))
    feeds, renovation = task.field(words.FEEDS), task.field(words.RENOVATION)
    start, finish = _read_plan(task)
    is_pinned = task.constraint == "fixed" and start is not None
    values = old or PackageValues(
        where=where or new.where,
        kind=kind,
        code=task.field(words.CODE),
        floor=floor,
        milestone=feeds if feeds in codes else "",
        renovation=renovation if renovation in codes else "",
        noise_class=_choose(
            task.field(words.NOISE), dict.fromkeys(NOISE_ORDER), DEFAULTS[kind].noise_class
        ),
    )
    return replace(
        values,
        name=_read_name(task),
        crew="" if task.is_elapsed else crew,
        duration_days=_read_net_days(task),
        is_waiting=task.is_elapsed,
        priority=_read_priority(task, old),
        responsible=task.contact[:LONGEST_NAME],
        not_before=_day(task.constraint_on) if task.constraint == "not before" else None,
        planned_start=start,
        planned_finish=finish,
        is_pinned=is_pinned,
        due=words.hear_words(task.field(words.DUE), _day(task.deadline), "deadline"),
        started_on=_day(task.actual_start),
        finished_on=_day(task.actual_finish),
        is_dropped=not task.is_active,
        undated_reason="" if start else task.field(words.UNDATED),
        note=_read_note(task),
    )


def _choose(given: str, choices: Mapping[str, object], otherwise: str) -> str:
    return given if given in choices else otherwise


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _read_name(task: MspdiTask) -> str:
    """Give the name; none where we had written what its kind is called."""
    return "" if task.name == task.field(words.NAMELESS) else task.name[:LONGEST_NAME]


def _read_note(task: MspdiTask) -> str:
    return task.note[:LONGEST_NOTE]


def _read_priority(task: MspdiTask, old: PackageValues | None) -> int:
    """Give our priority; an old one stands while the number lies in its band."""
    priority = words.hear_priority(task.priority)
    return old.priority if old and words.tell_priority(old.priority) == task.priority else priority


def _is_moved(task: MspdiTask) -> bool:
    """Tell whether a task has other days than those with which we wrote it."""
    return task.field(words.FORECAST) != words.tell_span(_day(task.start), _day(task.finish))


def _read_plan(task: MspdiTask) -> tuple[date | None, date | None]:
    """Give the planned days: as they stood behind a task that was not moved, else its own."""
    if not _is_moved(task) and not (task.constraint == "fixed" and task.field(words.PLAN) == "-"):
        first, _, last = task.field(words.PLAN).partition("/")
        try:
            return (date.fromisoformat(first), date.fromisoformat(last)) if last else (None, None)
        except ValueError:
            pass
    if task.start is None or task.finish is None:
        return None, None
    return _day(task.start), _day(task.finish)


def _read_net_days(task: MspdiTask) -> int:
    net, _, span = task.field(words.NET_DAYS).partition("/")
    is_kept = net.isdigit() and span == str(task.duration_days)
    return max(1, int(net)) if is_kept else task.duration_days


def read_milestone(task: MspdiTask, known: Milestone | None, new: NewTasks) -> MilestoneRead:
    """Give what a task says of a milestone.

    Raises
    ------
    InvalidInput
        It is new, and nothing says of which kind.
    """
    kind = known.kind if known is not None else _find_kind(task, new)
    actual = words.hear_words(task.field(words.REACHED), _day(task.actual_finish), "finish")
    forecast = None
    if task.constraint:
        forecast = words.hear_words(task.field(words.PLAN), _day(task.constraint_on), "finish")
    elif _is_moved(task) and not task.links and actual is None:
        forecast = words.hear_words(task.field(words.PLAN), _day(task.finish), "finish")
    is_undated = forecast is None and actual is None
    return MilestoneRead(
        _read_name(task),
        kind,
        forecast,
        actual,
        task.field(words.UNDATED) if is_undated else "",
        task.contact[:LONGEST_NAME],
        _read_note(task),
    )


def _find_kind(task: MspdiTask, new: NewTasks) -> str:
    """Give the kind that a new milestone says, as it is called, or as was chosen for all."""
    said = task.field(words.KIND)
    if said in MILESTONE_KINDS:
        return said
    name = task.name.casefold()
    for kind, word in MILESTONE_WORDS.items():
        if any(Pen(language).say(word).casefold() in name for language in _LANGUAGES):
            return kind
    if new.milestone_kind in MILESTONE_KINDS:
        return new.milestone_kind
    raise InvalidInput(
        Problem(
            msg("The milestone does not say what it reaches."),
            msg(
                "Choose what milestones without a kind reach, or put its name into it, such as"
                " “%(kind)s”.",
                kind=MILESTONE_WORDS["cabling complete"],
            ),
            field="kind",
            value=task.name,
        )
    )
