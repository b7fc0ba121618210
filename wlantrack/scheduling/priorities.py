"""What comes first: numbers out of an instance by which packages are put in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wlantrack.scheduling.instance import Instance, Wait


def find_due(instance: Instance) -> list[int | None]:
    """Give by number the end after which it is late; None where it cannot be."""
    due: list[int | None] = []
    for key in instance.keys:
        package = instance.problem.by_key[key]
        is_due = package.due_on is not None and package.priority
        due.append(instance.axis.end_of(package.due_on) if package.due_on and is_due else None)
    return due


def find_late_starts(instance: Instance) -> list[int]:
    """Give by number the last start that keeps every due date, as far as links go."""
    lengths = [int((held.ends - held.starts).min()) for held in instance.choices]
    span = instance.axis.begin_of(instance.problem.today) + sum(lengths)
    last = [span if due is None else due for due in find_due(instance)]
    starts = [end - length for end, length in zip(last, lengths, strict=True)]
    out_of: list[list[Wait]] = [[] for _ in starts]
    for wait in instance.waits:
        out_of[wait.before].append(wait)
    for number in reversed(range(len(starts))):
        for wait in out_of[number]:
            bound = starts[wait.after] + (lengths[wait.after] if wait.is_to_finish else 0)
            bound -= wait.lag + (lengths[number] if wait.is_from_finish else 0)
            starts[number] = min(starts[number], bound)
    return starts


def count_followers(instance: Instance) -> list[int]:
    """Give by number how many packages wait for it, however far on."""
    reached = [0] * len(instance.keys)
    for wait in sorted(instance.waits, key=lambda wait: -wait.after):
        reached[wait.before] |= reached[wait.after] | (1 << wait.after)
    return [bits.bit_count() for bits in reached]


def sum_weights(instance: Instance) -> list[int]:
    """Give by number the priorities of all that is due and waits for it, its own included."""
    own = [
        package.priority if package.due_on is not None else 0
        for package in (instance.problem.by_key[key] for key in instance.keys)
    ]
    reached = [1 << number for number in range(len(own))]
    for wait in sorted(instance.waits, key=lambda wait: -wait.after):
        reached[wait.before] |= reached[wait.after]
    return [
        sum(weight for number, weight in enumerate(own) if bits >> number & 1) for bits in reached
    ]
