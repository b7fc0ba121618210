"""The audit trail as administrators search it: the list, one event, the table to take away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from wlantrack.services import history
from wlantrack.services.actor import Action
from wlantrack.web.audit.forms import EventFilterForm
from wlantrack.web.context import actor, reading
from wlantrack.web.languages import head_moments, write_precisely, write_value
from wlantrack.web.lists import ListColumn, read_list, render_list
from wlantrack.web.policies import policy

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("audit", __name__, url_prefix="/audit")

LARGEST_NUMBER = 2**31 - 1
"""The largest that the trail's numbers can be in every database."""

COLUMNS = (
    ListColumn("when", _l("When")),
    ListColumn("who", _l("Who"), is_sortable=False, line="first"),
    ListColumn("what", _l("What"), is_sortable=False),
    ListColumn("record", _l("Record"), is_sortable=False),
    ListColumn("changes", _l("Changes"), is_sortable=False, is_long=True),
    ListColumn("reason", _l("Reason"), is_sortable=False, line="wide", is_long=True),
    ListColumn("request", _l("Request"), is_sortable=False, is_shown=False, line="wide"),
)


@blueprint.get("")
@policy(Action.SEE_AUDIT)
def list_events() -> ResponseReturnValue:
    """Show the trail, the latest event first; filters and page stand in the URL."""
    view = read_list(COLUMNS, sort="latest")
    form = EventFilterForm(request.args)
    with reading() as store:
        form.offer(*history.list_names(store, actor()))
        rows, total = history.list_trail(store, actor(), form.narrow(), view.page)
    return render_list("audit/list.html", view, form, rows, total)


@blueprint.get("/export.csv")
@policy(Action.SEE_AUDIT)
def export() -> ResponseReturnValue:
    """Give the events that the filters leave as a table."""
    form = EventFilterForm(request.args)
    headers = (
        gettext("Number"),
        head_moments(gettext("When")),
        gettext("Who"),
        gettext("What"),
        gettext("Kind"),
        gettext("Record"),
        gettext("Changes"),
        gettext("Reason"),
        gettext("Request"),
        gettext("Id"),
    )
    with reading() as store:
        form.offer(*history.list_names(store, actor()))
        data = history.export_trail(
            store, actor(), form.narrow(), headers, write_value, write_precisely
        )
    response = Response(data, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return response


@blueprint.get(f"/<int(max={LARGEST_NUMBER}):number>")
@policy(Action.SEE_AUDIT)
def show_event(number: int) -> ResponseReturnValue:
    """Show one event with all that it changed; for htmx only the panel beside the list."""
    with reading() as store:
        event = history.find_event(store, actor(), number)
    page = "audit/_panel.html" if request.headers.get("HX-Request") else "audit/show.html"
    return render_template(page, event=event)
