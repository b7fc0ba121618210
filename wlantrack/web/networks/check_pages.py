"""Pages of the separation check: findings, their protocol, exemptions, secure rooms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from wlantrack.services import exemptions, secure_areas, separation
from wlantrack.services.actor import Action
from wlantrack.services.people import utc_now
from wlantrack.web.context import actor, house, installation, reading, writing
from wlantrack.web.forms import VersionedForm
from wlantrack.web.languages import translate
from wlantrack.web.lists import ListColumn, read_list, render_list, send_table
from wlantrack.web.networks.check_forms import (
    AreaForm,
    FindingFilterForm,
    ProposalForm,
    write_key,
)
from wlantrack.web.networks.page import tab_context
from wlantrack.web.policies import policy

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from wlantrack.networks.findings import Finding
    from wlantrack.networks.plan import Subject
    from wlantrack.services.paging import Page
    from wlantrack.services.separation import Check

blueprint = Blueprint("check", __name__)

TAB = "networks.check.show_check"
COLUMNS = (
    ListColumn("rule", _l("Rule"), is_long=True),
    ListColumn("severity", _l("Severity"), line="first"),
    ListColumn("result", _l("Result"), line="first"),
    ListColumn("subject", _l("About")),
    ListColumn("building", _l("Building"), line="wide", is_shown=False),
    ListColumn("evidence", _l("Evidence and advice"), is_sortable=False, is_long=True),
)
RESULT_MARKS = {"fail": "blocked", "unknown": "undated", "exempt": "ordered", "pass": "live"}


def _check(store: Session) -> Check:
    return separation.check(store, actor(), house(), installation().results)


def _words() -> dict[str, Any]:
    return {
        "severity_words": separation.SEVERITY_WORDS,
        "result_words": separation.RESULT_WORDS,
        "result_marks": RESULT_MARKS,
        "kind_names": separation.KIND_WORDS,
        "rule_of": separation.RULE_OF,
        "standing_words": exemptions.STANDING_WORDS,
        "write_key": write_key,
        "subject_url": _subject_url,
        "is_officer": actor().can_anywhere(Action.APPROVE_EXEMPTIONS),
    }


def _subject_url(subject: Subject) -> str | None:
    """Give the page of what a finding is about, where it has one of its own."""
    pages = {
        "ssid": "networks.ssids.show_ssid",
        "segment": "networks.vlans.show_vlan",
        "access point": "access_points.show_point",
        "radio": "access_points.show_point",
        "site": "buildings.show_building",
    }
    code = subject.code.rpartition("/")[0] if subject.kind == "radio" else subject.code
    if subject.kind not in pages or not code or "/" in code:
        return None
    return url_for(pages[subject.kind], ref=code)


def _sort(found: Check, findings: list[Finding], page: Page) -> list[Finding]:
    """Give one page of the findings; of equals the worst first, as the check gives them."""
    keys = {
        "rule": lambda item: item.rule,
        "severity": lambda item: separation.SEVERITIES.index(item.severity),
        "result": lambda item: separation.RESULTS.index(item.result),
        "subject": lambda item: (item.subject.kind, item.subject.code),
        "building": found.building_of,
    }
    if page.sort in keys:
        findings = sorted(findings, key=keys[page.sort], reverse=page.is_descending)
    return findings[page.offset : page.offset + page.limit]


@blueprint.get("/networks/check")
@policy(Action.SEE_SEPARATION)
def show_check() -> ResponseReturnValue:
    """Show the findings, worst first; filters, order, columns and page stand in the URL."""
    view, form = read_list(COLUMNS, sort="worst"), FindingFilterForm(request.args)
    with reading() as store:
        found = _check(store)
    form.offer(found)
    findings = separation.narrow(found, form.narrow())
    return render_list(
        "networks/check.html",
        view,
        form,
        _sort(found, findings, view.page),
        len(findings),
        found=found,
        counts=separation.count_results(found.findings),
        **_words(),
        **tab_context(TAB),
    )


@blueprint.get("/networks/check.csv")
@policy(Action.SEE_SEPARATION)
def export_check() -> ResponseReturnValue:
    """Give the findings that match the filter as a table, in the reader's language."""
    form = FindingFilterForm(request.args)
    with reading() as store:
        found = _check(store)
    form.offer(found)
    rows = [
        (
            item.rule,
            translate(separation.name_rule(item.rule)),
            translate(separation.SEVERITY_WORDS[item.severity]),
            translate(separation.RESULT_WORDS[item.result]),
            translate(separation.KIND_WORDS[item.subject.kind]),
            item.subject.code,
            found.building_of(item),
            translate(item.evidence),
            translate(item.note) if item.note is not None else "",
            translate(item.advice),
        )
        for item in separation.narrow(found, form.narrow())
    ]
    heads = (
        gettext("Rule"),
        gettext("Title"),
        gettext("Severity"),
        gettext("Result"),
        gettext("About"),
        gettext("Code"),
        gettext("Building"),
        gettext("Evidence"),
        gettext("Exemption"),
        gettext("Advice"),
    )
    return send_table(f"separation-{found.house.today.isoformat()}", "csv", heads, rows)


@blueprint.get("/networks/check/protocol")
@policy(Action.SEE_SEPARATION)
def show_protocol() -> ResponseReturnValue:
    """Show the protocol to print: who checked when, sums, all findings, all exemptions."""
    with reading() as store:
        found = _check(store)
        given = exemptions.list_exemptions(store, actor(), found)
    return render_template(
        "networks/protocol.html",
        found=found,
        counts=separation.count_results(found.findings),
        given=given,
        passed=separation.group_passes(found),
        checked_at=utc_now(),
        **_words(),
    )


@blueprint.route("/networks/check/exempt", methods=["GET", "POST"])
@policy(Action.SEE_SEPARATION)
def propose() -> ResponseReturnValue:
    """Ask for an exemption."""
    form = ProposalForm()
    with reading() as store:
        found = _check(store)
    form.offer(found.findings)
    if not form.is_submitted():
        form.failure.data = request.args.get("failure", "")
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            exemptions.propose(store, actor(), _check(store), form.values())
            flash(gettext("Proposed. A security officer has to approve it."), "success")
            return redirect(url_for("networks.check.list_exemptions"))
    chosen = [
        item
        for item in found.findings
        if write_key(item.rule, item.subject) == form.failure.data and item.result == "fail"
    ]
    return render_template("networks/exempt.html", form=form, chosen=chosen, **_words())


@blueprint.get("/networks/check/exemptions")
@policy(Action.SEE_SEPARATION)
def list_exemptions() -> ResponseReturnValue:
    """Show exemptions, what waits for approval first, and the approvals of secure rooms."""
    with reading() as store:
        found = _check(store)
        given = exemptions.list_exemptions(store, actor(), found)
        areas = secure_areas.list_approvals(store, actor())
    order = list(exemptions.STANDING_WORDS)
    return render_template(
        "networks/exemptions.html",
        given=sorted(given, key=lambda shown: order.index(shown.standing)),
        areas=areas,
        today=found.house.today,
        **_words(),
        **tab_context(TAB),
    )


@blueprint.post("/networks/check/exemptions/<ref>/approve")
@policy(Action.APPROVE_EXEMPTIONS)
def approve(ref: str) -> ResponseReturnValue:
    """Approve somebody else's proposal."""
    version = VersionedForm().expected_version()
    with writing() as store:
        exemptions.approve(store, actor(), _check(store), ref, version, utc_now())
    flash(gettext("Approved."), "success")
    return redirect(url_for("networks.check.list_exemptions"))


@blueprint.post("/networks/check/exemptions/<ref>/withdraw")
@policy(Action.SEE_SEPARATION)
def withdraw(ref: str) -> ResponseReturnValue:
    """Take an exemption or a proposal out."""
    version = VersionedForm().expected_version()
    with writing() as store:
        exemptions.withdraw(store, actor(), _check(store), ref, version)
    flash(gettext("Exemption withdrawn."), "success")
    return redirect(url_for("networks.check.list_exemptions"))


@blueprint.route("/networks/check/area", methods=["GET", "POST"])
@policy(Action.APPROVE_EXEMPTIONS)
def approve_area() -> ResponseReturnValue:
    """Approve radio in a secure room."""
    form = AreaForm()
    with reading() as store:
        form.offer(secure_areas.list_rooms(store, actor()))
    if not form.is_submitted():
        form.room.data = request.args.get("room", "")
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            values = form.room.data, form.access_point.data or "", form.expires_on.data
            secure_areas.approve(store, actor(), *values, house().today)
            flash(gettext("Approved."), "success")
            return redirect(url_for("networks.check.list_exemptions", _anchor="areas"))
    return render_template("networks/approve_area.html", form=form)


@blueprint.post("/networks/check/approvals/<ref>/withdraw")
@policy(Action.APPROVE_EXEMPTIONS)
def withdraw_area(ref: str) -> ResponseReturnValue:
    """Take an approval of a secure room back."""
    version = VersionedForm().expected_version()
    with writing() as store:
        secure_areas.withdraw(store, actor(), ref, version)
    flash(gettext("Approval withdrawn."), "success")
    return redirect(url_for("networks.check.list_exemptions", _anchor="areas"))
