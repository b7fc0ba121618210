"""Runs ticked in the list of cables are given to a work package."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import SelectField
from wtforms.validators import InputRequired

from wlantrack.rollout.lifecycle import CABLE_STATES
from wlantrack.rollout.packages import KIND_WORDS
from wlantrack.services import package_objects
from wlantrack.services.actor import Action
from wlantrack.services.bulk_changes import LARGEST_BULK, Selected
from wlantrack.web.context import actor, reading, writing
from wlantrack.web.forms import REQUIRED, EntryForm
from wlantrack.web.languages import translate
from wlantrack.web.policies import policy
from wlantrack.web.session.routes import safe_target
from wlantrack.web.undo.routes import flash_with_undo

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from wlantrack.store.queries.packages import PackageChoice

blueprint = Blueprint("package_runs", __name__)


class AssignForm(EntryForm):
    """The work package to which ticked runs are given."""

    package = SelectField(_l("Work package"), [InputRequired(REQUIRED)], validate_choice=False)

    def offer(self, packages: list[PackageChoice]) -> None:
        """Offer the packages that may be changed."""
        self.package.choices = [(str(row.public_id), _describe(row)) for row in packages]


def _describe(row: PackageChoice) -> str:
    level = "" if row.level is None else str(row.level)
    place = "/".join(part for part in (row.building, row.wing or "", level) if part)
    return f"{row.code}: {row.name or translate(KIND_WORDS[row.kind])}, {place}"


@blueprint.route("/packages/assign", methods=["GET", "POST"])
@policy(Action.EDIT_WORK)
def choose_package() -> ResponseReturnValue:
    """Show to which work packages the ticked runs can be given."""
    selected = [Selected.parse(text) for text in request.form.getlist("ids")]
    return _choose_page(AssignForm(formdata=None), selected)


@blueprint.post("/packages/assign/apply")
@policy(Action.EDIT_WORK)
def assign() -> ResponseReturnValue:
    """Give many runs to a work package, and tell what became of each."""
    form, back = AssignForm(), safe_target(request.form.get("next"))
    selected = [Selected.parse(text) for text in request.form.getlist("ids")]
    if form.validate():
        with form.refusals(), writing() as store:
            package, result = package_objects.cover(store, actor(), form.package.data, selected)
            if result.changed:
                words = ngettext(
                    "%(code)s covers %(num)d run more.",
                    "%(code)s covers %(num)d runs more.",
                    len(result.changed),
                    code=package.code,
                )
                flash_with_undo(words, back)
            if not result.refused:
                return redirect(back)
            return render_template(
                "packages/assigned.html",
                result=result,
                package=package,
                next=back,
                states=CABLE_STATES,
            )
    return _choose_page(form, selected)


def _choose_page(form: AssignForm, selected: list[Selected]) -> ResponseReturnValue:
    with reading() as store:
        choices = package_objects.list_choices(store, actor(), selected[:LARGEST_BULK])
    form.offer(choices)
    return render_template(
        "packages/assign.html",
        form=form,
        selected=selected[:LARGEST_BULK],
        has_choices=bool(choices),
        next=safe_target(request.values.get("next") or url_for("cabling.list_runs")),
    )
