"""Forms of inquiries: the list's filter, the inquiry, and one question with its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from wlantrack.services.inquiries import InquiryValues, QuestionValues
from wlantrack.services.reports import LANGUAGES
from wlantrack.web.forms import REQUIRED, VersionedForm
from wlantrack.web.lists import ListFilter

if TYPE_CHECKING:
    from wtforms import Field


def _text(field: Field) -> str:
    return (field.data or "").strip()


class InquiryFilterForm(ListFilter):
    """What the list of inquiries is narrowed to."""

    q = StringField(_l("Words"))


class InquiryForm(VersionedForm):
    """What people edit about an inquiry."""

    file_number = StringField(_l("File number"), [InputRequired(REQUIRED), Length(max=60)])
    title = StringField(_l("What it is about"), [InputRequired(REQUIRED), Length(max=200)])
    council_group = StringField(_l("Council group"), [Length(max=120)])
    asked_on = DateField(_l("Asked on"), [Optional()])
    due_on = DateField(_l("Answer due on"), [Optional()])
    written_by = StringField(_l("Answered by"), [Length(max=120)])
    signers = TextAreaField(_l("Co-signed by"), [Length(max=2000)])
    language = SelectField(_l("Language of the answer"))
    note = TextAreaField(_l("Note"), [Length(max=1000)])
    with_questions = BooleanField(_l("Begin with the questions that are always asked"))

    def offer(self) -> None:
        """Offer the languages; German stands first."""
        self.language.choices = list(LANGUAGES.items())

    def fill(self, values: InquiryValues, version: int) -> None:
        """Show an inquiry's values."""
        plain = {name: value for name, value in vars(values).items() if name != "signers"}
        self.show_current({**plain, "signers": "\n".join(values.signers)}, version)

    def values(self) -> InquiryValues:
        """Give what was entered as plain values."""
        lines = (line.strip() for line in _text(self.signers).splitlines())
        return InquiryValues(
            _text(self.file_number),
            _text(self.title),
            _text(self.council_group),
            self.asked_on.data,
            self.due_on.data,
            _text(self.written_by),
            self.language.data,
            _text(self.note),
            tuple(line for line in lines if line),
        )


class QuestionForm(VersionedForm):
    """What people edit about a question."""

    label = StringField(_l("Label"), [Length(max=20)])
    position = IntegerField(_l("Position"), [InputRequired(REQUIRED), NumberRange(1, 999)])
    question = TextAreaField(_l("Question"), [InputRequired(REQUIRED), Length(max=2000)])
    answer = TextAreaField(_l("Answer"), [Length(max=10_000)])

    def values(self) -> QuestionValues:
        """Give what was entered as plain values."""
        return QuestionValues(
            _text(self.question),
            _text(self.answer).replace("\r\n", "\n"),
            _text(self.label),
            self.position.data,
        )
