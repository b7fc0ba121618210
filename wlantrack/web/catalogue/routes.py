"""Materials and models: what walls are made of and what hangs on ceilings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired, Length, Regexp

from wlantrack.services import access_points, catalog
from wlantrack.services.actor import Action
from wlantrack.web.context import actor, reading, writing
from wlantrack.web.forms import REQUIRED, EntryForm, NumberField, number_of
from wlantrack.web.policies import policy

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("catalogue", __name__)


class MaterialForm(EntryForm):
    """A material by its measured loss."""

    code = StringField(
        _l("Code"),
        [
            InputRequired(REQUIRED),
            Length(max=60),
            Regexp(r"^[a-z0-9-]+$", message=_l("Small letters, digits and hyphens only.")),
        ],
    )
    name = StringField(_l("Name"), [InputRequired(REQUIRED), Length(max=120)])
    loss_24_db = NumberField(_l("Loss at 2.4 GHz"), [InputRequired(REQUIRED)])
    loss_5_db = NumberField(_l("Loss at 5 GHz"), [InputRequired(REQUIRED)])
    loss_6_db = NumberField(_l("Loss at 6 GHz"), [InputRequired(REQUIRED)])


@blueprint.get("/catalogue")
@policy(Action.SEE_PLANS)
def list_materials() -> ResponseReturnValue:
    """Show materials with their loss, and access-point models with their radios."""
    with reading() as store:
        materials = catalog.list_materials(store, actor())
        models = access_points.list_models(store)
    return render_template("catalogue/list.html", materials=materials, models=models)


@blueprint.route("/catalogue/materials/new", methods=["GET", "POST"])
@policy(Action.EDIT_CATALOGUE)
def add_material() -> ResponseReturnValue:
    """Add a material by its measured loss."""
    actor().require(Action.EDIT_CATALOGUE)
    form = MaterialForm()
    if form.validate_on_submit():
        loss_db = (
            number_of(form.loss_24_db),
            number_of(form.loss_5_db),
            number_of(form.loss_6_db),
        )
        with form.refusals(), writing() as store:
            catalog.add_measured_material(store, actor(), form.code.data, form.name.data, loss_db)
            flash(gettext("Material added."), "success")
            return redirect(url_for("catalogue.list_materials"))
    return render_template("catalogue/material.html", form=form)
