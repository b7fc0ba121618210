"""Which segments can be reached from which, over what the firewall allows, step by step.

Decides what a list of flows means: **a deny wins over an allow, whatever their order**. It takes
the services it names, or all, out of what is allowed from the same source to the same target; the
path stays open while one service is left. IPv4 and IPv6 are judged apart. Who reaches a segment
is taken to get on from there over any service. Refuses to know which paths are wanted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from wlantrack.networks.plan import Flow

FAMILIES = ("v4", "v6")
ALL_SERVICES = frozenset({"any", "all", "*"})
"""Words that stand for every service, as an empty list does."""

Edges = dict[tuple[str, str], tuple[str, ...]]
"""Open steps by source and target, each with the flows that open it; () where none denies it."""


@dataclass(frozen=True)
class Path:
    """A way from the first segment to the last, and the flows that open each step of it."""

    segments: tuple[str, ...]
    flows: tuple[str, ...]


def list_services(flow: Flow) -> frozenset[str]:
    """Give the services that a flow names, in small letters; an empty set stands for all."""
    words = {word.strip().casefold() for word in flow.services.split(",")} - {""}
    return frozenset() if words & ALL_SERVICES else frozenset(words)


def list_certain_steps(
    flows: Sequence[Flow],
    family: str,
    segments: Iterable[str],
    *,
    denies_by_default: bool | None,
) -> Edges:
    """Give the steps that are open for sure.

    A flow whose action or family is not known opens nothing here, and closes what it may close.
    Where the firewall is known to allow by default, every step is open that no flow denies.
    """
    allows = [flow for flow in flows if flow.action == "allow" and _covers(flow, family)]
    denies = [flow for flow in flows if flow.action != "allow" and _may_cover(flow, family)]
    return _open(allows, denies, () if denies_by_default is not False else segments)


def list_possible_steps(
    flows: Sequence[Flow],
    family: str,
    segments: Iterable[str],
    *,
    denies_by_default: bool | None,
) -> Edges:
    """Give the steps that cannot be ruled out.

    A flow whose action or family is not known opens what it may open, and closes nothing. Unless
    the firewall is known to deny by default, every step is open that no flow denies.
    """
    allows = [flow for flow in flows if flow.action != "deny" and _may_cover(flow, family)]
    denies = [flow for flow in flows if flow.action == "deny" and _covers(flow, family)]
    return _open(allows, denies, () if denies_by_default else segments)


def find_paths(edges: Mapping[tuple[str, str], tuple[str, ...]], source: str) -> dict[str, Path]:
    """Give the shortest path to every segment that can be reached; of equals the first by code."""
    following: dict[str, list[str]] = {}
    for start, end in sorted(edges):
        following.setdefault(start, []).append(end)
    paths = {source: Path((source,), ())}
    queue = [source]
    for here in queue:
        for target in following.get(here, ()):
            if target not in paths:
                way = paths[here]
                paths[target] = Path((*way.segments, target), way.flows + edges[here, target])
                queue.append(target)
    del paths[source]
    return paths


def _covers(flow: Flow, family: str) -> bool:
    return flow.family in {family, "both"}


def _may_cover(flow: Flow, family: str) -> bool:
    return _covers(flow, family) or flow.family not in FAMILIES


def _open(allows: Sequence[Flow], denies: Sequence[Flow], segments: Iterable[str]) -> Edges:
    """Take denied services out of allowed ones; between ``segments`` everything is allowed."""
    denied: dict[tuple[str, str], list[frozenset[str]]] = {}
    for flow in denies:
        denied.setdefault((flow.source, flow.target), []).append(list_services(flow))
    edges: Edges = {}
    for flow in allows:
        ends = (flow.source, flow.target)
        if _is_left(list_services(flow), denied.get(ends, [])):
            edges[ends] = (*edges.get(ends, ()), flow.code)
    known = sorted(set(segments))
    for ends in ((source, target) for source in known for target in known if source != target):
        if ends not in edges and _is_left(frozenset(), denied.get(ends, [])):
            edges[ends] = ()
    return edges


def _is_left(allowed: frozenset[str], denied: Sequence[frozenset[str]]) -> bool:
    """Say whether a service is left; an empty set stands for all services."""
    if any(not services for services in denied):
        return False
    return not allowed or bool(allowed.difference(*denied))
