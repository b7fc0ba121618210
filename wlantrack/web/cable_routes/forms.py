"""Forms of cable routes: the list's filters, and the record."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from wlantrack.services.cable_routes import KIND_WORDS, RouteFilter, RouteValues
from wlantrack.services.route_lines import read_points, write_points
from wlantrack.web.cabling.words import all_or
from wlantrack.web.forms import REQUIRED, OutlineField, VersionedForm, decimal_mark
from wlantrack.web.languages import translate
from wlantrack.web.lists import ListFilter

if TYPE_CHECKING:
    from wlantrack.store.queries.places import BuildingName


def kind_choices() -> list[tuple[str, str]]:
    """Give the kinds of routes."""
    return [(key, translate(word)) for key, word in KIND_WORDS.items()]


class FilterForm(ListFilter):
    """What the list of cable routes is narrowed to."""

    q = StringField(_l("Words"))
    kind = SelectField(_l("Kind"))
    building = SelectField(_l("Building"))
    wing = StringField(_l("Wing"))
    level = StringField(_l("Level"))

    def offer(self, buildings: list[BuildingName]) -> None:
        """Offer what there is, each list beginning with all."""
        self.kind.choices = all_or(kind_choices())
        self.building.choices = all_or((row.code, row.name) for row in buildings)

    def narrow(self) -> RouteFilter:
        """Give the filter that was entered; a level that is no number narrows nothing."""
        level = (self.level.data or "").strip()
        return RouteFilter(
            words=(self.q.data or "").strip(),
            kind=self.kind.data or "",
            building=self.building.data or "",
            wing=(self.wing.data or "").strip(),
            level=int(level) if re.fullmatch(r"-?[0-9]{1,3}", level) else None,
        )


class RouteForm(VersionedForm):
    """What people edit about a route."""

    kind = SelectField(_l("Kind"))
    floor = SelectField(_l("Floor"), coerce=str)
    upper_floor = SelectField(_l("Upper floor of a riser"), coerce=str)
    points = OutlineField(_l("Course"), [InputRequired(REQUIRED)])
    wing = StringField(_l("Wing"), [Length(max=16)])
    capacity = IntegerField(_l("Cables that fit"), [Optional()])
    code = StringField(_l("Code"), [Length(max=60)])
    note = StringField(_l("Note"), [Length(max=500)])

    def offer(self, floors: list[tuple[str, str]], none: str) -> None:
        """Offer kinds and the floors of buildings in scope: reference and words."""
        self.kind.choices = kind_choices()
        self.floor.choices = floors
        self.upper_floor.choices = [("", none), *floors]

    def fill(self, values: RouteValues, version: int) -> None:
        """Show a route's values."""
        plain = {
            name: getattr(values, name)
            for name in ("kind", "floor", "upper_floor", "wing", "capacity", "code", "note")
        }
        points = write_points(values.points, decimal_mark())
        self.show_current(plain | {"points": points}, version)

    def values(self) -> RouteValues:
        """Give what was entered as plain values.

        Raises
        ------
        InvalidInput
            The course is none.
        """
        return RouteValues(
            self.kind.data,
            read_points(self.points.data or ""),
            self.floor.data,
            self.upper_floor.data or "",
            (self.wing.data or "").strip(),
            self.capacity.data,
            (self.code.data or "").strip(),
            (self.note.data or "").strip(),
        )
