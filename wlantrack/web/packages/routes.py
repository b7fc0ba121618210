"""Work packages: the list, the page of one, its form, its steps, objects and links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from wlantrack.rollout.lifecycle import ACCESS_POINT_STATES, CABLE_STATES
from wlantrack.rollout.packages import CONFLICT_WORDS, KIND_WORDS, STATE_WORDS
from wlantrack.services import (
    crews,
    package_edits,
    package_objects,
    package_sight,
    package_steps,
    packages,
    places,
    plan_links,
    tasks,
)
from wlantrack.services.actor import Action
from wlantrack.services.bulk_changes import Selected
from wlantrack.services.package_edits import PackageValues
from wlantrack.services.plan import find_plan
from wlantrack.services.renovations import NOISE_WORDS
from wlantrack.services.shifts import SHIFTS, parse_shift_days
from wlantrack.web.context import actor, reading, writing
from wlantrack.web.forms import VersionedForm
from wlantrack.web.languages import translate
from wlantrack.web.lists import ListColumn, read_list, render_list
from wlantrack.web.milestones.forms import LINK_CHOICES, LinkForm
from wlantrack.web.milestones.routes import plan_parts
from wlantrack.web.milestones.slip_words import say_moves
from wlantrack.web.packages.forms import PackageFilterForm, PackageForm
from wlantrack.web.permits.forms import NamesForm
from wlantrack.web.place_path import building_path
from wlantrack.web.policies import policy
from wlantrack.web.session.routes import safe_target
from wlantrack.web.undo.routes import flash_changes, flash_with_undo
from wlantrack.web.work.words import work_tabs, write_span

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from wlantrack.store.models.milestones import WorkPackage

blueprint = Blueprint("packages", __name__)

COLUMNS = (
    ListColumn("code", _l("Code")),
    ListColumn("title", _l("Work package"), is_long=True, line="first"),
    ListColumn("begins", _l("Expected"), is_long=True),
    ListColumn("state", _l("State")),
    ListColumn("conflicts", _l("What speaks against it"), is_long=True),
    ListColumn("crew", _l("Crew")),
    ListColumn("progress", _l("Progress"), is_sortable=False),
    ListColumn("due", _l("Due"), is_shown=False),
    ListColumn("place", _l("Where"), is_shown=False),
    ListColumn("days", _l("Net duration"), is_shown=False),
    ListColumn("ends", _l("Expected end"), is_shown=False, line="wide"),
    ListColumn("late", _l("Days late"), is_number=True, is_shown=False, line="wide"),
    ListColumn("priority", _l("Priority"), is_number=True, is_shown=False, line="wide"),
    ListColumn("responsible", _l("Responsible"), is_shown=False, line="wide"),
)


def words() -> dict[str, Any]:
    """Give the words that pages of work packages show."""
    return {
        "kind_words": KIND_WORDS,
        "package_states": STATE_WORDS,
        "conflict_words": CONFLICT_WORDS,
        "noise_words": NOISE_WORDS,
        "span": write_span,
        "can_add": actor().can_anywhere(Action.EDIT_WORK),
    }


@blueprint.get("/packages")
@policy(Action.SEE_WORK)
def list_packages() -> ResponseReturnValue:
    """Show the work packages in scope; filters, order, columns and page stand in the URL."""
    view, form = read_list(COLUMNS, "begins"), PackageFilterForm(request.args)
    with reading() as store:
        choices = crews.list_choices(store)
        form.offer(places.list_building_names(store, actor()), choices)
        rows, total = packages.list_packages(store, actor(), form.narrow(), view.page, plan_parts())
    return render_list(
        "packages/list.html", view, form, rows, total, tabs=work_tabs(), crews=choices, **words()
    )


@blueprint.get("/packages/<ref>")
@policy(Action.SEE_WORK)
def show_package(ref: str) -> ResponseReturnValue:
    """Show one work package; for htmx only the panel beside the list."""
    return _show(ref, NamesForm(formdata=None))


def _show(ref: str, form: NamesForm) -> ResponseReturnValue:
    with reading() as store:
        page = packages.show_package(store, actor(), ref, plan_parts())
        context = _context(store, page.record)
    template = "_panel" if request.headers.get("HX-Request") else "show"
    return render_template(
        f"packages/{template}.html",
        page=page,
        line=page.line,
        form=form,
        states=CABLE_STATES,
        point_states=ACCESS_POINT_STATES,
        task_states=tasks.STATE_WORDS,
        link_words={choice.value: choice.label for choice in LINK_CHOICES},
        **context,
    )


def _context(store: Session, record: WorkPackage) -> dict[str, Any]:
    where = (record.building_id, record.wing_id)
    return {
        **words(),
        "record": record,
        "place_path": building_path(store, actor(), record.building),
        "can_edit": actor().can(Action.EDIT_WORK, *where),
    }


@blueprint.route("/packages/new", methods=["GET", "POST"])
@policy(Action.EDIT_WORK)
def add_package() -> ResponseReturnValue:
    """Add a work package; what the address names is filled in."""
    form = PackageForm()
    with reading() as store:
        form.offer(package_edits.list_wheres(store, actor()), crews.list_choices(store))
    if not form.is_submitted():
        kind = request.args.get("kind", "pulling")
        form.fill(PackageValues(request.args.get("where", ""), kind))
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            package = package_edits.add_package(store, actor(), form.values(), plan_parts())
            return _back(package, gettext("Work package %(code)s added.", code=package.code))
    return render_template("packages/edit.html", form=form, record=None)


@blueprint.route("/packages/<ref>/edit", methods=["GET", "POST"])
@policy(Action.EDIT_WORK)
def edit_package(ref: str) -> ResponseReturnValue:
    """Change a work package; what that moves beside it is shown first."""
    form = PackageForm()
    with reading() as store:
        package = package_edits.find_editable(store, actor(), ref)
        form.offer(
            package_edits.list_wheres(store, actor()),
            crews.list_choices(store),
            package_edits.where_of(package),
        )
        sight = package_sight.look(store, actor())
        form.fill(package_edits.values_of(package, sight), package.version)
    if form.validate_on_submit() and "back" not in request.form:
        values, version = form.values(), form.expected_version()
        with form.refusals(), writing() as store:
            preview = package_edits.preview_edit(store, actor(), ref, values, version, plan_parts())
            if preview is not None and preview.seen != request.form.get("seen"):
                return render_template(
                    "packages/slip.html", form=form, record=package, preview=preview
                )
            package = package_edits.edit_package(store, actor(), ref, values, version, plan_parts())
            return _back(package, gettext("Saved."))
    return render_template("packages/edit.html", form=form, record=package)


def _back(package: WorkPackage, said: str) -> ResponseReturnValue:
    target = url_for("packages.show_package", ref=package.public_id)
    flash_with_undo(said, target)
    return redirect(target)


@blueprint.post("/packages/<ref>/delete")
@policy(Action.EDIT_WORK)
def delete_package(ref: str) -> ResponseReturnValue:
    """Delete a work package with its links."""
    version, target = VersionedForm().expected_version(), url_for("packages.list_packages")
    with writing() as store:
        code, gone = package_edits.delete_package(store, actor(), ref, version)
    names = ", ".join(translate(name) for name in gone) or gettext("nothing")
    said = gettext("Work package %(code)s deleted, with: %(names)s.", code=code, names=names)
    flash_with_undo(said, target)
    return redirect(target)


@blueprint.post("/packages/change")
@policy(Action.EDIT_WORK)
def change_many() -> ResponseReturnValue:
    """Begin, finish, drop or move the ticked packages, or give them to a crew."""
    target = safe_target(request.form.get("next") or url_for("packages.list_packages"))
    selected = [Selected.parse_seen(text) for text in request.form.getlist("ids")]
    step = request.form.get("step", "")
    moved = ""
    with writing() as store:
        if step == "crew":
            changed = package_steps.set_crew(store, actor(), selected, request.form.get("crew", ""))
        else:
            parts = plan_parts()
            days = parse_shift_days(request.form.get("days", "")) if step in SHIFTS else 1
            preview = package_steps.preview_step(store, actor(), selected, step, parts, days)
            is_seen = preview.seen == request.form.get("seen")
            if not is_seen and package_steps.asks_first(preview, selected, step, days):
                return render_template(
                    "packages/slip_many.html",
                    preview=preview,
                    ids=request.form.getlist("ids"),
                    step=step,
                    days=days,
                    target=target,
                )
            changed = package_steps.take_step(store, actor(), selected, step, parts.clock, days)
            moved = say_moves(preview)
    said = ngettext("%(num)d work package changed.", "%(num)d work packages changed.", len(changed))
    flash_changes(len(changed), f"{said} {moved}".strip(), target)
    return redirect(target)


@blueprint.post("/packages/<ref>/cover")
@policy(Action.EDIT_WORK)
def cover_named(ref: str) -> ResponseReturnValue:
    """Let a package cover what is named."""
    form = NamesForm()
    if form.validate():
        with form.refusals(), writing() as store:
            count = package_objects.cover_named(store, actor(), ref, form.read_names())
            target = url_for("packages.show_package", ref=ref)
            flash_with_undo(
                ngettext("%(num)d entry added.", "%(num)d entries added.", count), target
            )
            return redirect(target)
    return _show(ref, form)


@blueprint.post("/packages/<ref>/uncover")
@policy(Action.EDIT_WORK)
def uncover(ref: str) -> ResponseReturnValue:
    """Take ticked things out of a package."""
    target = url_for("packages.show_package", ref=ref)
    with writing() as store:
        count = package_objects.uncover(store, actor(), ref, request.form.getlist("ids"))
    if count:
        said = ngettext("%(num)d entry taken out.", "%(num)d entries taken out.", count)
        flash_with_undo(said, target)
    return redirect(target)


@blueprint.route("/packages/<ref>/links/new", methods=["GET", "POST"])
@policy(Action.EDIT_WORK)
def add_link(ref: str) -> ResponseReturnValue:
    """Let a package wait for something."""
    with reading() as store:
        package = package_edits.find_editable(store, actor(), ref)
    form = LinkForm()
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            plan_links.add_link(store, actor(), package.public_id, form.values(), plan_parts())
            return _back(package, gettext("Link added."))
    with reading() as store:
        city = find_plan(store, plan_parts())
        candidates = plan_links.list_candidates(city, actor(), package.building_id)
    return render_template(
        "milestones/link.html", form=form, candidates=candidates, record=package, **words()
    )


@blueprint.post("/package-links/<ref>/delete")
@policy(Action.EDIT_WORK)
def remove_link(ref: str) -> ResponseReturnValue:
    """Let a package no longer wait for something else."""
    version = VersionedForm().expected_version()
    with writing() as store:
        plan_links.remove_link(store, actor(), ref, version)
    target = safe_target(request.form.get("next") or url_for("packages.list_packages"))
    flash_with_undo(gettext("Link removed."), target)
    return redirect(target)
