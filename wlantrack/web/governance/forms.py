"""Forms of governance: the lists' filters, and one form a kind, made of what the kind's fields are."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import TextInput

from wlantrack.services.governance_kinds import KINDS, GovernanceKind, Shape
from wlantrack.services.governance_lines import GovernanceFilter
from wlantrack.web.forms import REQUIRED, NumberField
from wlantrack.web.languages import translate, translate_later
from wlantrack.web.lists import ListFilter
from wlantrack.web.permits.forms import SpokenFields

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from wtforms import Field as FormField

    from wlantrack.services.governance_kinds import Field, GovernanceRecord

_GROUPED: Final = re.compile(
    r"\d{1,3}(?:[., \N{NO-BREAK SPACE}\N{RIGHT SINGLE QUOTATION MARK}']\d{3})+|\d+"
)
_CENTS: Final = re.compile(r"[.,](?:00|-)\Z")
_SIGN: Final = re.compile(r"^(?:EUR|€)\s*|\s*(?:EUR|€)\Z")
_LONGEST_NUMBER: Final = 20


class WholeField(IntegerField):
    """A whole number or amount as people write it: 45000, 45.000, 45 000 €."""

    # In an input of type number a browser shows nothing of what is no number to it.
    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; thousands may be grouped, cents must be zero."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not text:
            return
        plain = _CENTS.sub("", _SIGN.sub("", text))
        if len(plain) > _LONGEST_NUMBER or not _GROUPED.fullmatch(plain):
            raise ValueError(
                gettext("»%(text)s« is no whole number. Write it like 45000.", text=text[:40])
            )
        self.data = int(re.sub(r"\D", "", plain))


class FilterForm(ListFilter):
    """What a list is narrowed to; fields that a kind has nothing for are left out."""

    q = StringField(_l("Words"))
    choice = SelectField()
    building = SelectField(_l("Building"))
    attention = BooleanField(_l("Only what is open"))

    def offer(self, kind: GovernanceKind, buildings: Iterable[tuple[str, str]]) -> None:
        """Offer what there is of a kind, each list beginning with all."""
        everything = ("", gettext("all"))
        item = kind.of_shape(Shape.STATE, Shape.NETWORK)
        if item is None:
            del self.choice
        else:
            self.choice.label.text = translate(item.label)
            self.choice.choices = [everything, *_choices(item)]
        if kind.is_placed:
            self.building.choices = [everything, *buildings]
        else:
            del self.building
        if kind.find_concern is None:
            del self.attention

    def narrow(self) -> GovernanceFilter:
        """Give the filter that was entered."""
        entered = {name: self[name].data for name in self._fields}
        return GovernanceFilter(
            words=(entered.get("q") or "").strip(),
            choice=entered.get("choice") or "",
            building=entered.get("building") or "",
            needs_attention=bool(entered.get("attention")),
        )


def _choices(item: Field) -> list[tuple[str, str]]:
    return [(str(key), translate(word)) for key, word in item.words.items()]


class RecordForm(SpokenFields):
    """What people edit about a record; each kind has a class of its own, see :func:`form_class`."""

    kind: GovernanceKind

    def offer(
        self, buildings: Iterable[tuple[str, str]], decisions: Iterable[tuple[str, str]]
    ) -> None:
        """Offer words, buildings and decisions; nothing chosen stands first where that may be."""
        offered = {Shape.BUILDING: list(buildings), Shape.DECISION: list(decisions)}
        for item in self.kind.fields:
            nothing = [("", translate(item.empty))]
            match item.shape:
                case Shape.STATE:
                    self[item.name].choices = _choices(item)
                case Shape.GRADE:
                    grades = [
                        (key, f"{key}: {translate(word)}") for key, word in item.words.items()
                    ]
                    self[item.name].choices = grades
                case Shape.NETWORK:
                    self[item.name].choices = [*nothing, *_choices(item)]
                case Shape.BUILDING | Shape.DECISION:
                    named = [(code, f"{code} {name}") for code, name in offered[item.shape]]
                    self[item.name].choices = [*nothing, *named]

    def fill(self, record: GovernanceRecord) -> None:
        """Show a record's values; what it names stays offered."""
        plain: dict[str, object] = {"code": record.code}
        for item in self.kind.fields:
            value = getattr(record, item.name)
            if item.shape is Shape.SPOKEN:
                self.show_date(item.name, value)
            elif item.shape in {Shape.BUILDING, Shape.DECISION}:
                plain[item.name] = value.code if value else ""
                self._keep(self[item.name], plain[item.name])
            else:
                plain[item.name] = "" if value is None and item.words else value
        self.show_current(plain, record.version)

    def _keep(self, field: Any, code: object) -> None:  # noqa: ANN401 - WTForms' own
        if code not in {key for key, _ in field.choices}:
            field.choices.append((code, code))

    def fill_defaults(self, given: Mapping[str, str]) -> None:
        """Show what a new record begins with, and what the address says of it."""
        for item in self.kind.fields:
            if item.shape is Shape.SPOKEN:
                continue
            value = given.get(item.name, "")
            is_offered = value in {
                key for key, _ in getattr(self[item.name], "choices", None) or ()
            }
            default = "" if item.default is None and item.words else item.default
            self[item.name].data = value if is_offered and value else default

    def values(self) -> dict[str, object]:
        """Give what was entered, by field."""
        entered: dict[str, object] = {"code": self["code"].data or ""}
        for item in self.kind.fields:
            value = self[item.name].data
            if item.shape is Shape.SPOKEN:
                value = self.read_date(item.name)
            elif isinstance(value, str):
                value = value.strip() or item.default
            entered[item.name] = item.default if value is None else value
        return entered

    def rows(self) -> list[list[tuple[Field, FormField]]]:
        """Give the fields as they stand: short ones beside one another, long ones alone."""
        rows: list[list[tuple[Field, FormField]]] = []
        for item in self.kind.fields:
            is_beside = rows and item.shape in _SHORT and rows[-1][-1][0].shape in _SHORT
            if is_beside and len(rows[-1]) < _A_ROW:
                rows[-1].append((item, self[item.name]))
            else:
                rows.append([(item, self[item.name])])
        return rows


_SHORT: Final = frozenset({Shape.COUNT, Shape.EUROS, Shape.GRADE})
_A_ROW: Final = 3


@cache
def form_class(slug: str) -> type[RecordForm]:
    """Give the form of a kind."""
    kind = KINDS[slug]
    fields: dict[str, Any] = {"kind": kind}
    for item in kind.fields:
        fields[item.name] = _make_field(item)
        if item.shape is Shape.SPOKEN:
            label = translate_later(item.label)
            first, last = _l("%(date)s: not before", date=label), _l("%(date)s: latest", date=label)
            fields[f"{item.name}_earliest"] = DateField(first, [Optional()])
            fields[f"{item.name}_latest"] = DateField(last, [Optional()])
    fields["code"] = StringField(_l("Code"), [Length(max=60)])
    return type("KindForm", (RecordForm,), fields)


_MAKERS: Final[Mapping[Shape, Callable[[Field, Any, Any], Any]]] = {
    Shape.COUNT: lambda _item, label, needed: WholeField(label, [needed]),
    Shape.EUROS: lambda _item, label, needed: WholeField(label, [needed]),
    Shape.POSTS: lambda _item, label, needed: NumberField(label, [needed]),
    Shape.DAY: lambda _item, label, needed: DateField(label, [needed]),
    Shape.GRADE: lambda _item, label, _needed: SelectField(label, coerce=int),
    **dict.fromkeys(
        (Shape.STATE, Shape.NETWORK, Shape.BUILDING, Shape.DECISION),
        lambda _item, label, _needed: SelectField(label),
    ),
    Shape.LONG_TEXT: lambda item, label, _needed: TextAreaField(label, [Length(max=item.longest)]),
    **dict.fromkeys(
        (Shape.TEXT, Shape.SPOKEN),
        lambda item, label, needed: StringField(label, [needed, Length(max=item.longest)]),
    ),
}
"""The input of each shape, made of field, label and whether it must be filled in."""


def _make_field(item: Field) -> Any:  # noqa: ANN401 - WTForms' unbound field
    needed = InputRequired(REQUIRED) if item.is_required else Optional()
    return _MAKERS[item.shape](item, translate_later(item.label), needed)
