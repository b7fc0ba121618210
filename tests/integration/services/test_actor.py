from __future__ import annotations

import pytest

from tests.factories.people import make_actor
from wlantrack.errors import NotAllowed, NotFound
from wlantrack.services.actor import ROLES_BY_ACTION, Action, Actor, Scope
from wlantrack.store.models.people import ROLES

HOME, OTHER = 1, 2
WEST, EAST = 11, 12

OF_FIRMS = {Action.SEE_OWN_RUNS, Action.CARRY_OWN_RUNS}
EXPECTED = {
    "viewer": {
        Action.SEE_PLACES,
        Action.SEE_PLANS,
        Action.SEE_ACCESS_POINTS,
        Action.SEE_NETWORKS,
        Action.SEE_MILESTONES,
        Action.SEE_ANSWERS,
    },
    "firm": OF_FIRMS,
    "facility": {
        Action.SEE_ANSWERS,
        Action.SEE_INQUIRIES,
        Action.SEE_MILESTONES,
        Action.SEE_RENOVATIONS,
        Action.EDIT_RENOVATIONS,
        Action.SEE_WORK,
        Action.EDIT_WORK,
        Action.SEE_GOVERNANCE,
        Action.SEE_HOTSPOTS,
        Action.SEE_WHOLE_FLOORS,
        Action.SEE_PLACES,
        Action.SEE_PLANS,
        Action.SEE_ACCESS_POINTS,
        Action.EDIT_PLACES,
        Action.CHANGE_STATE,
        Action.EXPORT_TABLES,
        Action.SEE_DETAILS,
        Action.SEE_NETWORKS,
        Action.SEE_CABLING,
        Action.EDIT_CABLING,
        Action.CHANGE_CABLE_STATE,
        Action.EDIT_DEMAND,
        Action.ATTACH_FILES,
    },
    "planner": set(Action)
    - {Action.EDIT_USERS, Action.SEE_AUDIT, Action.APPROVE_EXEMPTIONS}
    - {Action.EDIT_MILESTONES, Action.EDIT_RENOVATIONS, Action.EDIT_GOVERNANCE}
    - {Action.EDIT_INQUIRIES, Action.SET_WEIGHTS}
    - OF_FIRMS,
    "manager": {
        Action.SEE_ANSWERS,
        Action.SEE_INQUIRIES,
        Action.EDIT_INQUIRIES,
        Action.SEE_MILESTONES,
        Action.EDIT_MILESTONES,
        Action.SEE_RENOVATIONS,
        Action.EDIT_RENOVATIONS,
        Action.SEE_WORK,
        Action.EDIT_WORK,
        Action.SET_WEIGHTS,
        Action.SEE_GOVERNANCE,
        Action.EDIT_GOVERNANCE,
        Action.SEE_HOTSPOTS,
        Action.PUBLISH_HOTSPOTS,
        Action.SEE_WHOLE_FLOORS,
        Action.SEE_SEGMENTS,
        Action.SEE_PLACES,
        Action.SEE_PLANS,
        Action.SEE_ACCESS_POINTS,
        Action.EDIT_PLACES,
        Action.CHANGE_STATE,
        Action.IMPORT_TABLES,
        Action.EXPORT_TABLES,
        Action.SEE_DETAILS,
        Action.SEE_NETWORKS,
        Action.SEE_INTERNAL_NETWORKS,
        Action.SEE_CABLING,
        Action.EDIT_CABLING,
        Action.CHANGE_CABLE_STATE,
        Action.EDIT_DEMAND,
        Action.ATTACH_FILES,
        Action.SEE_SEPARATION,
    },
    "security officer": {
        Action.SEE_ANSWERS,
        Action.SEE_INQUIRIES,
        Action.SEE_MILESTONES,
        Action.SEE_RENOVATIONS,
        Action.SEE_WORK,
        Action.SEE_GOVERNANCE,
        Action.SEE_HOTSPOTS,
        Action.SEE_WHOLE_FLOORS,
        Action.SEE_SEGMENTS,
        Action.SEE_SEPARATION,
        Action.APPROVE_EXEMPTIONS,
        Action.SEE_PLACES,
        Action.SEE_PLANS,
        Action.SEE_ACCESS_POINTS,
        Action.EXPORT_TABLES,
        Action.SEE_DETAILS,
        Action.SEE_NETWORKS,
        Action.SEE_INTERNAL_NETWORKS,
        Action.SEE_CABLING,
    },
    "admin": set(Action) - {Action.APPROVE_EXEMPTIONS} - OF_FIRMS,
}


def test_every_action_has_roles_and_every_role_exists() -> None:
    assert set(ROLES_BY_ACTION) == set(Action)
    assert all(ROLES_BY_ACTION.values())
    assert frozenset.union(*ROLES_BY_ACTION.values()) <= set(ROLES)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_do_exactly_what_the_table_says(role: str) -> None:
    actor = make_actor(role)

    assert {action for action in Action if actor.can(action)} == EXPECTED[role]


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("role", sorted(set(ROLES) - {"firm"}))
def test_what_a_role_may_not_do_is_not_allowed_where_it_can_see(role: str, action: Action) -> None:
    actor = make_actor(role, HOME)

    if action in EXPECTED[role]:
        actor.require(action, HOME, WEST)
    else:
        with pytest.raises(NotAllowed):
            actor.require(action, HOME, WEST)


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("role", ROLES)
def test_another_building_does_not_exist_for_a_building_scope(role: str, action: Action) -> None:
    with pytest.raises(NotFound):
        make_actor(role, HOME).require(action, OTHER)


@pytest.mark.parametrize(
    ("scope", "reached"),
    [
        (Scope(), {None, (HOME, None), (HOME, WEST), (HOME, EAST), (OTHER, None)}),
        (Scope(HOME), {(HOME, None), (HOME, WEST), (HOME, EAST)}),
        (Scope(HOME, WEST), {(HOME, WEST)}),
    ],
    ids=["all", "building", "wing"],
)
def test_a_scope_reaches_its_own_places_only(
    scope: Scope, reached: set[tuple[int, int | None] | None]
) -> None:
    actor = Actor("anna", grants=(("planner", scope),))
    places: list[tuple[int, int | None] | None] = [
        None,
        (HOME, None),
        (HOME, WEST),
        (HOME, EAST),
        (OTHER, None),
    ]

    can = {place for place in places if actor.can(Action.EDIT_WALLS, *(place or (None,)))}

    assert can == reached


def test_another_wing_of_a_building_one_can_see_is_not_allowed() -> None:
    with pytest.raises(NotAllowed):
        make_actor("planner", HOME, WEST).require(Action.EDIT_ACCESS_POINTS, HOME, EAST)


def test_roles_add_up_over_scopes() -> None:
    actor = Actor("anna", grants=(("viewer", Scope()), ("planner", Scope(HOME))))

    assert actor.can(Action.EDIT_WALLS, HOME)
    assert not actor.can(Action.EDIT_WALLS, OTHER)
    assert actor.can(Action.SEE_PLANS, OTHER)
    with pytest.raises(NotAllowed):
        actor.require(Action.EDIT_WALLS, OTHER)


def test_somebody_without_any_role_sees_nothing_and_may_do_nothing() -> None:
    actor = Actor("nobody")

    assert not any(actor.can_anywhere(action) for action in Action)
    assert actor.scopes(Action.SEE_PLACES) == ()
    with pytest.raises(NotFound):
        actor.require_visible(HOME)
    with pytest.raises(NotAllowed):
        actor.require_somewhere(Action.SEE_PLACES)
