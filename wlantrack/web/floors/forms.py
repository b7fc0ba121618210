"""Forms of a floor: plans and their scale, walls, access points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.services import places
from wlantrack.services.access_points import AccessPointValues
from wlantrack.services.plans import (
    ControlPoints,
    DrawingScale,
    KnownWidth,
    MetresPerPixel,
    PlanScale,
    TwoPoints,
)
from wlantrack.services.walls import WallValues
from wlantrack.web.forms import REQUIRED, EntryForm, NumberField, VersionedForm, number_of

if TYPE_CHECKING:
    import uuid

    from wlantrack.store.models.access_points import AccessPointModel
    from wlantrack.store.models.places import Wing
    from wlantrack.store.models.walls import Material


class UploadForm(EntryForm):
    """A plan's file; its scale comes on the next page."""

    file = FileField(_l("File"), [FileRequired(_l("Choose a file."))])
    page = IntegerField(_l("Page"), [Optional(), NumberRange(1, 10_000)], default=1)
    wing = SelectField(_l("Shows"), coerce=str)

    def offer(self, wings: list[Wing]) -> None:
        """Offer the whole floor, or one of the building's wings."""
        self.wing.choices = [
            ("", gettext("the whole floor")),
            *((wing.code, gettext("wing %(name)s only", name=wing.name)) for wing in wings),
        ]


class DxfForm(EntryForm):
    """A drawing to take walls and rooms from."""

    file = FileField(_l("DXF file"), [FileRequired(_l("Choose a file."))])
    layers = TextAreaField(_l("Layers and materials"), [Length(max=4000)])
    offset_x_m = NumberField(_l("Shift in x"), [Optional()], default=0.0)
    offset_y_m = NumberField(_l("Shift in y"), [Optional()], default=0.0)

    def layer_materials(self) -> dict[str, str]:
        """Give layer pattern to material code, one ``PATTERN=MATERIAL`` a line.

        Raises
        ------
        InvalidInput
            A line has no equals sign.
        """
        pairs = {}
        for number, line in enumerate((self.layers.data or "").splitlines(), start=1):
            if not line.strip():
                continue
            pattern, equals, material = line.partition("=")
            if not equals:
                raise InvalidInput(
                    Problem(
                        msg("A line has no equals sign."),
                        msg("Write one layer a line, like A-WALL*=brick-240."),
                        row=number,
                        field="layers",
                        value=line[:80],
                    )
                )
            pairs[pattern.strip()] = material.strip()
        return pairs


class ScaleForm(VersionedForm):
    """One of five ways to give a plan its scale and place."""

    method = RadioField(
        _l("How do you know the scale?"),
        choices=[
            SelectChoice("two_points", _l("Two points and their distance")),
            SelectChoice("width", _l("The width of the whole picture")),
            SelectChoice("drawing", _l("The drawing's scale, such as 1:100")),
            SelectChoice("pixel", _l("Metres per pixel")),
            SelectChoice("control", _l("Control points with known positions")),
        ],
        default="two_points",
    )
    x1_px = NumberField(_l("First point, x"), [Optional()])
    y1_px = NumberField(_l("First point, y"), [Optional()])
    x2_px = NumberField(_l("Second point, x"), [Optional()])
    y2_px = NumberField(_l("Second point, y"), [Optional()])
    distance_m = NumberField(_l("Distance between them"), [Optional()])
    width_m = NumberField(_l("Width of the picture"), [Optional()])
    denominator = NumberField(_l("Scale 1:"), [Optional()])
    metres_per_pixel = NumberField(_l("Metres per pixel"), [Optional()])
    control_points = TextAreaField(_l("Control points"), [Length(max=4000)])

    def scale(self) -> PlanScale:
        """Give the scale that was chosen.

        Raises
        ------
        InvalidInput
            A number of the chosen way is missing.
        """
        match self.method.data:
            case "width":
                return KnownWidth(self._number("width_m"))
            case "drawing":
                return DrawingScale(self._number("denominator"))
            case "pixel":
                return MetresPerPixel(self._number("metres_per_pixel"))
            case "control":
                return read_control_points(self.control_points.data or "")
        points = (
            (self._number("x1_px"), self._number("y1_px")),
            (self._number("x2_px"), self._number("y2_px")),
        )
        return TwoPoints(points, self._number("distance_m"))

    def _number(self, name: str) -> float:
        value = getattr(self, name).data
        if value is None:
            raise InvalidInput(
                Problem(msg("This number is missing."), msg("Fill it in."), field=name)
            )
        return float(value)


def read_control_points(text: str) -> ControlPoints:
    """Read control points, one ``px py x y`` a line, decimal comma or point.

    Raises
    ------
    InvalidInput
        A line has not four numbers.
    """
    pixels, metres = [], []
    for number, line in enumerate(filter(str.strip, text.splitlines()), start=1):
        try:
            px, py, x, y = (
                float(part.replace(",", ".")) for part in line.replace(";", " ").split()
            )
        except ValueError as error:
            raise InvalidInput(
                Problem(
                    msg("A control point needs four numbers."),
                    msg("Write pixel x, pixel y, x and y in metres, separated by spaces."),
                    row=number,
                    field="control_points",
                    value=line[:80],
                )
            ) from error
        pixels.append((px, py))
        metres.append((x, y))
    return ControlPoints(tuple(pixels), tuple(metres))


class WallForm(VersionedForm):
    """A wall by numbers."""

    x1_m = NumberField(_l("Start, x"), [InputRequired(REQUIRED)])
    y1_m = NumberField(_l("Start, y"), [InputRequired(REQUIRED)])
    x2_m = NumberField(_l("End, x"), [InputRequired(REQUIRED)])
    y2_m = NumberField(_l("End, y"), [InputRequired(REQUIRED)])
    material = SelectField(_l("Material"), coerce=str)
    bottom_m = NumberField(_l("Bottom above the floor"), [Optional()], default=0.0)
    top_m = NumberField(_l("Top above the floor"), [Optional()])
    thickness_m = NumberField(_l("Thickness"), [Optional()])

    def offer(self, materials: list[Material]) -> None:
        """Offer the materials."""
        self.material.choices = [(str(m.public_id), gettext(m.name)) for m in materials]

    def values(self) -> WallValues:
        """Give what was entered as plain values."""
        return WallValues(
            number_of(self.x1_m),
            number_of(self.y1_m),
            number_of(self.x2_m),
            number_of(self.y2_m),
            _uuid(self.material.data, "material"),
            self.bottom_m.data or 0.0,
            self.top_m.data,
            self.thickness_m.data,
        )


class PlaceForm(EntryForm):
    """A new access point by numbers."""

    model = SelectField(_l("Model"), coerce=str)
    x_m = NumberField("x", [InputRequired(REQUIRED)])
    y_m = NumberField("y", [InputRequired(REQUIRED)])
    height_m = NumberField(_l("Mounting height"), [InputRequired(REQUIRED)], default=2.7)
    mount = SelectField(_l("Mounting"), coerce=str)
    is_outdoor = BooleanField(_l("Outdoor"))
    code = StringField(_l("Code"), [Length(max=60)])
    note = StringField(_l("Note"), [Length(max=500)])

    def offer(self, models: list[AccessPointModel], mounts: list[tuple[str, str]]) -> None:
        """Offer models and ways to mount."""
        self.model.choices = [(str(m.public_id), gettext(m.name)) for m in models]
        self.mount.choices = mounts

    def values(self) -> AccessPointValues:
        """Give what was entered as plain values."""
        return AccessPointValues(
            number_of(self.x_m),
            number_of(self.y_m),
            _uuid(self.model.data, "model"),
            code=self.code.data or "",
            height_m=number_of(self.height_m),
            mount=self.mount.data,
            is_outdoor=self.is_outdoor.data,
            note=self.note.data or "",
        )


def _uuid(text: str, field: str) -> uuid.UUID:
    found = places.parse_uuid(text)
    if found is None:
        raise InvalidInput(Problem(msg("Choose one from the list."), field=field, value=text))
    return found
