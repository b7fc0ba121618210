"""How early something can be over at best, if its crews have to do all that leads to it.

A bound that neither links nor a solver's propagation see: what leads to a package needs so many
days of a crew, and the crew has only so many. It proves plans of one crowded crew to be best at
once, and lets lateness that nobody can avoid be known from the start.

Notes
-----
The subset bound of Carlier and Pinson (1989) for one machine, relaxed to crews of any size: of the
packages that cannot begin before an instant, and after which a tail of work remains, all the work
lies between that instant and the end without the tail.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from wlantrack.scheduling.choices import Choices
    from wlantrack.scheduling.instance import Instance

    Instants = npt.NDArray[np.int64]

UNLINKED: Final = -1


def bound_ends(instance: Instance) -> tuple[Choices, ...]:
    """Leave out ends that are too early for the crews of what leads to them.

    Looks at packages with a cost of lateness only, which are what costs hang on.
    """
    choices = list(instance.choices)
    for number, held in enumerate(choices):
        if held.late[-1] > held.late[0]:
            earliest = _find_earliest(instance, number)
            choices[number] = held.keep(held.ends >= earliest)
    return tuple(choices)


def _find_earliest(instance: Instance, last: int) -> int:
    """Give an end before which a package cannot be over."""
    tails = find_tails(instance, last)
    leading = np.flatnonzero(tails != UNLINKED)
    heads = np.array([instance.choices[number].starts[0] for number in leading])
    earliest = 0
    for crew, free in enumerate(instance.free):
        needs = np.array([_need(instance, int(number), crew) for number in leading])
        used = needs > 0
        if used.any():
            earliest = max(earliest, _bound(heads[used], tails[leading][used], needs[used], free))
    return earliest


def _bound(heads: Instants, tails: Instants, needs: Instants, free: Instants) -> int:
    """Give the latest end that any pair of an instant and a tail asks for."""
    reach = np.concatenate([[0], np.cumsum(free)])
    first, rest = np.unique(heads), np.unique(tails)
    is_later = heads[None, :] >= first[:, None]
    is_longer = tails[None, :] >= rest[:, None]
    work = (is_later * needs) @ is_longer.T  # [instant, tail]
    ends = np.searchsorted(reach, reach[first][:, None] + work)
    return int(np.where(work > 0, ends + rest, 0).max())


def _need(instance: Instance, number: int, crew: int) -> int:
    """Give the days of a crew that a package takes at least."""
    held = instance.choices[number]
    length = int((held.ends - held.starts).min())
    return length * sum(amount for which, amount in instance.demands[number] if which == crew)


def find_tails(instance: Instance, last: int) -> Instants:
    """Give by number how long after its end a package is over, if links say so."""
    lengths = [held.ends - held.starts for held in instance.choices]
    shortest = [int(length.min()) for length in lengths]
    longest = [int(length.max()) for length in lengths]
    tails = np.full(len(lengths), UNLINKED, dtype=np.int64)
    tails[last] = 0
    for wait in sorted(instance.waits, key=lambda wait: -wait.after):
        if tails[wait.after] == UNLINKED:
            continue
        tail = int(tails[wait.after]) + wait.lag
        tail += 0 if wait.is_to_finish else shortest[wait.after]
        tail -= 0 if wait.is_from_finish else longest[wait.before]
        tails[wait.before] = max(int(tails[wait.before]), tail)
    return tails
