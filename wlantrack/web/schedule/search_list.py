"""The list of searches for better schedules: its columns, its filters, its table to take away."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField
from wtforms.validators import Optional

from wlantrack.errors import msg
from wlantrack.services.schedule_history import (
    CANCELLED,
    FAILED,
    FOUND,
    INFEASIBLE,
    RUNNING,
    SearchFilter,
)
from wlantrack.web.languages import head_moments, local_midnight, translate, write_precisely
from wlantrack.web.lists import ListColumn, ListFilter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from wlantrack.formats.columns import Value
    from wlantrack.services.schedule_history import Search

STATES: Final = {
    RUNNING: (msg("is running"), "ordered"),
    FOUND: (msg("found"), "live"),
    CANCELLED: (msg("cancelled, with the best so far"), "mounted"),
    INFEASIBLE: (msg("no plan is possible"), "blocked"),
    FAILED: (msg("failed"), "blocked"),
}
"""How a search stands, in words and as a mark."""
COLUMNS: Final = (
    ListColumn("asked", _l("Asked for")),
    ListColumn("by", _l("Person")),
    ListColumn("state", _l("State"), line="first"),
    ListColumn("today", _l("Points today"), is_number=True),
    ListColumn("cost", _l("Points found"), is_number=True),
    ListColumn("moves", _l("Moves"), is_number=True),
    ListColumn("taken", _l("Taken over"), is_number=True, is_sortable=False),
    ListColumn("limit", _l("Seconds to search"), is_number=True, is_shown=False, line="wide"),
    ListColumn("seed", _l("Start number"), is_number=True, is_shown=False, line="wide"),
)


class SearchFilterForm(ListFilter):
    """What the list of searches is narrowed to."""

    by = SelectField(_l("Person"))
    state = SelectField(_l("State"))
    since = DateField(_l("From"), [Optional()])
    until = DateField(_l("Until"), [Optional()])

    def offer(self, people: Sequence[str]) -> None:
        """Offer who has searched, and how searches may stand."""
        everything = ("", gettext("all"))
        self.by.choices = [everything, *((name, name) for name in people)]
        words = [(key, translate(word)) for key, (word, _mark) in STATES.items()]
        self.state.choices = [everything, *words]

    def narrow(self) -> SearchFilter:
        """Give the filter that was entered; both days are included."""
        return SearchFilter(
            asked_by=self.by.data or "",
            state=self.state.data or "",
            since=local_midnight(self.since.data),
            until=local_midnight(self.until.data, timedelta(days=1)),
        )


def list_heads() -> list[str]:
    """Give the heads of the table to take away, in the reader's language."""
    asked, *others = COLUMNS
    return [
        head_moments(asked.label),
        *(str(column.label) for column in others),
        gettext("Proposal"),
    ]


def list_cells(searches: Sequence[Search]) -> Iterator[tuple[Value, ...]]:
    """Give the rows of the table to take away."""
    for search in searches:
        yield (
            write_precisely(search.asked_at),
            search.asked_by,
            translate(STATES[search.state][0]),
            search.today_cost,
            search.cost,
            search.move_count,
            search.taken_count,
            search.limits.limit_s,
            search.limits.seed,
            str(search.public_id),
        )
