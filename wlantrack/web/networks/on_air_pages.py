"""The list of access points with the SSIDs they send, and the bulk change of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, request
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.rollout.lifecycle import ACCESS_POINT_STATES, PLANNED_STATES
from wlantrack.services import network_sight, networks, on_air, places, ssid_scopes, ssids
from wlantrack.services.actor import Action
from wlantrack.services.on_air import AirFilter
from wlantrack.web.context import actor, house, reading, writing
from wlantrack.web.languages import translate
from wlantrack.web.lists import ListColumn, ListFilter, read_list, render_list
from wlantrack.web.networks import words
from wlantrack.web.networks.page import tab_context, tell
from wlantrack.web.policies import policy
from wlantrack.web.session.routes import safe_target

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from flask.typing import ResponseReturnValue

    from wlantrack.services.ssid_scopes import BulkRow
    from wlantrack.store.models.networks import Ssid
    from wlantrack.store.queries.places import BuildingName

blueprint = Blueprint("on_air", __name__)

COLUMNS = (
    ListColumn("code", _l("Access point")),
    ListColumn("floor", _l("Floor"), line="first"),
    ListColumn("wing", _l("Wing"), line="wide"),
    ListColumn("state", _l("State"), line="wide"),
    ListColumn("ssids", _l("SSIDs on air"), is_sortable=False),
)


class AirFilterForm(ListFilter):
    """What the list is narrowed to."""

    q = StringField(_l("Words"))
    ssid = SelectField(_l("Sends SSID"))
    network_class = SelectField(_l("Sends class"))
    building = SelectField(_l("Building"))
    wing = StringField(_l("Wing"))
    level = StringField(_l("Level"))
    state = SelectField(_l("State"))

    def offer(
        self, classes: Sequence[str], choices: Iterable[Ssid], buildings: Iterable[BuildingName]
    ) -> None:
        """Offer what this person may see."""
        self.ssid.choices = words.with_all([(ssid.code, ssid.name) for ssid in choices])
        offered = words.choices_of(networks.CLASS_WORDS, classes)
        self.network_class.choices = words.with_all(offered)
        self.building.choices = words.with_all([(row.code, row.name) for row in buildings])
        self.state.choices = words.with_all(
            [
                (key, translate(state.label))
                for key, state in ACCESS_POINT_STATES.items()
                if key in PLANNED_STATES
            ]
        )

    def narrow(self) -> AirFilter:
        """Give the filter that was entered; a level that is no number narrows nothing."""
        level = (self.level.data or "").strip()
        return AirFilter(
            words=(self.q.data or "").strip(),
            building=self.building.data or "",
            wing=(self.wing.data or "").strip(),
            level=int(level) if re.fullmatch(r"-?[0-9]{1,3}", level) else None,
            state=self.state.data or "",
        )


@blueprint.get("/networks/access-points")
@policy(Action.SEE_NETWORKS)
def list_points() -> ResponseReturnValue:
    """Show the access points in scope with what they send."""
    view, form = read_list(COLUMNS), AirFilterForm(request.args)
    with reading() as store:
        choices = ssids.list_choices(store, actor())
        classes = network_sight.visible_classes(actor())
        form.offer(classes, choices, places.list_building_names(store, actor()))
        rows, total = on_air.list_points(
            store,
            actor(),
            form.narrow(),
            view.page,
            ssid=ssids.find_ssid(store, actor(), form.ssid.data) if form.ssid.data else None,
            network_class=form.network_class.data or "",
        )
    return render_list(
        "networks/on_air.html",
        view,
        form,
        rows,
        total,
        choices=choices if actor().can_anywhere(Action.EDIT_NETWORKS) else [],
        states=ACCESS_POINT_STATES,
        **tab_context("networks.on_air.list_points"),
    )


@blueprint.post("/networks/access-points")
@policy(Action.EDIT_NETWORKS)
def set_points() -> ResponseReturnValue:
    """Put an SSID on air at the selected access points, or exclude it there."""
    refs, ssid_ref = request.form.getlist("ids"), request.form.get("ssid", "")
    if not refs or not ssid_ref:
        raise InvalidInput(
            Problem(
                msg("Nothing is selected."),
                msg("Tick access points and choose an SSID."),
                field="ids" if ssid_ref else "ssid",
            )
        )
    is_excluded = request.form.get("act") == "exclude"
    with writing() as store:
        rows = ssid_scopes.set_for_points(
            store, actor(), ssid_ref, refs, is_excluded=is_excluded, house=house()
        )
    target = safe_target(request.form.get("next"))
    _tell_outcome(rows, target, is_excluded=is_excluded)
    return redirect(target)


def _tell_outcome(rows: list[BulkRow], target: str, *, is_excluded: bool) -> None:
    done = sum(row.outcome == "done" for row in rows)
    if done and is_excluded:
        tell(
            ngettext(
                "Excluded at %(num)d access point.", "Excluded at %(num)d access points.", done
            ),
            target,
        )
    elif done:
        tell(
            ngettext("On air at %(num)d access point.", "On air at %(num)d access points.", done),
            target,
        )
    unchanged = sum(row.outcome == "unchanged" for row in rows)
    if unchanged:
        flash(gettext("%(num)d had it so already.", num=unchanged), "info")
    for row in rows:
        if row.reason is not None:
            flash(f"{row.code}: {translate(row.reason)}", "error")
