"""What all forms share: numbers as people write them, and refusals shown beside their field."""

from __future__ import annotations

import math
import re
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import FloatField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional
from wtforms.widgets import TextInput

from wlantrack.errors import Conflict, InvalidInput, Problem, msg
from wlantrack.web.languages import current_locale, describe_problem, describe_words, translate
from wlantrack.web.merging import Merge, VersionField

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from wtforms.form import BaseForm


def decimal_mark() -> str:
    """Give the decimal mark of the request's language."""
    return "," if current_locale() == "de" else "."


def write_plain_number(value: float) -> str:
    """Write a number as it stands in a field: every digit, no thousands."""
    return f"{value:.10g}".replace(".", decimal_mark())


class OutlineField(TextAreaField):
    """An outline, one corner a line; the form itself writes down what the record has."""

    def process_data(self, value: object) -> None:
        """Begin empty where the record holds a shape: a shape is no text."""
        super().process_data(value if isinstance(value, str) else None)


class NumberField(FloatField):
    """A number with a decimal comma or point; infinite and NaN are refused."""

    # In an input of type number a browser shows nothing of what is no number to it, such as 12,5.
    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number."""
        text = valuelist[0].strip() if valuelist else ""
        if not text:
            self.data = None
            return
        try:
            self.data = float(text.replace(",", "."))
        except ValueError:
            self.data = None
        if self.data is None or not math.isfinite(self.data):
            self.data = None
            raise ValueError(gettext("»%(text)s« is not a number. Write it like 12,5.", text=text))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        if self.data is None:
            return ""
        return write_plain_number(self.data)


_UNKNOWN = {None: "", True: "yes", False: "no"}
_ANSWERS = {"yes": True, "no": False}


class MaybeField(SelectField):
    """Yes, no, or not known yet."""

    def __init__(self, label: Any, **kwargs: Any) -> None:  # noqa: ANN401 - WTForms' own
        choices = [
            SelectChoice("", _l("not known yet")),
            SelectChoice("yes", _l("yes")),
            SelectChoice("no", _l("no")),
        ]
        super().__init__(label, choices=choices, coerce=self._to_key, **kwargs)

    @staticmethod
    def _to_key(value: object) -> str:
        return (
            value
            if isinstance(value, str)
            else _UNKNOWN[bool(value) if value is not None else None]
        )

    def process_data(self, value: object) -> None:
        """Show the record's answer; merging compares what is shown."""
        super().process_data(value)
        self.object_data = self.data

    @property
    def answer(self) -> bool | None:
        """Give what was answered; None is not known."""
        return _ANSWERS.get(self.data)


def number_of(field: NumberField) -> float:
    """Give the number of a field that was validated as filled in."""
    if field.data is None:
        message = f"{field.name} has no number: it needs an InputRequired validator"
        raise TypeError(message)
    return float(field.data)


class PageForm(FlaskForm):
    """A form as a page sends it: a body of another kind, such as JSON, fills in nothing."""

    class Meta(FlaskForm.Meta):
        """Takes fields from form bodies alone."""

        def wrap_formdata(self, form: BaseForm, formdata: Any) -> Any:  # noqa: ANN401 - WTForms'
            """Give what was sent, or nothing; what is passed by hand stays as it is."""
            if request.is_json and not isinstance(formdata, MultiDict):
                return None
            return super().wrap_formdata(form, formdata)


class EntryForm(PageForm):
    """A form that keeps what was refused: beside its fields, or in ``problems`` above them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - WTForms' own
        super().__init__(*args, **kwargs)
        self.problems: list[str] = []

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """Take what a service refuses into the form, so that nothing typed is lost."""
        try:
            yield
        except InvalidInput as error:
            self.problems += show_problems(self, error)
        except Conflict as error:
            self.problems += [translate(error.message), *self.merge_changes(error)]

    def merge_changes(self, error: Conflict) -> list[str]:
        """Take over what somebody else has changed, and tell it; forms without version cannot."""
        del error
        return []


class VersionedForm(EntryForm):
    """A form that carries the version of the record it was opened with, and its values then.

    Made with ``obj`` it knows what the record holds now, and merges what somebody else has changed.
    """

    version = VersionField(validators=[Optional()])

    def process(
        self,
        formdata: Any = None,  # noqa: ANN401 - WTForms' own
        obj: object = None,
        *args: Any,  # noqa: ANN401 - WTForms' own
        **kwargs: Any,  # noqa: ANN401 - WTForms' own
    ) -> None:
        """Fill the fields from what was sent, else from the record."""
        super().process(formdata, obj, *args, **kwargs)
        self.merging = self.version.merging = Merge(write_plain_number)
        for field in self:
            # What is no plain value, such as another record, is told by set_current.
            is_plain = isinstance(getattr(obj, field.short_name, _MISSING), _PLAIN)
            if is_plain and field is not self.version:
                self.merging.track(field)

    def set_current(self, name: str, value: object) -> None:
        """Say what a field shows of the record, where that is not the attribute of its name."""
        field = self[name]
        field.object_data = value
        if not self.is_submitted():
            field.data = value
        self.merging.track(field)

    def show_current(self, values: Mapping[str, object], version: int | None = None) -> None:
        """Say what several fields show of the record, and its version if it is not ``obj``'s."""
        for name, value in values.items():
            self.set_current(name, value)
        if version is not None:
            self.version.object_data = version
            if not self.is_submitted():
                self.version.data = version

    def join(self, part: PageForm, title: str) -> None:
        """Let a form that is sent along with this one take part in merging."""
        for field in part:
            if field.type != "CSRFTokenField":
                self.merging.track(field, title)

    def expected_version(self) -> int:
        """Give the version the form was opened with.

        Raises
        ------
        InvalidInput
            The form came without one: nobody can tell what the person had seen.
        """
        # Not the field's data: without a sent value that is the record's, as it is by now.
        text = str(self.version.raw_data[0]) if self.version.raw_data else ""
        if not re.fullmatch(r"[0-9]{1,9}", text):
            raise InvalidInput(
                Problem(
                    msg("The form does not tell which version of the record it changes."),
                    msg("Reload the page and enter your change again."),
                    value=text[:20] or None,
                )
            )
        return int(text)

    def merge_changes(self, error: Conflict) -> list[str]:
        """Merge what somebody else has changed, and let the next attempt save the outcome."""
        taken: list[str] = self.merging.resolve(error)
        version = self.version.object_data or error.current_version
        self.version.data = "" if version is None else str(version)
        self.version.raw_data = [self.version.data]
        return taken


def show_problems(form: PageForm, error: InvalidInput) -> list[str]:
    """Put each problem beside its field; give those that belong to none."""
    loose = []
    for problem in error.problems:
        field: Any = form._fields.get(problem.field or "")
        if field is None:
            loose.append(describe_problem(problem))
            continue
        words = describe_words(problem)
        # A file's input is empty on the page that comes back: only the words can name it.
        told = f"{problem.file}: {words}" if problem.file else words
        field.errors = [*field.errors, told]
    return loose


_MISSING = object()
_PLAIN = (str, int, float, date, type(None))

REQUIRED = _l("Please fill this in.")
