"""The list of uplinks over all buildings, those that are nearly full marked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from flask import Blueprint, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField

from wlantrack.services import places, uplink_list, uplinks
from wlantrack.services.actor import Action
from wlantrack.services.governance import visible_kinds
from wlantrack.services.networks import CLASS_WORDS
from wlantrack.services.uplink_list import UplinkFilter
from wlantrack.web.context import actor, reading
from wlantrack.web.governance.pages import governance_tabs
from wlantrack.web.lists import ListColumn, ListFilter, read_list, render_list
from wlantrack.web.networks.words import CLASS_MARKS
from wlantrack.web.policies import policy
from wlantrack.web.uplinks.forms import class_word

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from wlantrack.store.queries.places import BuildingName

blueprint = Blueprint("uplink_list", __name__)

COLUMNS = (
    ListColumn("code", _l("Code")),
    ListColumn("load", _l("Greatest load"), is_number=True, line="first"),
    ListColumn("building", _l("Building")),
    ListColumn("network", _l("Network")),
    ListColumn("down", _l("Download"), is_number=True),
    ListColumn("up", _l("Upload"), is_number=True),
    ListColumn("conferences", _l("Video conferences at once"), is_number=True),
    ListColumn("provider", _l("Provider"), is_shown=False),
)


class FilterForm(ListFilter):
    """What the list is narrowed to."""

    q = StringField(_l("Words"))
    building = SelectField(_l("Building"))
    network = SelectField(_l("Network"))
    busy = BooleanField(_l("Only what is nearly full"))

    def offer(self, buildings: list[BuildingName]) -> None:
        """Offer buildings, and the network classes that the person may know of."""
        everything = ("", gettext("all"))
        self.building.choices = [everything, *((row.code, row.name) for row in buildings)]
        classes = [key for key in uplinks.visible_classes(actor()) if key is not None]
        self.network.choices = [everything, *((key, class_word(key)) for key in classes)]

    def narrow(self) -> UplinkFilter:
        """Give the filter that was entered."""
        return UplinkFilter(
            words=(self.q.data or "").strip(),
            building=self.building.data or "",
            network_class=self.network.data or "",
            is_busy=bool(self.busy.data),
        )


@blueprint.get("/uplinks")
@policy(Action.SEE_NETWORKS)
def list_uplinks() -> ResponseReturnValue:
    """Show the uplinks in scope; filters, order and page stand in the URL."""
    view = read_list(COLUMNS, "load")
    if "sort" not in view.args:
        view = replace(view, is_descending=True)
    form = FilterForm(request.args)
    with reading() as store:
        form.offer(places.list_building_names(store, actor()))
        narrow = form.narrow()
        rows = [row for row in uplink_list.list_rows(store, actor()) if narrow.admits(row)]
    sees_governance = actor().can_anywhere(Action.SEE_GOVERNANCE)
    return render_list(
        "uplinks/list.html",
        view,
        form,
        uplink_list.take_page(rows, view.page),
        len(rows),
        tabs=governance_tabs(visible_kinds(actor()), "uplinks") if sees_governance else (),
        busy_share=uplinks.BUSY_SHARE,
        class_words=CLASS_WORDS,
        class_marks=CLASS_MARKS,
        count_conferences=uplink_list.count_conferences,
        can_import=actor().can_anywhere(Action.IMPORT_TABLES),
    )
