"""What becomes of a form whose record somebody else has changed since it was opened.

Decides field by field: what I did not touch takes their value, what they did not touch keeps mine,
and what both changed is shown with three values and a choice. Refuses to know what the fields mean.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import get_template_attribute, request
from flask_babel import gettext
from markupsafe import Markup
from wtforms import BooleanField, HiddenField, SelectField

from wlantrack.web.languages import write_moment

if TYPE_CHECKING:
    from collections.abc import Callable

    from wtforms import Field

    from wlantrack.errors import Conflict

OPENED = "opened"
"""Name of the hidden field with the values the form was opened with."""

THEIRS = "theirs"


@dataclass(frozen=True)
class Comparison:
    """A field that both have changed, in words of the reader's language."""

    name: str
    label: str
    opened: str
    mine: str
    theirs: str
    changed: str


def choice_name(field: Field) -> str:
    """Give the name under which the choice of a field's value is sent."""
    return f"choice-{field.name}"


def write_plain(field: Field, value: object) -> str:
    """Write a value so that equal ones are equal texts, whatever the language."""
    if isinstance(field, BooleanField):
        return "y" if value else ""
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value).replace("\r\n", "\n")


class Merge:
    """The fields of a form that show a record's values, and what they were opened with.

    ``write_number`` writes what stands in a field of numbers in the reader's language.
    """

    def __init__(self, write_number: Callable[[float], str]) -> None:
        self._write_number = write_number
        self._fields: dict[str, tuple[Field, str]] = {}
        self.is_merged = False
        self.comparisons: list[Comparison] = []

    def track(self, field: Field, title: str = "") -> None:
        """Watch a field whose ``object_data`` is the record's value; take theirs where chosen."""
        self._fields[field.name] = (field, title)
        if request.form.get(choice_name(field)) == THEIRS:
            self._take_theirs(field)

    def opened(self) -> str:
        """Give what the form was opened with as JSON: by field, as :func:`write_plain` writes it."""
        if OPENED in request.form and not self.is_merged:
            return str(request.form[OPENED])
        values = {
            name: write_plain(field, field.object_data) for name, (field, _) in self._fields.items()
        }
        return json.dumps(values) if values else ""

    def resolve(self, error: Conflict) -> list[str]:
        """Merge their changes into the form; gives what was taken over, one field a line."""
        opened, taken = self._read_opened(), []
        for name, (field, title) in self._fields.items():
            theirs, mine = write_plain(field, field.object_data), write_plain(field, field.data)
            base = opened.get(name)
            if theirs in {base, mine}:
                continue
            changed = _say_who(field, error)
            label = f"{title}, {field.label.text}" if title else str(field.label.text)
            if mine == base:
                self._take_theirs(field)
                value = self._show(field, theirs)
                line = gettext("%(field)s is now: %(value)s", field=label, value=value)
                taken.append(f"{line} ({changed})" if changed else line)
            else:
                first, second, third = (self._show(field, t) for t in (base or "", mine, theirs))
                self.comparisons.append(Comparison(name, label, first, second, third, changed))
        self.is_merged = True
        return taken

    def _read_opened(self) -> dict[str, Any]:
        try:
            values = json.loads(request.form.get(OPENED, ""))
        except (ValueError, RecursionError):
            return {}
        return values if isinstance(values, dict) else {}

    def _take_theirs(self, field: Field) -> None:
        field.data = field.object_data
        text = write_plain(field, field.data)
        if isinstance(field.data, float):
            text = self._write_number(field.data)
        field.raw_data = [text] if text else []

    def _show(self, field: Field, text: str) -> str:
        """Write a value as its reader knows it."""
        if isinstance(field, BooleanField):
            return str(gettext("yes") if text else gettext("no"))
        if isinstance(field, SelectField):
            labels = {str(choice[0]): str(choice[1]) for choice in field.iter_choices()}
            text = labels.get(text, text)
        elif isinstance(field.object_data, float) or isinstance(field.data, float):
            text = self._write_number(float(text)) if text else ""
        return text or str(gettext("empty"))


def _say_who(field: Field, error: Conflict) -> str:
    editor, moment = error.changes.get(field.short_name, (error.changed_by, error.changed_at))
    if editor is None or moment is None:
        return editor or ""
    return f"{editor}, {write_moment(moment)}"


class VersionField(HiddenField):
    """The version a form was opened with; in the page also the values, and choices to make."""

    merging: Merge | None = None

    def __call__(self, **kwargs: object) -> Markup:
        """Write the hidden fields, and the comparison after a conflict."""
        hidden = super().__call__(**kwargs)
        if self.merging is None:
            return Markup(hidden)  # noqa: S704 - WTForms' own markup
        write = get_template_attribute("macros/merging.html", "merging")
        merging: str = write(self.merging.opened(), self.merging.comparisons)
        return Markup(hidden) + Markup(merging)  # noqa: S704 - a macro's markup
