"""Runs ticked in the list of cables are given to a work package."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from wlantrack.rollout.packages import KIND_WORDS
from wlantrack.services import package_objects
from wlantrack.services.actor import Action
from wlantrack.web.cabling.giving import Giving
from wlantrack.web.languages import translate
from wlantrack.web.policies import policy

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from wlantrack.store.models.milestones import WorkPackage
    from wlantrack.store.queries.packages import PackageChoice

blueprint = Blueprint("package_runs", __name__)


def _describe(row: PackageChoice) -> str:
    level = "" if row.level is None else str(row.level)
    place = "/".join(part for part in (row.building, row.wing or "", level) if part)
    return f"{row.code}: {row.name or translate(KIND_WORDS[row.kind])}, {place}"


def _tell_covered(package: WorkPackage, count: int) -> str:
    words = ngettext(
        "%(num)d run belongs to %(code)s now.",
        "%(num)d runs belong to %(code)s now.",
        count,
        code=package.code,
    )
    return str(words)


GIVING = Giving(
    template="packages/assign.html",
    endpoint="packages.show_package",
    label=_l("Work package"),
    prompt=_l("Choose a work package"),
    list_choices=package_objects.list_choices,
    describe=_describe,
    give=package_objects.cover,
    tell=_tell_covered,
)


@blueprint.route("/packages/assign", methods=["GET", "POST"])
@policy(Action.EDIT_WORK)
def choose_package() -> ResponseReturnValue:
    """Show to which work packages the ticked runs can be given."""
    return GIVING.choose()


@blueprint.post("/packages/assign/apply")
@policy(Action.EDIT_WORK)
def assign() -> ResponseReturnValue:
    """Give many runs to a work package, and tell what became of each."""
    return GIVING.apply()
