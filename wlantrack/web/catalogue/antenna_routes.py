"""Antennas: list, add from a file, look at their diagrams, give them to models' radios."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField

from wlantrack.formats.file_names import clean_file_name
from wlantrack.services import access_points, antennas
from wlantrack.services.actor import Action
from wlantrack.services.plans import Upload
from wlantrack.web.context import actor, reading, writing
from wlantrack.web.forms import EntryForm
from wlantrack.web.languages import translate
from wlantrack.web.policies import policy

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("antennas", __name__)


class UploadForm(EntryForm):
    """An antenna's file."""

    file = FileField(_l("Antenna file"), [FileRequired(_l("Choose a file."))])


class RadioForm(EntryForm):
    """The antenna of each radio of a model; the fields are added per radio."""


@blueprint.get("/catalogue/antennas")
@policy(Action.SEE_PLANS)
def list_antennas() -> ResponseReturnValue:
    """Show all antennas, and which models have them."""
    with reading() as store:
        patterns = antennas.list_patterns(store, actor())
        models = access_points.list_models(store)
    used: dict[int, list[str]] = {}
    for model in models:
        for radio in model.radios:
            if radio.antenna_id is not None:
                used.setdefault(radio.antenna_id, []).append(model.name)
    return render_template(
        "catalogue/antennas.html",
        patterns=patterns,
        used={key: sorted(set(names)) for key, names in used.items()},
        models=models,
    )


@blueprint.route("/catalogue/antennas/new", methods=["GET", "POST"])
@policy(Action.EDIT_CATALOGUE)
def add() -> ResponseReturnValue:
    """Add an antenna from a .msi or JSON file."""
    actor().require(Action.EDIT_CATALOGUE)
    form = UploadForm()
    if form.validate_on_submit():
        file = form.file.data
        upload = Upload(clean_file_name(file.filename, "antenna"), file.read())
        with form.refusals(), writing() as store:
            result = antennas.import_antenna(store, actor(), upload)
            words = {
                "created": gettext("Antenna added."),
                "updated": gettext("The antenna of this name was brought up to date."),
                "unchanged": gettext("This antenna is in the catalogue already."),
            }
            flash(words[result.outcome], "success")
            return redirect(url_for("antennas.show", code=result.pattern.code))
    return render_template("catalogue/antenna_upload.html", form=form)


@blueprint.get("/catalogue/antennas/<code>")
@policy(Action.SEE_PLANS)
def show(code: str) -> ResponseReturnValue:
    """Show an antenna's diagrams and the same numbers as a table."""
    with reading() as store:
        pattern = antennas.find_pattern(store, actor(), code)
    return render_template(
        "catalogue/antenna.html", pattern=pattern, cuts=antennas.draw_cuts(pattern)
    )


@blueprint.route("/catalogue/models/<ref>/antennas", methods=["GET", "POST"])
@policy(Action.EDIT_CATALOGUE)
def edit_model(ref: str) -> ResponseReturnValue:
    """Give the radios of a model their antennas."""
    actor().require(Action.EDIT_CATALOGUE)
    with reading() as store:
        model = access_points.find_model(store, ref)
        patterns = antennas.list_patterns(store, actor())
    form = _make_form(model, patterns)
    if form.validate_on_submit():
        chosen = {radio.slot: form[f"radio_{radio.slot}"].data or None for radio in model.radios}
        with form.refusals(), writing() as store:
            antennas.give_to_radios(store, actor(), ref, chosen)
            flash(gettext("Antennas saved."), "success")
            return redirect(url_for("antennas.list_antennas"))
    return render_template("catalogue/model_antennas.html", form=form, model=model)


def _make_form(model: Any, patterns: list[Any]) -> RadioForm:  # noqa: ANN401 - the web layer does not import models
    class Fields(RadioForm):
        pass

    for radio in model.radios:
        label = gettext("Radio %(slot)d, %(band)s GHz", slot=radio.slot, band=radio.band)
        chosen = radio.antenna.code if radio.antenna else ""
        setattr(Fields, f"radio_{radio.slot}", SelectField(label, default=chosen))
    form = Fields()
    for radio in model.radios:
        fitting = [p for p in patterns if p.band in {None, radio.band}]
        form[f"radio_{radio.slot}"].choices = [
            ("", gettext("Omnidirectional, ideal")),
            *((pattern.code, translate(pattern.name)) for pattern in fitting),
        ]
    return form
