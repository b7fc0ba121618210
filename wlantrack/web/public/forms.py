"""The form of the public page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from wlantrack.services.public_feedback import (
    LONGEST_ADDRESS,
    LONGEST_WORDS,
    TOPIC_WORDS,
    FeedbackValues,
)
from wlantrack.web.forms import REQUIRED, EntryForm
from wlantrack.web.languages import translate

if TYPE_CHECKING:
    from typing import Any


class FeedbackForm(EntryForm):
    """What visitors write; an address of theirs is asked for, but never needed."""

    topic = SelectField(_l("What is it about?"))
    words = TextAreaField(_l("Your message"), [InputRequired(REQUIRED), Length(max=LONGEST_WORDS)])
    reply_to = StringField(
        _l("E-mail or telephone, if you want an answer"), [Length(max=LONGEST_ADDRESS)]
    )
    about = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - WTForms' own
        super().__init__(*args, **kwargs)
        self.topic.choices = [(key, translate(word)) for key, word in TOPIC_WORDS.items()]

    def values(self, language: str) -> FeedbackValues:
        """Give what was written as plain values."""
        return FeedbackValues(
            topic=self.topic.data,
            words=self.words.data or "",
            reply_to=self.reply_to.data or "",
            about=self.about.data or "",
            language=language,
        )
