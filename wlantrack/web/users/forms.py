"""Forms of accounts: the list's filters, a new account, its name and roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, SelectField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from wlantrack.services.accounts import ROLE_WORDS, ROLES, AccountFilter
from wlantrack.services.people import EVERYWHERE
from wlantrack.web.forms import REQUIRED, PageForm, VersionedForm
from wlantrack.web.languages import translate
from wlantrack.web.lists import ListFilter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wlantrack.store.queries.places import BuildingName

SPARE_ROLES = 2
"""Empty lines for further roles in every form."""
MOST_ROLES = 30


def role_choices(first: str) -> list[tuple[str, str]]:
    """Give the roles by their words, after an empty choice."""
    return [("", first), *((role, translate(ROLE_WORDS[role])) for role in ROLES)]


class AccountFilterForm(ListFilter):
    """What the list of accounts is narrowed to."""

    q = StringField(_l("Words"))
    role = SelectField(_l("Role"))
    building = SelectField(_l("Valid in building"))
    active = SelectField(_l("Access"))

    def offer(self, buildings: list[BuildingName]) -> None:
        """Offer what there is, each list beginning with all."""
        everything = gettext("all")
        self.role.choices = role_choices(everything)
        self.building.choices = [("", everything), *((row.code, row.name) for row in buildings)]
        self.active.choices = [
            ("", everything),
            ("yes", gettext("active")),
            ("no", gettext("locked")),
        ]

    def narrow(self) -> AccountFilter:
        """Give the filter that was entered."""
        return AccountFilter(
            words=(self.q.data or "").strip(),
            role=self.role.data or "",
            building=self.building.data or "",
            active=self.active.data or "",
        )


class RoleForm(PageForm):
    """One role and where it holds; part of an account's form."""

    class Meta:
        """The account's form has the token."""

        csrf = False

    role = SelectField(_l("Role"))
    scope = StringField(_l("Where"), [Length(max=150)])

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.role.choices = role_choices(gettext("no role"))

    def validate_scope(self, field: StringField) -> None:
        """Ask where a role holds: nobody shall get all of the city by leaving something out."""
        if self.role.data and not (field.data or "").strip():
            raise ValidationError(gettext("Say where: everywhere, a building, or a wing."))


class AccountForm(VersionedForm):
    """The name that is shown, and the roles with their scopes."""

    display_name = StringField(_l("Name shown"), [Length(max=120)])
    roles = FieldList(FormField(RoleForm), max_entries=MOST_ROLES)

    def show(self, display_name: str, pairs: Sequence[tuple[str, str]]) -> None:
        """Fill in what an account has, with empty lines for more."""
        self.display_name.data = display_name
        for role, scope in (*pairs, *[("", "")] * SPARE_ROLES):
            shown = gettext("everywhere") if scope == EVERYWHERE else scope
            self.roles.append_entry({"role": role, "scope": shown})

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Give the entered (role, scope) pairs."""
        everywhere = {EVERYWHERE, gettext("everywhere").lower(), gettext("all")}
        return tuple(
            (
                entry.role.data,
                EVERYWHERE
                if (entry.scope.data or "").strip().lower() in everywhere
                else entry.scope.data.strip(),
            )
            for entry in self.roles
            if entry.role.data
        )


class NewAccountForm(AccountForm):
    """A new account: its name, too."""

    name = StringField(_l("Log-in name"), [InputRequired(REQUIRED), Length(max=79)])
