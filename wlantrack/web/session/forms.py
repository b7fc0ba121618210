"""Forms to log in and to choose a password."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from wlantrack.web.forms import EntryForm


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
