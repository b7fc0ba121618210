"""Reports: the choice, one as a page, and the same as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request, url_for
from markupsafe import Markup

from wlantrack.errors import NotFound, msg
from wlantrack.services import reports
from wlantrack.services.actor import Action
from wlantrack.services.report_files import (
    FORMS,
    Cut,
    Wanted,
    write_fragment,
    write_report,
    write_rows,
)
from wlantrack.web.context import actor, installation, reading
from wlantrack.web.milestones.routes import plan_parts
from wlantrack.web.policies import policy
from wlantrack.web.reports.forms import WantedForm

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from wlantrack.reports.document import Document
    from wlantrack.services.reports import Report

blueprint = Blueprint("reports", __name__)

MOST_ROWS = 60
"""Longer tables are fetched by and by: as files they are whole."""
MOST_MORE = 200
LAST_NUMBER = 1_000_000


@blueprint.get("/reports")
@policy(Action.SEE_ANSWERS)
def choose() -> ResponseReturnValue:
    """Show which reports there are."""
    return render_template(
        "reports/choose.html",
        reports=reports.list_reports(actor()),
        sees_answers=actor().can(Action.SEE_ANSWERS),
    )


@blueprint.get("/reports/<report>")
@policy(Action.SEE_INQUIRIES, Action.SEE_CABLING)
def show(report: str) -> ResponseReturnValue:
    """Show a report as a page."""
    chosen = reports.find_report(actor(), report)
    with reading() as store:
        form = _read_form(store, chosen)
        document = _write(store, chosen, form)
    cut = _cut(chosen, form, MOST_ROWS)
    return render_template(
        "reports/show.html",
        report=chosen,
        form=form,
        document=document,
        fragment=Markup(write_fragment(document, cut=cut)),  # noqa: S704 - escapes every text itself
        forms=FORMS,
    )


@blueprint.get("/reports/<report>/rows")
@policy(Action.SEE_INQUIRIES, Action.SEE_CABLING)
def more_rows(report: str) -> ResponseReturnValue:
    """Give the rows of a table that its page has left for later."""
    chosen = reports.find_report(actor(), report)
    with reading() as store:
        form = _read_form(store, chosen)
        document = _write(store, chosen, form)
    table, start = (_read_number(name) for name in ("table", "start"))
    return write_rows(document, table, _cut(chosen, form, MOST_MORE), start)


def _read_number(name: str) -> int:
    return min(max(request.args.get(name, 0, type=int), 0), LAST_NUMBER)


def _cut(report: Report, form: WantedForm, most_rows: int) -> Cut | None:
    """Give where tables are cut: nowhere if all of them is asked for."""
    if request.args.get("all") == "yes":
        return None
    asked = {"report": report.key, "of": form.of.data or None, "lang": form.lang.data}

    def write_more(table: int, start: int, left: int) -> str:
        return render_template(
            "reports/_more.html",
            left=left,
            more=min(left, MOST_MORE),
            more_url=url_for("reports.more_rows", **asked, table=table, start=start),
            whole_url=url_for("reports.show", **asked, all="yes"),
        )

    return Cut(most_rows, write_more)


@blueprint.get("/reports/<report>/file.<suffix>")
@policy(Action.SEE_INQUIRIES, Action.SEE_CABLING)
def download(report: str, suffix: str) -> ResponseReturnValue:
    """Give a report as a file."""
    chosen = reports.find_report(actor(), report)
    with reading() as store:
        form = _read_form(store, chosen)
        document = _write(store, chosen, form)
    place = (form.of.data or "").replace("/", "-")
    parts = (chosen.key, place, document.date, document.language)
    return give_file(document, suffix, "-".join(part for part in parts if part))


def give_file(document: Document, suffix: str, name: str) -> Response:
    """Give a report as a file to be saved."""
    data = write_report(document, suffix)
    response = Response(data, content_type=FORMS[suffix].media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{suffix}"'
    return response


def _read_form(store: Session, report: Report) -> WantedForm:
    """Read what is asked for; a place that cannot be had is none, not another one."""
    form = WantedForm(request.args)
    asked = form.of.data
    form.offer(reports.list_places(store, actor(), report))
    if asked and form.of.data != asked:
        raise NotFound(msg("There is no such place, or it is outside your area."))
    return form


def _write(store: Session, report: Report, form: WantedForm) -> Document:
    city = installation().settings.city_name
    wanted = Wanted.of_place(city, form.lang.data, form.of.data)
    return report.write(store, actor(), plan_parts(), wanted)
