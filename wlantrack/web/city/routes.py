"""The city: a map and a list that always say the same, and the folium page inside the first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField

from wlantrack.maps.city_map import CityMap, CityMark, city_page
from wlantrack.maps.offline import PageSetting
from wlantrack.rollout.progress import STAGES
from wlantrack.services import city
from wlantrack.services.actor import Action
from wlantrack.services.city import CityFilter
from wlantrack.services.results import stamp
from wlantrack.web.compression import compressed
from wlantrack.web.context import actor, installation, profile, reading
from wlantrack.web.forms import PageForm
from wlantrack.web.languages import current_locale, translate
from wlantrack.web.policies import policy
from wlantrack.web.shell import asset, csp_nonce

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.typing import ResponseReturnValue

    from wlantrack.services.city import CityBuilding

blueprint = Blueprint("city", __name__)

_NONCE = "nonce-of-this-answer"
FIRST_ROWS = 100
_FIELDS = ("words", "stage", "public", "priority", "network")


class CityFilterForm(PageForm):
    """What the map and the list are narrowed to; sent by GET, so that every view has a URL."""

    class Meta:
        """A search needs no token."""

        csrf = False

    words = StringField(_l("Code, name or address"))
    stage = SelectField(_l("State"))
    public = SelectField(_l("Open to the public"))
    priority = SelectField(_l("Priority"))
    network = SelectField(_l("On air"))

    def offer(self) -> None:
        """Fill in the choices in the language of the request."""
        everything = [("", gettext("all"))]
        self.stage.choices = everything + [(s.key, translate(s.label)) for s in STAGES.values()]
        self.public.choices = [*everything, ("yes", gettext("yes")), ("no", gettext("no"))]
        self.priority.choices = everything + [(str(n), str(n)) for n in range(1, 6)]
        known = [(key, network_word(key)) for key in city.visible_classes(actor())]
        self.network.choices = everything + known

    def narrow(self) -> CityFilter:
        """Give what was asked for; values that nobody offers narrow nothing."""
        chosen = {
            name: self[name].data
            if self[name].data in {key for key, *_ in self[name].choices}
            else ""
            for name in _FIELDS[1:]
        }
        number = chosen.pop("priority")
        words = (self.words.data or "").strip()[:200]
        return CityFilter(words, priority=int(number) if number else None, **chosen)


def network_word(key: str) -> str:
    """Give the word for a network class."""
    words: dict[str, str] = {"visitor": gettext("Visitor WLAN"), "internal": gettext("LHS WLAN")}
    return words[key]


def _read_filter() -> CityFilterForm:
    form = CityFilterForm(request.args)
    form.offer()
    return form


def _url_with(**changes: Any) -> str:  # noqa: ANN401 - URL values
    """Give this page's address with some of its filters exchanged."""
    kept = {name: request.args[name] for name in _FIELDS if request.args.get(name)} | changes
    endpoint = kept.pop("endpoint", "city.show_map")
    return url_for(endpoint, **{name: value for name, value in kept.items() if value})


@blueprint.get("/map")
@policy(Action.SEE_PLACES)
def show_map() -> ResponseReturnValue:
    """Show the city's buildings on a map and in a list, narrowed by the same filter."""
    form = _read_filter()
    narrow = form.narrow()
    with reading() as store:
        view = city.view_city(store, actor(), narrow, installation().results)
    page = render_template(
        "city/map.html",
        form=form,
        view=view,
        is_filtered=narrow.is_set,
        chosen_stage=narrow.stage,
        frame_url=_url_with(endpoint="city.show_frame"),
        rest_url=_url_with(endpoint="city.list_rest"),
        first_rows=FIRST_ROWS,
        is_whole=request.args.get("all") == "yes",
        url_with=_url_with,
        can_edit=actor().can(Action.EDIT_PLACES),
        **_row_context(),
    )
    return compressed(page)


@blueprint.get("/map/rows")
@policy(Action.SEE_PLACES)
def list_rest() -> ResponseReturnValue:
    """Give the rows of the list that the page itself left for later, so that the map came first."""
    narrow = _read_filter().narrow()
    with reading() as store:
        view = city.view_city(store, actor(), narrow, installation().results)
    rows = view.buildings[FIRST_ROWS:]
    return compressed(render_template("city/_rows.html", rows=rows, **_row_context()))


def _row_context() -> dict[str, Any]:
    return {
        "words": {stage.key: translate(stage.label) for stage in STAGES.values()},
        "network_words": {key: network_word(key) for key in city.SHOWN_CLASSES},
        "building_url": url_for("buildings.show_building", ref="REF"),
    }


@blueprint.get("/map/frame")
@policy(Action.SEE_PLACES)
def show_frame() -> ResponseReturnValue:
    """Give the folium map, a page of its own inside the page of the city."""
    narrow, parts, person = _read_filter().narrow(), installation(), profile()
    theme = person.theme if person and person.theme in {"light", "dark"} else None
    with reading() as store:
        moment = stamp(store)
        key = ("city map", moment, narrow, current_locale(), theme, actor().grants)

        def make() -> str:
            shown = _describe_map(city.view_city(store, actor(), narrow, installation().results))
            return city_page(shown, PageSetting(asset, _NONCE, theme))

        # Every answer has a nonce of its own; the page that is kept has a place for it.
        page = parts.results.remember(key, make).replace(_NONCE, csp_nonce())
    return compressed(page)


def _describe_map(view: city.City) -> CityMap:
    stages = {stage.key: translate(stage.label) for stage in STAGES.values()}
    return CityMap(
        title=gettext("Map of the city"),
        language=current_locale(),
        crs=installation().settings.storage_crs,
        marks=list(_list_marks(view, stages)),
        building_url=url_for("buildings.show_building", ref="REF"),
        words={
            "map": gettext("Map of the city"),
            "close": gettext("Close"),
            "zoomIn": gettext("Zoom in"),
            "zoomOut": gettext("Zoom out"),
            "open": gettext("Open building"),
            "empty": gettext("No building to show here: see the list beside this map."),
        },
    )


def _list_marks(view: city.City, stages: dict[str, str]) -> Iterator[CityMark]:
    words = {
        "points": gettext("Access points live"),
        "address": gettext("Address"),
        "on air": gettext("On air"),
    }
    networks = {key: network_word(key) for key in city.SHOWN_CLASSES}
    for building in view.buildings:
        if (shape := building.shape) is not None:
            yield CityMark(
                building.row.code,
                building.row.name,
                building.stage.mark.value,
                stages[building.stage.key],
                shape,
                tuple(_list_details(building, words, networks)),
            )


def _list_details(
    building: CityBuilding, words: dict[str, str], networks: dict[str, str]
) -> Iterator[tuple[str, str]]:
    if building.row.address:
        yield words["address"], building.row.address
    if building.counts.planned:
        yield words["points"], f"{building.counts.live} / {building.counts.planned}"
    if building.networks:
        yield words["on air"], ", ".join(networks[key] for key in building.networks)
