"""Cable runs are carried through their states, one or many at once, each with its evidence.

Decides how evidence is gathered and kept; what is needed for which change stands in
``rollout/lifecycle.py``.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from wlantrack.errors import InvalidInput, NotFound, Problem, WlantrackError, msg
from wlantrack.rollout.lifecycle import (
    CABLE_LIFECYCLE,
    CABLE_STATES,
    HOLD_POINTS,
    Condition,
    Transition,
)
from wlantrack.services import (
    attachments,
    cable_ends,
    cable_runs,
    hold_points,
    penetrations,
    run_sight,
)
from wlantrack.services.actor import Action, Actor
from wlantrack.services.bulk_changes import (
    BulkResult,
    BulkRow,
    Selected,
    problems_of,
    require_selection,
)
from wlantrack.services.cable_ends import assign_port, find_free_port
from wlantrack.services.places import parse_uuid
from wlantrack.services.versions import require_version
from wlantrack.store import audit
from wlantrack.store.models.cabling import CableRun, CableStep
from wlantrack.store.queries import cable_runs as queries

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from wlantrack.services.attachments import CheckedFile, Upload
    from wlantrack.services.hold_points import Held
    from wlantrack.store.models.cabling import SwitchPort
    from wlantrack.store.models.permits import Penetration
    from wlantrack.store.plan_files import PlanFiles, StoredFile

TEXT_EVIDENCE: Final = (
    "reason",
    "permit",
    "firm",
    "continuity",
    "pass_record",
    "fail_record",
    "switch_port",
    "protocol",
)
"""Evidence that is written; a photo is uploaded, or is one that the run has already."""
LONGEST_EVIDENCE: Final = 200
IMPORTED: Final = "import"
"""The source of a step that came with a table."""


@dataclass(frozen=True)
class StateChange:
    """A change that was made on site: to which state, when, and on what evidence.

    Attributes
    ----------
    evidence
        Values by field; ``photo`` is the public id of a photo that the run has already.
    photo
        A new photo, attached to every run that changes.
    step_id
        Public id that the step gets: whoever sends a change of one run twice finds it done.
    today
        Nothing is done in the future.
    """

    target: str
    done_on: date
    today: date
    evidence: Mapping[str, str] = field(default_factory=dict)
    photo: Upload | None = None
    step_id: uuid.UUID | None = None

    def given(self) -> dict[str, str]:
        """Give the written evidence that is not empty."""
        return {
            name: text
            for name in (*TEXT_EVIDENCE, "photo")
            if (text := str(self.evidence.get(name) or "").strip())
        }


@dataclass(frozen=True)
class _Proof:
    """What speaks for the change of one run."""

    transition: Transition
    evidence: dict[str, str]
    port: SwitchPort | None
    through: tuple[Penetration, ...] = ()


def list_possible(actor: Actor, run: CableRun) -> list[Transition]:
    """Give the changes that may follow, as far as this actor's roles and the run itself allow.

    What waits for papers only is among them: whoever tries it is told what is missing.
    """
    roles = run_sight.roles_at(actor, run)
    return [
        item
        for item in CABLE_LIFECYCLE.list_targets(run.state)
        if item.roles & roles
        and set(item.conditions) <= conditions_of(run, item.target) | HOLD_POINTS
    ]


def conditions_of(run: CableRun, target: str) -> frozenset[Condition]:
    """Give what holds of a run itself for a change to a state, whatever papers say."""
    held = set() if run.crosses_fire_wall else {Condition.NO_FIRE_WALL}
    if run.state == "blocked" and target == (run.state_before or "requested"):
        held.add(Condition.CAME_FROM_THERE)
    return frozenset(held)


def next_state(state: str, *, crosses_fire_wall: bool) -> str | None:
    """Give where a run goes if all is well, None at the end and aside of the path."""
    if state == "test failed":
        return "tested"
    if state == "pulled" and not crosses_fire_wall:
        return "released to close"
    path = [key for key in CABLE_STATES if key not in {"blocked", "test failed", "decommissioned"}]
    return dict(pairwise(path)).get(state)


def list_evidence(states: Sequence[str], target: str) -> list[str]:
    """Give the evidence that a change to a state may need, coming from any of some states."""
    needed = {
        name
        for state in states
        if (item := CABLE_LIFECYCLE.transitions.get((state, target))) is not None
        for name in item.evidence
    }
    return [name for name in (*TEXT_EVIDENCE, "photo") if name in needed]


def change_state(
    session: Session,
    actor: Actor,
    files: PlanFiles,
    chosen: Selected,
    change: StateChange,
) -> CableRun:
    """Carry a run to another state, and keep the step with its evidence.

    Raises
    ------
    InvalidInput
        The table does not know the change, its evidence is missing, or a condition does not hold.
    NotAllowed
        None of the actor's roles may make the change.
    Conflict
        Somebody else has changed the run since.
    """
    run = cable_runs.find_run(session, actor, chosen.ref)
    _require_change(change)
    held = hold_points.load_for_runs(session, [run], change.today)[run.id]
    proof = _prove(session, actor, run, change, (chosen.version, held))
    checked = attachments.check_photo(change.photo) if change.photo else None
    audit.set_context(session, actor.audit(proof.evidence.get("reason", "")))
    with attachments.stored(files, checked) as kept:
        _carry(session, actor, run, change, proof, (checked, kept))
        session.commit()
    return run


def preview_bulk(
    session: Session,
    actor: Actor,
    selected: Sequence[Selected],
    target: str,
    today: date | None = None,
) -> BulkResult:
    """Tell which runs could go to a state if all evidence were given, and why others cannot."""
    if target not in CABLE_STATES:
        raise InvalidInput(
            Problem(msg("There is no such state."), msg("Choose the new state."), field="target")
        )
    require_selection(selected)
    rows = []
    everything = frozenset((*TEXT_EVIDENCE, "photo"))
    loaded = _load(session, actor, selected)
    held = _load_held(session, loaded, today)
    for chosen, run in loaded:
        if run is None:
            rows.append(_missing_row(chosen))
            continue
        try:
            _require_lawful(actor, run, target, everything, held[run.id])
            rows.append(BulkRow(run.public_id, run.label, run.state))
        except WlantrackError as error:
            rows.append(BulkRow(run.public_id, run.label, run.state, problems_of(error)))
    return BulkResult(target, tuple(rows))


def change_states(
    session: Session,
    actor: Actor,
    files: PlanFiles,
    selected: Sequence[Selected],
    change: StateChange,
) -> BulkResult:
    """Carry many runs to a state in one transaction; what is refused stays and says why.

    Raises
    ------
    InvalidInput
        Nothing or too much is selected, the photo is none, or the day lies in the future.
    """
    require_selection(selected)
    _require_change(change)
    checked = attachments.check_photo(change.photo) if change.photo else None
    rows: list[BulkRow] = []
    audit.set_context(session, actor.audit(change.given().get("reason", "")))
    with session.no_autoflush, attachments.stored(files, checked) as kept:
        loaded = _load(session, actor, selected)
        held = _load_held(session, loaded, change.today)
        for chosen, run in loaded:
            if run is None:
                rows.append(_missing_row(chosen))
                continue
            source = run.state
            try:
                proof = _prove(session, actor, run, change, (chosen.version, held[run.id]))
                _carry(session, actor, run, change, proof, (checked, kept))
                rows.append(BulkRow(run.public_id, run.label, source))
            except WlantrackError as error:
                rows.append(BulkRow(run.public_id, run.label, source, problems_of(error)))
        result = BulkResult(change.target, tuple(rows))
        session.commit()
        if kept is not None and not result.changed:
            files.remove(kept.name)
    return result


def _load(
    session: Session, actor: Actor, selected: Sequence[Selected]
) -> list[tuple[Selected, CableRun | None]]:
    ids = {chosen.ref: parse_uuid(chosen.ref) for chosen in selected}
    runs = {
        run.public_id: run
        for run in queries.load_runs(session, {found for found in ids.values() if found})
        if run_sight.sees_run(actor, run)
    }
    seen: dict[str, Selected] = {chosen.ref: chosen for chosen in selected}
    return [(chosen, runs.get(ids[ref] or uuid.UUID(int=0))) for ref, chosen in seen.items()]


def _load_held(
    session: Session, loaded: Sequence[tuple[Selected, CableRun | None]], today: date | None
) -> dict[int, Held]:
    return hold_points.load_for_runs(session, [run for _, run in loaded if run], today)


def _missing_row(chosen: Selected) -> BulkRow:
    missing = NotFound(msg("There is no such cable run; perhaps somebody has deleted it."))
    return BulkRow(None, chosen.ref[:36], "", problems_of(missing))


def _require_change(change: StateChange) -> None:
    problems = []
    if change.done_on > change.today:
        problems.append(
            Problem(
                msg("This day lies in the future."),
                msg("Enter the day on which it was done."),
                field="done_on",
                value=change.done_on.isoformat(),
            )
        )
    problems += [
        Problem(
            msg("This text is longer than %(length)d characters.", length=LONGEST_EVIDENCE),
            msg("Shorten it."),
            field=name,
        )
        for name, text in change.given().items()
        if len(text) > LONGEST_EVIDENCE
    ]
    if problems:
        raise InvalidInput(*problems)


def _require_lawful(
    actor: Actor, run: CableRun, target: str, evidence: frozenset[str], held: Held
) -> Transition:
    run_sight.require_carry(actor, run)
    return CABLE_LIFECYCLE.require(
        run.state,
        target,
        roles=run_sight.roles_at(actor, run),
        evidence=evidence,
        conditions=conditions_of(run, target) | held.conditions,
        reasons=held.reasons,
    )


def _prove(
    session: Session,
    actor: Actor,
    run: CableRun,
    change: StateChange,
    seen: tuple[int | None, Held],
) -> _Proof:
    """Check everything about the change of one run before anything of it is changed.

    ``seen`` is the version that the person saw, and what holds the run.
    """
    version, held = seen
    run_sight.require_carry(actor, run)
    require_version(session, run, version)
    evidence = change.given()
    _require_same_firm(actor, run, evidence)
    if "firm" in evidence:
        cable_ends.require_firm_of_order(held.order, evidence["firm"])
    if run.firm and "firm" not in evidence:
        evidence["firm"] = run.firm
    if held.papers and "permit" not in evidence:
        evidence["permit"] = ", ".join(held.papers)[:LONGEST_EVIDENCE]
    if run.switch_port is not None and "switch_port" not in evidence:
        evidence["switch_port"] = f"{run.switch_port.switch.code}/{run.switch_port.name}"
    there = frozenset(evidence) | ({"photo"} if change.photo else frozenset())
    transition = _require_lawful(actor, run, change.target, there, held)
    if "photo" in evidence and change.photo is None:
        _require_own_photo(session, run, evidence["photo"])
    wants_port = "switch_port" in transition.evidence
    port = find_free_port(session, actor, evidence["switch_port"], run) if wants_port else None
    kept = {name for name in ("reason", "photo", *transition.evidence) if name in evidence}
    return _Proof(transition, {name: evidence[name] for name in sorted(kept)}, port, held.through)


def _require_same_firm(actor: Actor, run: CableRun, evidence: Mapping[str, str]) -> None:
    """Refuse a firm that would hand its run to another one."""
    where = run.floor.building_id, run.wing_id
    if actor.can(Action.CHANGE_CABLE_STATE, *where) or evidence.get("firm", run.firm) == run.firm:
        return
    raise InvalidInput(
        Problem(
            msg("A firm does not hand a run to another one."),
            msg("Leave your own firm in this field, or ask the city."),
            field="firm",
            value=evidence["firm"],
        )
    )


def _require_own_photo(session: Session, run: CableRun, ref: str) -> None:
    photos = attachments.photos_of(attachments.list_of(session, run))
    if ref not in {str(photo.public_id) for photo in photos}:
        raise InvalidInput(
            Problem(
                msg("The run has no such photo."),
                msg("Choose one of its photos, or take a new one."),
                field="photo",
            )
        )


def _carry(
    session: Session,
    actor: Actor,
    run: CableRun,
    change: StateChange,
    proof: _Proof,
    photo: tuple[CheckedFile | None, StoredFile | None],
) -> None:
    checked, kept = photo
    evidence = dict(proof.evidence)
    place = run.floor.building_id, run.wing_id
    if checked is not None and kept is not None:
        attachment = attachments.make_attachment(actor, run, place, checked, kept)
        session.add(attachment)
        evidence["photo"] = str(attachment.public_id)
    if proof.port is not None:
        assign_port(session, run, proof.port)
    elif change.target == "decommissioned" or (run.state, change.target) == ("patched", "tested"):
        assign_port(session, run, None)
    firm = evidence.get("firm", "")
    if run.state != "blocked":
        _open_or_seal(session, actor, run, change, proof, photo)
    step = record_step(run, change.target, change.done_on, actor.name, firm or run.firm, evidence)
    if change.step_id is not None:
        step.public_id = change.step_id
    if firm:
        run.firm = firm


def follow_table(
    session: Session, actor: Actor, run: CableRun, target: str, done_on: date, held: Held
) -> None:
    """Carry a run to the state that a row of a table says, over those between; does not commit.

    A row is a reason by itself and may name a firm. Photos, records of tests, protocols and ports
    it cannot bring: what needs them is refused, and done at the run.

    Raises
    ------
    InvalidInput
        The table of states does not know the change, or a row is not enough for it.
    NotAllowed
        None of the actor's roles may make the change.
    """
    for state in _list_way(run, target):
        _follow_step(session, actor, run, state, done_on, held)


def _list_way(run: CableRun, target: str) -> list[str]:
    """Give the states from where a run is to a target, if that lies ahead; else the target alone."""
    if (run.state, target) in CABLE_LIFECYCLE.transitions:
        return [target]
    way, state = [], next_state(run.state, crosses_fire_wall=run.crosses_fire_wall)
    while state is not None:
        way.append(state)
        if state == target:
            return way
        state = next_state(state, crosses_fire_wall=run.crosses_fire_wall)
    return [target]


def _follow_step(
    session: Session, actor: Actor, run: CableRun, target: str, done_on: date, held: Held
) -> None:
    there = {"reason", *(["firm"] if run.firm else []), *(["permit"] if held.papers else [])}
    transition = _require_lawful(actor, run, target, frozenset(there), held)
    evidence = {"source": IMPORTED}
    if "firm" in transition.evidence:
        evidence["firm"] = run.firm
    if "permit" in transition.evidence:
        evidence["permit"] = ", ".join(held.papers)[:LONGEST_EVIDENCE]
    if target == "pulled" and run.state != "blocked":
        penetrations.open_for_pulling(held.through)
    if target == "decommissioned" or (run.state, target) == ("patched", "tested"):
        assign_port(session, run, None)
    record_step(run, target, done_on, actor.name, run.firm, evidence)


def _open_or_seal(
    session: Session,
    actor: Actor,
    run: CableRun,
    change: StateChange,
    proof: _Proof,
    photo: tuple[CheckedFile | None, StoredFile | None],
) -> None:
    """Open what a pulled run leads through, or seal what a fire-stopped one leads through.

    Stopping a run against fire is sealing its holes: one act, one photo, kept with each of them.
    """
    if change.target == "pulled":
        penetrations.open_for_pulling(proof.through)
    if change.target != "fire-stopped":
        return
    firm = proof.evidence.get("firm", run.firm)
    checked, kept = photo
    for sealed in penetrations.seal_for_run(proof.through, change.done_on, firm):
        place = run.floor.building_id, sealed.wing_id
        if checked is not None and kept is not None:
            session.add(attachments.make_attachment(actor, sealed, place, checked, kept))
        else:
            ref = proof.evidence["photo"]
            session.add(attachments.copy_photo(session, actor, ref, sealed, place))


def record_step(
    run: CableRun,
    target: str,
    done_on: date,
    person: str,
    firm: str,
    evidence: dict[str, str],
) -> CableStep:
    """Set a run's state and give the step that led there; checks nothing, does not commit."""
    step = CableStep(
        public_id=uuid.uuid4(),
        source=run.state,
        target=target,
        done_on=done_on,
        person=person,
        firm=firm,
        evidence=evidence,
    )
    run.steps.append(step)
    run.state_before = run.state if target == "blocked" else None
    run.state, run.state_on = target, done_on
    return step
