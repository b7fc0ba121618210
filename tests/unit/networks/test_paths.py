"""What can be reached over a list of flows, beside an oracle that tries everything."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.network_plans import RULE_OF, SOUND, finding, results, with_segment
from wlantrack.networks.findings import Result
from wlantrack.networks.paths import (
    FAMILIES,
    Path,
    find_paths,
    list_certain_steps,
    list_possible_steps,
    list_services,
)
from wlantrack.networks.plan import Flow, NetworkPlan, Segment, Subject

NODES = ("a", "b", "c", "d")
SERVICES = ("", "dns", "web", "dns, web", "any")
EVERY_SERVICE = ("dns", "web", "whatever else there is")

known_flows = st.builds(
    Flow,
    st.uuids().map(str),
    st.sampled_from(NODES),
    st.sampled_from(NODES),
    st.sampled_from(("allow", "deny")),
    st.sampled_from(("v4", "v6", "both")),
    st.sampled_from(SERVICES),
)
any_flows = st.builds(
    Flow,
    st.uuids().map(str),
    st.sampled_from(NODES),
    st.sampled_from(NODES),
    st.sampled_from(("allow", "deny", "", "log")),
    st.sampled_from(("v4", "v6", "both", "", "ipx")),
    st.sampled_from(SERVICES),
)
defaults = st.sampled_from((True, False, None))


def is_named(flow: Flow, service: str) -> bool:
    return flow.services in {"", "any"} or service in flow.services.split(", ")


def is_open(
    flows: list[Flow], ends: tuple[str, str], family: str, *, denies_by_default: bool
) -> bool:
    """Try each service by itself: the firewall looks for a deny first, then for an allow."""
    here = [
        flow
        for flow in flows
        if (flow.source, flow.target) == ends and flow.family in (family, "both")
    ]
    for service in EVERY_SERVICE:
        actions = {flow.action for flow in here if is_named(flow, service)}
        if "deny" not in actions and ("allow" in actions or not denies_by_default):
            return True
    return False


def reach(
    flows: list[Flow], source: str, family: str, *, denies_by_default: bool
) -> dict[str, int]:
    """Try every simple path, and give the length of the shortest to each target."""
    lengths: dict[str, int] = {}
    others = [node for node in NODES if node != source]
    for length in (1, 2, 3):
        for way in permutations(others, length):
            steps = zip((source, *way), way, strict=False)
            if way[-1] not in lengths and all(
                is_open(flows, ends, family, denies_by_default=denies_by_default) for ends in steps
            ):
                lengths[way[-1]] = length
    return lengths


@given(flows=st.lists(known_flows, max_size=10), denies_by_default=st.booleans())
def test_what_is_reached_is_what_brute_force_reaches(
    flows: list[Flow],
    denies_by_default: bool,  # noqa: FBT001 - Hypothesis names its arguments
) -> None:
    for family, source in product(FAMILIES, NODES):
        expected = reach(flows, source, family, denies_by_default=denies_by_default)
        for list_steps in (list_certain_steps, list_possible_steps):
            edges = list_steps(flows, family, NODES, denies_by_default=denies_by_default)

            found = find_paths(edges, source)

            assert {target: len(path.segments) - 1 for target, path in found.items()} == expected


@given(flows=st.lists(any_flows, max_size=4), default=defaults)
def test_what_is_certain_is_what_every_reading_of_the_unknown_opens(
    flows: list[Flow],
    default: bool | None,  # noqa: FBT001 - Hypothesis names its arguments
) -> None:
    readings = [
        (list(reading), by_default)
        for reading in product(
            *(
                [
                    replace(flow, action=action, family=family)
                    for action in (
                        (flow.action,) if flow.action in ("allow", "deny") else ("allow", "deny")
                    )
                    for family in (
                        (flow.family,) if flow.family in ("v4", "v6", "both") else ("v4", "v6")
                    )
                ]
                for flow in flows
            )
        )
        for by_default in ((default,) if default is not None else (True, False))
    ]
    for family, ends in product(FAMILIES, permutations(NODES, 2)):
        opened = {
            is_open(reading, ends, family, denies_by_default=by_default)
            for reading, by_default in readings
        }

        certain = ends in list_certain_steps(flows, family, NODES, denies_by_default=default)
        possible = ends in list_possible_steps(flows, family, NODES, denies_by_default=default)

        # Certain is never too much and possible never too little.
        assert not certain or opened == {True}
        assert possible or opened == {False}


@given(flows=st.lists(known_flows, max_size=10), extra=known_flows)
def test_a_further_deny_opens_nothing(flows: list[Flow], extra: Flow) -> None:
    more = [*flows, replace(extra, action="deny")]
    for family in FAMILIES:
        before = list_certain_steps(flows, family, NODES, denies_by_default=True)
        after = list_certain_steps(more, family, NODES, denies_by_default=True)

        assert set(after) <= set(before)


@given(flows=st.lists(known_flows, max_size=10))
def test_the_order_of_flows_changes_nothing(flows: list[Flow]) -> None:
    for family in FAMILIES:
        forth = list_certain_steps(flows, family, NODES, denies_by_default=True)
        back = list_certain_steps(flows[::-1], family, NODES, denies_by_default=True)

        assert set(forth) == set(back)


def test_a_path_names_its_segments_and_flows() -> None:
    flows = [Flow("1", "a", "b", "allow", "both"), Flow("2", "b", "c", "allow", "v6")]

    v4, v6 = (
        find_paths(list_certain_steps(flows, family, NODES, denies_by_default=True), "a")
        for family in FAMILIES
    )

    assert v4 == {"b": Path(("a", "b"), ("1",))}
    assert v6 == {"b": Path(("a", "b"), ("1",)), "c": Path(("a", "b", "c"), ("1", "2"))}


@pytest.mark.parametrize("text", ["", " , ", "any", "ALL", "*", "dns, any"])
def test_no_service_and_any_service_stand_for_all(text: str) -> None:
    assert list_services(Flow("1", "a", "b", services=text)) == frozenset()


def test_services_are_read_in_any_spelling() -> None:
    assert list_services(Flow("1", "a", "b", services="TCP/443, udp/53,")) == {"tcp/443", "udp/53"}


V = Subject("segment", "V")


def with_flows(*flows: Flow, denies_by_default: bool | None = True) -> NetworkPlan:
    return replace(SOUND, flows=flows, denies_by_default=denies_by_default)


def test_one_path_over_both_families_is_one_finding() -> None:
    found = finding("W09", with_flows(Flow("1", "V", "I", "allow", "both")), Result.FAIL)

    assert str(found.evidence) == "V → I is open over IPv4, IPv6 (1)."


def test_a_path_over_ipv6_alone_fails() -> None:
    flows = (Flow("1", "V", "M", "allow", "both"), Flow("2", "V", "M", "deny", "v4"))

    found = finding("W09", with_flows(*flows), Result.FAIL)

    assert str(found.evidence) == "V → M is open over IPv6 (1)."


def test_every_protected_segment_that_is_reached_is_named() -> None:
    flows = (Flow("1", "V", "B", "allow", "v4"), Flow("2", "B", "I", "allow", "v4"))
    plan = with_flows(*flows, Flow("3", "I", "M", "allow", "v4"))

    assert [str(item.evidence) for item in RULE_OF["W09"].check(plan)] == [
        "V → B → I is open over IPv4 (1, 2).",
        "V → B → I → M is open over IPv4 (1, 2, 3).",
    ]


def test_a_deny_wins_over_an_allow_that_stands_before_it() -> None:
    flows = (Flow("1", "V", "I", "allow", "both"), Flow("2", "V", "I", "deny", "both"))

    assert results("W09", with_flows(*flows)) == {V: Result.PASS}


def test_a_deny_of_one_service_leaves_the_others() -> None:
    flows = (
        Flow("1", "V", "I", "allow", "both", "tcp/443, udp/53"),
        Flow("2", "V", "I", "deny", "both", "udp/53"),
    )

    assert results("W09", with_flows(*flows)) == {V: Result.FAIL}


def test_the_building_technology_may_be_opened_to_visitors_on_purpose() -> None:
    assert results("W09", with_flows(Flow("1", "V", "B", "allow", "both"))) == {V: Result.PASS}


def test_the_other_direction_is_no_path() -> None:
    assert results("W09", with_flows(Flow("1", "I", "V", "allow", "both"))) == {V: Result.PASS}


def test_a_firewall_that_allows_by_default_fails_without_a_deny() -> None:
    plan = with_flows(denies_by_default=False)

    found = [str(item.evidence) for item in RULE_OF["W09"].check(plan)]

    assert found[0] == "V → I is open over IPv4, IPv6: no flow denies it."


def test_without_the_attestation_each_step_needs_its_deny() -> None:
    denied = tuple(
        Flow(f"{source}{target}", source, target, "deny", "both")
        for source, target in product("VB", "IMVB")
        if source != target
    )

    assert results("W09", with_flows(*denied, denies_by_default=None)) == {V: Result.PASS}
    assert results("W09", with_flows(*denied[1:], denies_by_default=None)) == {V: Result.UNKNOWN}


@pytest.mark.parametrize(
    "flow", [Flow("1", "V", "I", "", "both"), Flow("1", "V", "I", "allow", "")]
)
def test_a_flow_without_action_or_family_leaves_it_unknown(flow: Flow) -> None:
    found = finding("W09", with_flows(flow), Result.UNKNOWN)

    assert str(found.evidence) == "Whether V → I is open over IPv4 is not known."


def test_a_path_into_a_segment_that_is_not_described_is_unknown() -> None:
    assert results("W09", with_flows(Flow("1", "V", "X", "allow", "both"))) == {V: Result.UNKNOWN}
    odd = with_segment("B", with_flows(Flow("1", "V", "B", "allow", "v4")), network_class="lab")
    assert results("W09", odd)[V] is Result.UNKNOWN
    classless = with_segment("B", with_flows(Flow("1", "V", "B", "allow", "v4")), network_class="")
    assert results("W09", classless)[V] is Result.UNKNOWN


def test_critical_segments_are_protected_too() -> None:
    plan = with_flows(Flow("1", "V", "C", "allow", "both"))
    plan = replace(plan, segments=(*plan.segments, Segment("C", "critical")))

    assert results("W09", plan) == {V: Result.FAIL}
