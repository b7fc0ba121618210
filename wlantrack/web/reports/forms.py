"""The form that asks for a report: of which place, in which language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from wlantrack.services.reports import LANGUAGES
from wlantrack.web.languages import current_locale
from wlantrack.web.lists import ListFilter

if TYPE_CHECKING:
    from wlantrack.services.reports import Place


class WantedForm(ListFilter):
    """Of what place a report is, and in which language; both stand in the address."""

    of = SelectField(_l("Where"))
    lang = SelectField(_l("Language of the report"))

    def offer(self, places: list[Place]) -> None:
        """Offer places and languages; nothing chosen means the first place, the reader's language."""
        self.of.choices = [(place.ref, place.name or gettext("the whole city")) for place in places]
        self.lang.choices = list(LANGUAGES.items())
        refs = [place.ref for place in places]
        self.of.data = self.of.data if self.of.data in refs else next(iter(refs), "")
        if self.lang.data not in LANGUAGES:
            self.lang.data = current_locale()
