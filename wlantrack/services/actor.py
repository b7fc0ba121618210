"""Who may do what, and where: one table of actions and roles that every service asks.

Decides rights; refuses to know pages. Out of scope reads as not found, so that nobody learns what
exists elsewhere; in scope but without the right role is not allowed.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from wlantrack.errors import NotAllowed, NotFound, msg
from wlantrack.store.audit import AuditContext

if TYPE_CHECKING:
    from wlantrack.store.models.people import User


class Action(StrEnum):
    """Everything that needs a right."""

    SEE_PLACES = "see places"
    SEE_PLANS = "see plans"
    SEE_WHOLE_FLOORS = "see whole floors"
    SEE_ACCESS_POINTS = "see access points"
    EDIT_PLACES = "edit places"
    EDIT_PLANS = "edit plans"
    EDIT_WALLS = "edit walls"
    EDIT_ACCESS_POINTS = "edit access points"
    CHANGE_STATE = "change state"
    IMPORT_TABLES = "import tables"
    EXPORT_TABLES = "export tables"
    EDIT_CATALOGUE = "edit catalogue"
    SEE_DETAILS = "see details of devices and changes"
    SEE_NETWORKS = "see networks"
    SEE_INTERNAL_NETWORKS = "see internal networks"
    SEE_SEGMENTS = "see VLANs and flows"
    EDIT_NETWORKS = "edit networks"
    SEE_CABLING = "see cabling"
    EDIT_CABLING = "edit cabling"
    CHANGE_CABLE_STATE = "change the state of cables"
    SEE_OWN_RUNS = "see the cable runs of one's own firm"
    CARRY_OWN_RUNS = "change the state of one's own firm's cables"
    EDIT_DEMAND = "edit demand"
    ATTACH_FILES = "attach files"
    IMPORT_PROJECTS = "import projects"
    SEE_SEPARATION = "see the separation check"
    APPROVE_EXEMPTIONS = "approve exemptions"
    SEE_HOTSPOTS = "see public hotspots"
    PUBLISH_HOTSPOTS = "edit and publish public hotspots"
    SEE_MILESTONES = "see milestones"
    EDIT_MILESTONES = "edit milestones and baselines"
    SEE_RENOVATIONS = "see renovations"
    EDIT_RENOVATIONS = "edit renovations"
    SEE_WORK = "see work packages, tasks, crews and blackouts"
    EDIT_WORK = "edit work packages, tasks, crews and blackouts"
    SET_WEIGHTS = "set the weights of proposed schedules"
    SEE_GOVERNANCE = "see decisions, posts, budget and risks"
    EDIT_GOVERNANCE = "edit decisions, posts, budget and risks"
    SEE_ANSWERS = "read signed answers to the council"
    SEE_INQUIRIES = "see inquiries of the council and drafts of answers"
    EDIT_INQUIRIES = "write and sign answers to the council"
    EDIT_USERS = "edit users"
    SEE_AUDIT = "see the audit trail"


ACTION_WORDS = {
    Action.SEE_PLACES: msg("see places"),
    Action.SEE_PLANS: msg("see plans"),
    Action.SEE_WHOLE_FLOORS: msg("see whole floors"),
    Action.SEE_ACCESS_POINTS: msg("see access points"),
    Action.EDIT_PLACES: msg("edit places"),
    Action.EDIT_PLANS: msg("edit plans"),
    Action.EDIT_WALLS: msg("edit walls"),
    Action.EDIT_ACCESS_POINTS: msg("edit access points"),
    Action.CHANGE_STATE: msg("change state"),
    Action.IMPORT_TABLES: msg("import tables"),
    Action.EXPORT_TABLES: msg("export tables"),
    Action.EDIT_CATALOGUE: msg("edit catalogue"),
    Action.SEE_DETAILS: msg("see details of devices and changes"),
    Action.SEE_NETWORKS: msg("see networks"),
    Action.SEE_INTERNAL_NETWORKS: msg("see internal networks"),
    Action.SEE_SEGMENTS: msg("see VLANs and flows"),
    Action.EDIT_NETWORKS: msg("edit networks"),
    Action.SEE_CABLING: msg("see cabling"),
    Action.EDIT_CABLING: msg("edit cabling"),
    Action.CHANGE_CABLE_STATE: msg("change the state of cables"),
    Action.SEE_OWN_RUNS: msg("see the cable runs of one's own firm"),
    Action.CARRY_OWN_RUNS: msg("change the state of one's own firm's cables"),
    Action.EDIT_DEMAND: msg("edit demand"),
    Action.ATTACH_FILES: msg("attach files"),
    Action.IMPORT_PROJECTS: msg("import projects"),
    Action.SEE_SEPARATION: msg("see the separation check"),
    Action.APPROVE_EXEMPTIONS: msg("approve exemptions"),
    Action.SEE_HOTSPOTS: msg("see public hotspots"),
    Action.PUBLISH_HOTSPOTS: msg("edit and publish public hotspots"),
    Action.SEE_MILESTONES: msg("see milestones"),
    Action.EDIT_MILESTONES: msg("edit milestones and baselines"),
    Action.SEE_RENOVATIONS: msg("see renovations"),
    Action.EDIT_RENOVATIONS: msg("edit renovations"),
    Action.SEE_WORK: msg("see work packages, tasks, crews and blackouts"),
    Action.EDIT_WORK: msg("edit work packages, tasks, crews and blackouts"),
    Action.SET_WEIGHTS: msg("set the weights of proposed schedules"),
    Action.SEE_GOVERNANCE: msg("see decisions, posts, budget and risks"),
    Action.EDIT_GOVERNANCE: msg("edit decisions, posts, budget and risks"),
    Action.SEE_ANSWERS: msg("read signed answers to the council"),
    Action.SEE_INQUIRIES: msg("see inquiries of the council and drafts of answers"),
    Action.EDIT_INQUIRIES: msg("write and sign answers to the council"),
    Action.EDIT_USERS: msg("edit users"),
    Action.SEE_AUDIT: msg("see the audit trail"),
}

_EVERYONE = frozenset(
    {"viewer", "firm", "facility", "planner", "manager", "security officer", "admin"}
)
_STAFF = frozenset({"facility", "planner", "manager", "security officer", "admin"})
_PLANNERS = frozenset({"planner", "admin"})
_LEAD = frozenset({"planner", "manager", "admin"})
_STEERING = frozenset({"manager", "admin"})
_INSIDERS = frozenset({"planner", "manager", "security officer", "admin"})

ROLES_BY_ACTION: dict[Action, frozenset[str]] = {
    Action.SEE_PLACES: _EVERYONE - {"firm"},
    Action.SEE_PLANS: _EVERYONE - {"firm"},
    # Whoever may not sees of a floor what is public: its public rooms, and what is live in them.
    Action.SEE_WHOLE_FLOORS: _STAFF,
    Action.SEE_ACCESS_POINTS: _EVERYONE - {"firm"},
    Action.EDIT_PLACES: _LEAD | {"facility"},
    Action.EDIT_PLANS: _PLANNERS,
    Action.EDIT_WALLS: _PLANNERS,
    Action.EDIT_ACCESS_POINTS: _PLANNERS,
    Action.CHANGE_STATE: _LEAD | {"facility"},
    Action.IMPORT_TABLES: _LEAD,
    Action.EXPORT_TABLES: _STAFF,
    Action.EDIT_CATALOGUE: _PLANNERS,
    Action.SEE_DETAILS: _STAFF,
    Action.SEE_NETWORKS: _EVERYONE - {"firm"},
    Action.SEE_INTERNAL_NETWORKS: _INSIDERS,
    # How the networks are laid out, the visitors' too: ids, subnets, zones, ways between them.
    Action.SEE_SEGMENTS: _INSIDERS,
    Action.EDIT_NETWORKS: _PLANNERS,
    Action.SEE_CABLING: _STAFF,
    Action.EDIT_CABLING: _LEAD | {"facility"},
    Action.CHANGE_CABLE_STATE: _LEAD | {"facility"},
    # Held for one firm: services ask of every run whether it was given to that firm.
    Action.SEE_OWN_RUNS: frozenset({"firm"}),
    Action.CARRY_OWN_RUNS: frozenset({"firm"}),
    Action.EDIT_DEMAND: _LEAD | {"facility"},
    Action.ATTACH_FILES: _LEAD | {"facility"},
    Action.IMPORT_PROJECTS: _PLANNERS,
    # Findings name internal networks: whoever reads them may see those.
    Action.SEE_SEPARATION: _INSIDERS,
    Action.APPROVE_EXEMPTIONS: frozenset({"security officer"}),
    Action.SEE_HOTSPOTS: _STAFF,
    # Editing is publishing: a changed text of a published hotspot is on the net at once.
    Action.PUBLISH_HOTSPOTS: _LEAD,
    Action.SEE_MILESTONES: _EVERYONE - {"firm"},
    Action.EDIT_MILESTONES: _STEERING,
    # Whose walls are open, who is asked there, and what is loud: for those who work with it.
    Action.SEE_RENOVATIONS: _STAFF,
    Action.EDIT_RENOVATIONS: _STEERING | {"facility"},
    Action.SEE_WORK: _STAFF,
    Action.EDIT_WORK: _LEAD | {"facility"},
    # What counts more than what is steering: facility staff propose by it, and do not set it.
    Action.SET_WEIGHTS: _STEERING,
    Action.SEE_GOVERNANCE: _STAFF,
    Action.EDIT_GOVERNANCE: _STEERING,
    Action.SEE_ANSWERS: _EVERYONE - {"firm"},
    # A draft is nobody's word yet: the council reads what was signed.
    Action.SEE_INQUIRIES: _STAFF,
    Action.EDIT_INQUIRIES: _STEERING,
    Action.EDIT_USERS: frozenset({"admin"}),
    Action.SEE_AUDIT: frozenset({"admin"}),
}


@dataclass(frozen=True)
class Scope:
    """A role's reach: everything (both None), one building, or one wing of it.

    ``firm`` names the firm for which the role ``firm`` is held; without one it reaches nothing.
    """

    building_id: int | None = None
    wing_id: int | None = None
    firm: str = ""

    def covers(self, building_id: int | None, wing_id: int | None) -> bool:
        """Tell whether a place lies inside; ``None`` for the building means "everywhere"."""
        if self.building_id is None:
            return True
        if self.building_id != building_id:
            return False
        return self.wing_id is None or self.wing_id == wing_id

    def touches(self, building_id: int) -> bool:
        """Tell whether any part of a building lies inside."""
        return self.building_id is None or self.building_id == building_id


@dataclass(frozen=True)
class Actor:
    """The person, or the program, on whose behalf a service runs."""

    name: str
    display_name: str = ""
    user_id: int | None = None
    grants: tuple[tuple[str, Scope], ...] = ()
    request_id: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def roles(self) -> frozenset[str]:
        """Give all roles, wherever they hold."""
        return frozenset(role for role, _ in self.grants)

    def roles_in(self, building_id: int | None, wing_id: int | None = None) -> frozenset[str]:
        """Give the roles that hold in a place."""
        return frozenset(role for role, scope in self.grants if scope.covers(building_id, wing_id))

    def can(
        self, action: Action, building_id: int | None = None, wing_id: int | None = None
    ) -> bool:
        """Tell whether the actor may do this there; without a place: everywhere."""
        return bool(ROLES_BY_ACTION[action] & self.roles_in(building_id, wing_id))

    def can_anywhere(self, action: Action) -> bool:
        """Tell whether there is any place where the actor may do this."""
        return bool(ROLES_BY_ACTION[action] & self.roles)

    def scopes(self, action: Action) -> tuple[Scope, ...] | None:
        """Give the scopes in which the actor may do this; None means everywhere."""
        scopes = tuple(scope for role, scope in self.grants if role in ROLES_BY_ACTION[action])
        return None if any(scope.building_id is None for scope in scopes) else scopes

    def scope_pairs(self, action: Action) -> tuple[tuple[int, int | None], ...] | None:
        """Give the scopes as pairs of building id and wing id (None: all wings), for queries."""
        scopes = self.scopes(action)
        if scopes is None:
            return None
        return tuple((s.building_id, s.wing_id) for s in scopes if s.building_id is not None)

    def firm_scopes(self) -> tuple[Scope, ...]:
        """Give the firms for which the actor works, each with where."""
        return tuple(scope for role, scope in self.grants if role == "firm" and scope.firm)

    def sees(self, building_id: int) -> bool:
        """Tell whether the actor may see any part of a building."""
        scopes = self.scopes(Action.SEE_PLACES)
        return scopes is None or any(scope.touches(building_id) for scope in scopes)

    def require_visible(self, building_id: int) -> None:
        """Refuse a building of which the actor may see no part.

        Raises
        ------
        NotFound
            Nothing of it lies in the actor's scope.
        """
        if not self.sees(building_id):
            raise NotFound(msg("There is no such building, or it is outside your area."))

    def require(
        self, action: Action, building_id: int | None = None, wing_id: int | None = None
    ) -> None:
        """Refuse what the table does not allow.

        Raises
        ------
        NotFound
            The place is out of scope: for this actor it does not exist.
        NotAllowed
            The place is in scope, but the role does not reach.
        """
        if self.can(action, building_id, wing_id):
            return
        if building_id is not None:
            self.require_visible(building_id)
        raise NotAllowed(
            msg("Your role does not allow this here (%(action)s).", action=ACTION_WORDS[action])
        )

    def require_somewhere(self, action: Action) -> None:
        """Refuse an actor who may do this nowhere at all.

        Raises
        ------
        NotAllowed
            None of the roles reaches.
        """
        if not self.can_anywhere(action):
            raise NotAllowed(
                msg("Your role does not allow this (%(action)s).", action=ACTION_WORDS[action])
            )

    def audit(self, reason: str = "") -> AuditContext:
        """Give the context under which a session writes for this actor."""
        return AuditContext(actor=self.name, request_id=self.request_id, reason=reason)


SYSTEM = Actor("system", "wlantrack", grants=(("admin", Scope()),))
"""Set-up, demo data and the command line act as the system, with every right."""


def load_actor(user: User, request_id: str) -> Actor:
    """Make the actor of a logged-in user; ``grants`` and their wings must be loaded."""
    grants = tuple(
        (
            grant.role,
            Scope(grant.wing.building_id, grant.wing_id, grant.firm)
            if grant.wing is not None
            else Scope(grant.building_id, firm=grant.firm),
        )
        for grant in user.grants
    )
    return Actor(user.name, user.display_name, user.id, grants, request_id)
