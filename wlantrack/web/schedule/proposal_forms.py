"""Forms of proposed schedules: a search to begin, and the weights that plans are judged by."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField
from wtforms.validators import InputRequired

from wlantrack.scheduling.parts import Weights
from wlantrack.services.schedule_findings import SearchLimits
from wlantrack.services.schedule_weights import WORDS
from wlantrack.web.forms import REQUIRED, EntryForm, NumberField, VersionedForm, number_of
from wlantrack.web.languages import translate_later


class SearchForm(EntryForm):
    """How long to search, and from which number chance begins."""

    limit_s = NumberField(_l("Seconds to search"), [InputRequired(REQUIRED)], default=10.0)
    seed = IntegerField(_l("Start number"), [InputRequired(REQUIRED)], default=1)

    def limits(self) -> SearchLimits:
        """Give what was entered."""
        return SearchLimits(number_of(self.limit_s), self.seed.data or 0)


def _weight(name: str) -> IntegerField:
    return IntegerField(translate_later(WORDS[name]), [InputRequired(REQUIRED)])


class WeightsForm(VersionedForm):
    """What the faults of a plan cost against one another."""

    lateness = _weight("lateness")
    outside = _weight("outside")
    disturbance = _weight("disturbance")
    move = _weight("move")

    def weights(self) -> Weights:
        """Give what was entered."""
        return Weights(
            self.lateness.data or 0,
            self.outside.data or 0,
            self.disturbance.data or 0,
            self.move.data or 0,
        )
