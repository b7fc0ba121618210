"""What is kept of a search: a proposal as it was found, as a text and back.

Decides the form of the text: every reason is a message with its values, so that each reader has it
in their own language. Texts of earlier versions, whose reasons are sentences, are read as well.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from wlantrack.errors import Message
from wlantrack.reports.document import hash_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wlantrack.store.models.milestones import WorkPackage
    from wlantrack.store.queries.milestones import PackageRow
    from wlantrack.store.queries.packages import PackageNames

KIND: Final = "schedule proposal"
COST_NAMES: Final = ("late", "outside", "disturbed", "moved")
_BASIS: Final = (
    *("kind", "state", "building_id", "wing_id", "floor_id", "duration_days", "is_waiting"),
    *("not_before", "planned_start", "planned_finish", "started_on", "finished_on"),
    *("undated_reason", "milestone_id", "crew_id", "noise_class"),
)
_NAMED_BASIS: Final = ("priority", "is_pinned", "due")
"""What a search reads of a package, in the two places where it stands."""


@dataclass(frozen=True)
class Move:
    """One package that begins or ends on other days than by today's plan.

    Attributes
    ----------
    costs, costs_before
        What the new days cost, and those of today's plan, by what for.
    why
        What keeps it from being better; nothing if it can be neither earlier nor cheaper.
    could_start
        The day on which it would begin without that.
    others
        Packages for which a crew among the reasons works at that time.
    breaks
        The rules that it breaks where it lies today: it has to move, whatever that costs.
    inside
        The renovation whose open walls it then uses, where that saves something.
    basis
        What the search read of the package, see :func:`tell_basis`; empty in earlier texts.
    """

    package: str
    public_id: str
    version: int
    from_start: date | None
    from_finish: date | None
    to_start: date
    to_finish: date
    costs: Mapping[str, int]
    why: tuple[Message, ...]
    name: str = ""
    kind: str = ""
    place: str = ""
    costs_before: Mapping[str, int] = field(default_factory=dict)
    could_start: date | None = None
    others: tuple[str, ...] = ()
    breaks: tuple[Message, ...] = ()
    inside: str = ""
    basis: str = ""

    @property
    def gains(self) -> dict[str, int]:
        """Give what the move saves (more than 0) or costs (less), by what for, where it matters."""
        found = {
            name: self.costs_before.get(name, 0) - self.costs.get(name, 0) for name in COST_NAMES
        }
        return {name: gain for name, gain in found.items() if gain}

    @property
    def gain(self) -> int:
        """Give what the move saves in all; less than 0 if it costs more for the sake of others."""
        return sum(self.gains.values())


@dataclass(frozen=True)
class Shift:
    """A milestone that comes about on another day if all lines are accepted."""

    milestone: str
    public_id: str
    name: str
    kind: str
    from_day: date | None
    to_day: date


@dataclass(frozen=True)
class Demand:
    """One of several demands that cannot all hold, and how it could be given up.

    ``package`` is the code of the package whose demand it is, empty if it is nobody's alone.
    """

    what: Message
    remedy: Message
    package: str = ""


@dataclass(frozen=True)
class Proposal:
    """A plan that was found, what is known of it, and how it differs from today's.

    Attributes
    ----------
    data_stamp
        Names the state of the records from which it was made.
    undated
        Packages and milestones that get no date, each with what it waits for.
    undated_reasons
        What people have written, by what cannot be dated itself.
    today_costs, today_breaks
        What today's plan costs by the same weights, and which rules it breaks.
    conflict
        Where there is no plan, the demands that cannot all hold.
    """

    made_on: date
    seed: int
    limit_s: float
    weights: Mapping[str, int]
    data_stamp: int
    status: str
    is_repeatable: bool
    objective: int
    heuristic_objective: int | None
    bound: int
    costs: Mapping[str, int]
    moves: tuple[Move, ...]
    undated: Mapping[str, tuple[str, ...]]
    undated_reasons: Mapping[str, str] = field(default_factory=dict)
    today_costs: Mapping[str, int] = field(default_factory=dict)
    today_breaks: tuple[Message, ...] = ()
    shifts: tuple[Shift, ...] = ()
    conflict: tuple[Demand, ...] = ()

    @property
    def savings(self) -> tuple[int, int]:
        """Give how many moves save something by themselves, and how much in all."""
        gains = [move.gain for move in self.moves if move.gain > 0]
        return len(gains), sum(gains)

    @property
    def inside_count(self) -> int:
        """Count the moves into open walls that save something."""
        return sum(bool(move.inside) for move in self.moves)

    @property
    def forced_count(self) -> int:
        """Count the moves of what breaks a rule where it lies today."""
        return sum(bool(move.breaks) for move in self.moves)

    def explain(self, name: str) -> tuple[str, ...]:
        """Give what people have written about that for which something without a date waits."""
        found = (self.undated_reasons.get(root, "") for root in self.undated[name])
        return tuple(dict.fromkeys(reason for reason in found if reason))

    @property
    def today_cost(self) -> int:
        """Give what today's plan costs in all."""
        return sum(self.today_costs.values())


def tell_basis(row: PackageRow | WorkPackage, names: PackageNames | WorkPackage) -> str:
    """Give, in short, what a search reads of a package: equal while none of that is different."""
    values = [getattr(row, name) for name in _BASIS]
    values += [getattr(names, name) for name in _NAMED_BASIS]
    return hash_of(json.dumps(values, default=str))


def is_as_found(
    move: Move, row: PackageRow | WorkPackage, names: PackageNames | WorkPackage
) -> bool:
    """Tell whether a package is what it was when its move was found, whatever lay in between."""
    if not move.basis:
        return names.version == move.version
    return move.basis == tell_basis(row, names)


def write_proposal(proposal: Proposal) -> str:
    """Give a proposal as the text that is kept."""
    document = {"kind": KIND, **asdict(proposal)}
    return json.dumps(document, default=_write_day, ensure_ascii=False, sort_keys=True)


def _write_day(value: object) -> dict[str, str]:
    if isinstance(value, date):
        return {"on": value.isoformat()}
    message = f"{type(value).__name__} cannot be kept"
    raise TypeError(message)


def read_proposal(text: str) -> Proposal | None:
    """Give the proposal that is kept as a text; None if it is none."""
    values = json.loads(text, object_hook=_read_value)
    if not isinstance(values, dict) or values.pop("kind", None) != KIND:
        return None
    values["made_on"] = _read_day(values["made_on"])
    values["moves"] = tuple(_read_move(move) for move in values["moves"])
    values["undated"] = {name: tuple(roots) for name, roots in values["undated"].items()}
    values["today_breaks"] = tuple(values.get("today_breaks", ()))
    values["shifts"] = tuple(Shift(**shift) for shift in values.get("shifts", ()))
    values["conflict"] = tuple(Demand(**demand) for demand in values.get("conflict", ()))
    return Proposal(**values)


def _read_value(values: dict[str, Any]) -> object:
    if values.keys() == {"on"}:
        return date.fromisoformat(values["on"])
    if values.keys() == {item.name for item in fields(Message)}:
        return Message(**values)
    return values


def _read_move(values: dict[str, Any]) -> Move:
    days = {
        name: _read_day(values[name])
        for name in ("from_start", "from_finish", "to_start", "to_finish")
    }
    why = tuple(Message(cause) if isinstance(cause, str) else cause for cause in values["why"])
    lists = {name: tuple(values.get(name, ())) for name in ("others", "breaks")}
    return Move(**values | days | lists | {"why": why})


def _read_day(value: object) -> Any:  # noqa: ANN401 - a day, or none where there was none
    """Give a day; those of earlier texts are plain texts."""
    return date.fromisoformat(value) if isinstance(value, str) else value
