"""What a work package is done on: cable runs and access points.

Decides that a package covers what lies in its place, and on its floor if it has one.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from wlantrack.errors import InvalidInput, Message, Problem, msg
from wlantrack.services import belongings, places
from wlantrack.services.actor import Action
from wlantrack.services.bulk_changes import BulkResult
from wlantrack.services.covering import cover_ticked, load_ticked, thing_of
from wlantrack.services.named_things import find_named, list_houses
from wlantrack.services.package_checks import lies_in
from wlantrack.services.package_edits import find_editable
from wlantrack.store.models.cabling import CableRun
from wlantrack.store.models.milestones import WorkPackageSubject
from wlantrack.store.queries import packages as queries

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from sqlalchemy.orm import Session

    from wlantrack.services.actor import Actor
    from wlantrack.services.bulk_changes import Selected
    from wlantrack.store.models.access_points import AccessPoint
    from wlantrack.store.models.milestones import WorkPackage
    from wlantrack.store.queries.packages import PackageChoice


def cover_named(session: Session, actor: Actor, ref: str, names: Collection[str]) -> int:
    """Let a package cover runs by label and access points by code; all of them or none.

    Raises
    ------
    InvalidInput
        A name means nothing in scope, lies elsewhere, or is covered already.
    """
    package = find_editable(session, actor, ref)
    things = find_named(session, actor, list(names))
    if not things:
        raise _refuse(
            msg("Nothing is named."),
            msg("Write labels of runs or codes of access points."),
            "names",
        )
    for thing in things:
        add_subject(package, thing)
    session.commit()
    return len(things)


def list_choices(
    session: Session, actor: Actor, selected: Sequence[Selected] = ()
) -> list[PackageChoice]:
    """Give the packages ahead that the actor may give runs to: those of the runs' buildings."""
    rows = queries.list_choices(session, actor.scope_pairs(Action.EDIT_WORK))
    houses = list_houses(session, selected)
    return [row for row in rows if not selected or row.building in houses]


def cover(
    session: Session, actor: Actor, ref: str, selected: Sequence[Selected]
) -> tuple[WorkPackage, BulkResult]:
    """Give runs to a package, row by row; what cannot be given stays and says why.

    Raises
    ------
    InvalidInput
        Nothing or too much is selected.
    NotFound
        There is no such package in scope.
    """
    ticked = load_ticked(session, selected)
    package = find_editable(session, actor, ref)
    rows = cover_ticked(session, actor, ticked, lambda run: add_subject(package, run))
    session.commit()
    return package, BulkResult(package.code, rows)


def add_subject(package: WorkPackage, thing: CableRun | AccessPoint) -> None:
    """Let a package cover one thing; does not commit.

    Raises
    ------
    InvalidInput
        It covers it already, or the thing lies elsewhere.
    """
    name = belongings.name_of(thing)
    if any(thing_of(subject) is thing for subject in package.subjects):
        raise _refuse(
            msg("%(code)s covers %(name)s already.", code=package.code, name=name),
            msg("There is nothing to do."),
            "names",
        )
    if not lies_in(package, thing):
        raise _refuse(
            msg(
                "%(name)s does not lie where the work of %(code)s is done.",
                name=name,
                code=package.code,
            ),
            msg("Choose a package of that place, or change where this one lies."),
            "names",
        )
    is_run = isinstance(thing, CableRun)
    package.subjects.append(
        WorkPackageSubject(
            public_id=uuid.uuid4(),
            cable_run=thing if is_run else None,
            access_point=None if is_run else thing,
        )
    )


def uncover(session: Session, actor: Actor, ref: str, subject_ids: Iterable[str]) -> int:
    """Take some things out of a package, by the public ids of its subjects; give how many."""
    package = find_editable(session, actor, ref)
    wanted = {places.parse_uuid(text) for text in subject_ids}
    gone = [subject for subject in package.subjects if subject.public_id in wanted]
    for subject in gone:
        package.subjects.remove(subject)
    session.commit()
    return len(gone)


def _refuse(message: Message, remedy: Message, field: str) -> InvalidInput:
    return InvalidInput(Problem(message, remedy, field=field))
