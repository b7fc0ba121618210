"""Forms to log in, to choose a password, and to choose mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, SelectField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from wlantrack.services.digests import NONE, RHYTHM_WORDS
from wlantrack.web.forms import EntryForm
from wlantrack.web.languages import translate

if TYPE_CHECKING:
    from wlantrack.store.models.feeds import DigestChoice


class LoginForm(EntryForm):
    """Name and password."""

    name = StringField(_l("Name"), [InputRequired(_l("Enter your name.")), Length(max=80)])
    password = PasswordField(
        _l("Password"), [InputRequired(_l("Enter your password.")), Length(max=200)]
    )


class PasswordForm(EntryForm):
    """A new password, twice."""

    password = PasswordField(
        _l("New password"), [InputRequired(_l("Enter a password.")), Length(max=200)]
    )
    again = PasswordField(
        _l("New password, once more"),
        [
            InputRequired(_l("Repeat the password.")),
            EqualTo("password", _l("Both must be the same.")),
        ],
    )


class DigestForm(EntryForm):
    """How often somebody wants mail, and where to."""

    rhythm = SelectField(_l("How often"))
    address = StringField(_l("Mail address"), [Length(max=254)])

    def offer(self, choice: DigestChoice | None) -> None:
        """Offer the rhythms, and show what was chosen before."""
        self.rhythm.choices = [(key, translate(words)) for key, words in RHYTHM_WORDS.items()]
        if not self.is_submitted():
            self.rhythm.data = choice.rhythm if choice is not None else NONE
            self.address.data = choice.address if choice is not None else ""
