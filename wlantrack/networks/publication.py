"""Rule W26: the public bundle holds what is meant for the public, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wlantrack.errors import msg
from wlantrack.networks.findings import PLAN, Judgement, lacks, weigh
from wlantrack.networks.plan import NetworkPlan, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator


def judge_export(plan: NetworkPlan) -> Iterator[Judgement]:
    """W26: every key is on the allow-list and every object is published.

    What the bundle holds is read back from it; while nobody did that, nothing is known.
    """
    export = plan.public_export
    if export is None:
        yield lacks(PLAN, msg("content of the public export"))
        return
    keys = tuple(sorted(set(export.keys) - set(export.allowed_keys or ())))
    objects = tuple(sorted(set(export.objects) - set(export.published or ())))
    faults = []
    if keys and export.allowed_keys is not None:
        faults.append(msg("Keys off the allow-list: %(keys)s.", keys=keys))
    if objects and export.published is not None:
        faults.append(msg("Objects that are not published: %(objects)s.", objects=objects))
    gaps = [msg("allow-list of keys")] if export.allowed_keys is None else []
    gaps += [msg("published objects")] if export.published is None else []
    yield weigh(
        Subject("export"),
        faults=faults,
        gaps=gaps,
        advice=msg("Take the public page off the net, and publish it anew."),
        evidence=msg("It holds allowed keys of published objects only."),
    )
