"""Requirements and client profiles in the catalogue: what may be asked, and under which device."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext

from wlantrack.services import requirements
from wlantrack.services.actor import Action
from wlantrack.web.context import actor, reading, writing
from wlantrack.web.demand.forms import ProfileForm, RequirementForm
from wlantrack.web.forms import VersionedForm
from wlantrack.web.policies import policy

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("requirements", __name__)


@blueprint.get("/catalogue/requirements")
@policy(Action.SEE_PLACES)
def list_requirements() -> ResponseReturnValue:
    """Show requirements and client profiles, each with the number of zones that use it."""
    with reading() as store:
        rows = requirements.list_requirements(store, actor())
        profiles = requirements.list_profiles(store, actor())
    can_edit = actor().can(Action.EDIT_CATALOGUE)
    return render_template(
        "catalogue/requirements.html", rows=rows, profiles=profiles, can_edit=can_edit
    )


@blueprint.route("/catalogue/requirements/new", methods=["GET", "POST"])
@policy(Action.EDIT_CATALOGUE)
def add_requirement() -> ResponseReturnValue:
    """Add a requirement."""
    actor().require(Action.EDIT_CATALOGUE)
    form = RequirementForm()
    if not form.is_submitted():
        form.show(None)
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            requirements.save_requirement(store, actor(), form.values())
            return _back(gettext("Requirement added."))
    return render_template("catalogue/requirement.html", form=form, requirement=None)


@blueprint.route("/catalogue/requirements/<ref>/edit", methods=["GET", "POST"])
@policy(Action.EDIT_CATALOGUE)
def edit_requirement(ref: str) -> ResponseReturnValue:
    """Change a requirement; zones that ask for it are judged anew."""
    actor().require(Action.EDIT_CATALOGUE)
    with reading() as store:
        requirement = requirements.find_requirement(store, actor(), ref)
    form = RequirementForm(obj=requirement)
    form.show(requirement)
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            requirements.save_requirement(
                store, actor(), form.values(), ref, form.expected_version()
            )
            return _back(gettext("Saved."))
    return render_template("catalogue/requirement.html", form=form, requirement=requirement)


@blueprint.post("/catalogue/requirements/<ref>/delete")
@policy(Action.EDIT_CATALOGUE)
def delete_requirement(ref: str) -> ResponseReturnValue:
    """Delete a requirement that no zone asks for."""
    form = VersionedForm()
    with writing() as store:
        requirements.delete_requirement(store, actor(), ref, form.expected_version())
    return _back(gettext("Requirement deleted."))


@blueprint.route("/catalogue/client-profiles/new", methods=["GET", "POST"])
@policy(Action.EDIT_CATALOGUE)
def add_profile() -> ResponseReturnValue:
    """Add a client profile."""
    actor().require(Action.EDIT_CATALOGUE)
    form = ProfileForm()
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            requirements.save_profile(store, actor(), form.values())
            return _back(gettext("Client profile added."))
    return render_template("catalogue/profile.html", form=form, profile=None)


@blueprint.route("/catalogue/client-profiles/<ref>/edit", methods=["GET", "POST"])
@policy(Action.EDIT_CATALOGUE)
def edit_profile(ref: str) -> ResponseReturnValue:
    """Change a client profile; zones that are judged under it are judged anew."""
    actor().require(Action.EDIT_CATALOGUE)
    with reading() as store:
        profile = requirements.find_profile(store, actor(), ref)
    form = ProfileForm(obj=profile)
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            requirements.save_profile(store, actor(), form.values(), ref, form.expected_version())
            return _back(gettext("Saved."))
    return render_template("catalogue/profile.html", form=form, profile=profile)


@blueprint.post("/catalogue/client-profiles/<ref>/delete")
@policy(Action.EDIT_CATALOGUE)
def delete_profile(ref: str) -> ResponseReturnValue:
    """Delete a client profile under which no zone is judged."""
    form = VersionedForm()
    with writing() as store:
        requirements.delete_profile(store, actor(), ref, form.expected_version())
    return _back(gettext("Client profile deleted."))


def _back(words: str) -> ResponseReturnValue:
    flash(words, "success")
    return redirect(url_for("requirements.list_requirements"))
