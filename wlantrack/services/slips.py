"""What a change of the plan moves, as one reader may know of it, before anything is changed.

Decides that two previews are the same when every date comes out the same, also those that the
reader does not see; and that what is dropped has no date that could move.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wlantrack.rollout.critical_path import preview_slip
from wlantrack.services.milestones import View

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wlantrack.rollout.spoken_dates import SpokenDate
    from wlantrack.services.actor import Actor
    from wlantrack.services.milestones import Awaited, Open
    from wlantrack.services.plan import CityPlan


@dataclass(frozen=True)
class Move:
    """What a change moves: from when to when, by how many working days.

    ``days`` is None where it gains or loses its date; then ``open_before`` or ``open_after`` says
    why there was or will be none.
    """

    key: str
    what: Awaited
    before: SpokenDate | None
    after: SpokenDate | None
    open_before: Open | None
    open_after: Open | None
    days: int | None


@dataclass(frozen=True)
class SlipPreview:
    """What a change moves, the furthest first; ``seen`` names this outcome.

    ``changed`` are the keys of what is changed itself.
    """

    moves: tuple[Move, ...]
    hidden_count: int
    seen: str
    changed: frozenset[str] = frozenset()

    @property
    def moves_others(self) -> bool:
        """Tell whether anything moves beside what is changed itself."""
        return self.hidden_count > 0 or any(move.key not in self.changed for move in self.moves)


def compare_plans(
    city: CityPlan, changed: CityPlan, actor: Actor, keys: Iterable[str] = ()
) -> SlipPreview:
    """Tell what moves from one plan to the other; ``keys`` are of what is changed itself."""
    slips = preview_slip(city.timings, changed.timings, city.clock.workdays)
    before, after = View(city, actor), View(changed, actor)
    told = [slip for slip in slips if not _is_dropped(changed, slip.key)]
    seen = [slip for slip in told if before.sees(city.row_of(slip.key))]
    moves = tuple(
        Move(
            slip.key,
            before.name(slip.key),
            city.find_expected(slip.key),
            changed.find_expected(slip.key),
            before.explain(slip.key) if slip.before is None else None,
            after.explain(slip.key) if slip.after is None else None,
            slip.days,
        )
        for slip in seen
    )
    outcome = repr([(slip.key, slip.before, slip.after) for slip in slips])
    return SlipPreview(
        moves,
        len(told) - len(seen),
        hashlib.sha256(outcome.encode()).hexdigest()[:16],
        frozenset(keys),
    )


def _is_dropped(city: CityPlan, key: str) -> bool:
    package = city.packages.get(key)
    return package is not None and package.state == "dropped"
