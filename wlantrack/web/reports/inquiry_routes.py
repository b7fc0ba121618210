"""Inquiries of the council: the list, one with its draft, its questions, and what was signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from wlantrack.services import inquiries
from wlantrack.services.actor import Action
from wlantrack.services.answer_blocks import BLOCKS
from wlantrack.services.inquiry_answer import name_block
from wlantrack.services.report_files import FORMS, write_fragment
from wlantrack.services.reports import LANGUAGES
from wlantrack.web.context import actor, installation, reading, writing
from wlantrack.web.forms import VersionedForm
from wlantrack.web.languages import current_locale, local_today
from wlantrack.web.lists import ListColumn, read_list, render_list
from wlantrack.web.milestones.routes import plan_parts
from wlantrack.web.policies import policy
from wlantrack.web.reports.inquiry_forms import InquiryFilterForm, InquiryForm, QuestionForm
from wlantrack.web.reports.routes import give_file
from wlantrack.web.undo.routes import flash_with_undo

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from wlantrack.store.models.inquiries import Inquiry, InquiryQuestion

blueprint = Blueprint("inquiries", __name__)

COLUMNS = (
    ListColumn("file_number", _l("File number")),
    ListColumn("title", _l("What it is about"), is_long=True),
    ListColumn("signed_count", _l("State"), line="first"),
    ListColumn("council_group", _l("Council group")),
    ListColumn("due_on", _l("Answer due on")),
    ListColumn("asked_on", _l("Asked on"), line="wide"),
    ListColumn("as_of", _l("Data as of"), line="wide"),
)


def _city() -> str:
    return installation().settings.city_name


def _language(default: str = "") -> str:
    asked = request.args.get("lang", "")
    return asked if asked in LANGUAGES else default or current_locale()


@blueprint.get("/inquiries")
@policy(Action.SEE_ANSWERS)
def list_inquiries() -> ResponseReturnValue:
    """Show the inquiries; the council sees those that were answered."""
    view, form = read_list(COLUMNS, "asked_on"), InquiryFilterForm(request.args)
    with reading() as store:
        words = (form.q.data or "").strip()
        rows, total = inquiries.list_inquiries(store, actor(), words, view.page)
    can_edit = actor().can(Action.EDIT_INQUIRIES)
    return render_list(
        "reports/inquiries.html",
        view,
        form,
        rows,
        total,
        can_edit=can_edit,
        can_import=can_edit and actor().can_anywhere(Action.IMPORT_TABLES),
        sees_drafts=actor().can(Action.SEE_INQUIRIES),
    )


@blueprint.get("/inquiries/<ref>")
@policy(Action.SEE_ANSWERS)
def show_inquiry(ref: str) -> ResponseReturnValue:
    """Show an inquiry: what was signed, and for staff the answer as it stands."""
    with reading() as store:
        inquiry = inquiries.find_inquiry(store, actor(), ref)
        sees_draft = actor().can(Action.SEE_INQUIRIES)
        if not sees_draft:
            return render_template("reports/inquiry.html", record=inquiry, sees_draft=False)
        language, is_filled = _language(inquiry.language), inquiries.is_filled(inquiry)
        document = (
            inquiries.write_draft(store, actor(), inquiry, _city(), language) if is_filled else None
        )
        return render_template(
            "reports/inquiry.html",
            record=inquiry,
            sees_draft=True,
            document=document,
            fragment=Markup(write_fragment(document, top=2)) if document else "",  # noqa: S704 - escapes every text
            moved=inquiries.list_moved_of_draft(store, inquiry, plan_parts()) if is_filled else [],
            unready=inquiries.list_unready(inquiry),
            history=inquiries.list_history(store, actor(), inquiry),
            can_edit=actor().can(Action.EDIT_INQUIRIES),
            languages=LANGUAGES,
            forms=FORMS,
        )


@blueprint.get("/inquiries/<ref>/file.<suffix>")
@policy(Action.SEE_INQUIRIES)
def download_draft(ref: str, suffix: str) -> ResponseReturnValue:
    """Give the answer as it stands as a file."""
    with reading() as store:
        inquiry = inquiries.find_inquiry(store, actor(), ref)
        language = _language(inquiry.language)
        document = inquiries.write_draft(store, actor(), inquiry, _city(), language)
    return give_file(document, suffix, f"draft-{document.date}-{language}")


@blueprint.route("/inquiries/new", methods=["GET", "POST"])
@policy(Action.EDIT_INQUIRIES)
def add_inquiry() -> ResponseReturnValue:
    """Add an inquiry."""
    actor().require(Action.EDIT_INQUIRIES)
    form = InquiryForm()
    form.offer()
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            made = inquiries.add_inquiry(
                store,
                actor(),
                form.values(),
                plan_parts(),
                with_questions=form.with_questions.data,
            )
            flash(gettext("Inquiry %(number)s added.", number=made.file_number), "success")
            return redirect(url_for("inquiries.show_inquiry", ref=made.public_id))
    return render_template("reports/edit_inquiry.html", form=form, record=None)


@blueprint.route("/inquiries/<ref>/edit", methods=["GET", "POST"])
@policy(Action.EDIT_INQUIRIES)
def edit_inquiry(ref: str) -> ResponseReturnValue:
    """Change an inquiry."""
    form = InquiryForm()
    form.offer()
    with reading() as store:
        record = inquiries.find_inquiry(store, actor(), ref)
        actor().require(Action.EDIT_INQUIRIES)
        form.fill(inquiries.values_of(record), record.version)
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            inquiries.edit_inquiry(store, actor(), ref, form.values(), form.expected_version())
            return _saved(record)
    return render_template("reports/edit_inquiry.html", form=form, record=record)


def _saved(inquiry: Inquiry, words: str = "") -> ResponseReturnValue:
    target = url_for("inquiries.show_inquiry", ref=inquiry.public_id)
    flash_with_undo(words or gettext("Saved."), target)
    return redirect(target)


@blueprint.post("/inquiries/<ref>/delete")
@policy(Action.EDIT_INQUIRIES)
def delete_inquiry(ref: str) -> ResponseReturnValue:
    """Delete an inquiry of which nothing was signed."""
    form, target = VersionedForm(), url_for("inquiries.list_inquiries")
    with writing() as store:
        inquiries.delete_inquiry(store, actor(), ref, form.expected_version())
    flash_with_undo(gettext("Inquiry deleted."), target)
    return redirect(target)


@blueprint.post("/inquiries/<ref>/refresh")
@policy(Action.EDIT_INQUIRIES)
def refresh(ref: str) -> ResponseReturnValue:
    """Fill the answer from the data as of now."""
    form = VersionedForm()
    with writing() as store:
        version = form.expected_version()
        inquiry = inquiries.refresh(store, actor(), ref, version, plan_parts())
    return _saved(inquiry, gettext("The answer is filled from the data of today."))


@blueprint.post("/inquiries/<ref>/agree")
@policy(Action.EDIT_INQUIRIES)
def agree(ref: str) -> ResponseReturnValue:
    """Record that a co-signer has agreed."""
    form, signer = VersionedForm(), request.form.get("signer", "")
    with writing() as store:
        version = form.expected_version()
        inquiry = inquiries.agree(store, actor(), ref, signer, version, local_today())
    return _saved(inquiry, gettext("The agreement is recorded."))


@blueprint.post("/inquiries/<ref>/sign")
@policy(Action.EDIT_INQUIRIES)
def sign(ref: str) -> ResponseReturnValue:
    """Sign the answer as it is."""
    form = VersionedForm()
    with writing() as store:
        made = inquiries.sign(store, actor(), ref, form.expected_version(), city=_city())
    words = gettext("Version %(number)s is signed. It stays as it is.", number=made.number)
    flash(words, "success")
    return redirect(url_for("inquiries.show_answer", ref=made.public_id))


@blueprint.route("/inquiries/<ref>/questions/new", methods=["GET", "POST"])
@policy(Action.EDIT_INQUIRIES)
def add_question(ref: str) -> ResponseReturnValue:
    """Add a question."""
    form = QuestionForm()
    with reading() as store:
        inquiry = inquiries.find_inquiry(store, actor(), ref)
        actor().require(Action.EDIT_INQUIRIES)
        if not form.is_submitted():
            form.position.data = len(inquiry.questions) + 1
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            inquiries.add_question(store, actor(), ref, form.values())
            return _saved(inquiry)
    return _question_page(form, inquiry, None)


@blueprint.route("/inquiry-questions/<ref>/edit", methods=["GET", "POST"])
@policy(Action.EDIT_INQUIRIES)
def edit_question(ref: str) -> ResponseReturnValue:
    """Change a question or its answer."""
    with reading() as store:
        question = inquiries.find_question(store, actor(), ref)
        actor().require(Action.EDIT_INQUIRIES)
        form, inquiry = QuestionForm(obj=question), question.inquiry
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            inquiries.edit_question(store, actor(), ref, form.values(), form.expected_version())
            return _saved(inquiry)
    return _question_page(form, inquiry, question)


def _question_page(form: QuestionForm, inquiry: Inquiry, question: InquiryQuestion | None) -> str:
    blocks = [(name_block(key, inquiry.language), kind.word) for key, kind in BLOCKS.items()]
    return render_template(
        "reports/edit_question.html", form=form, inquiry=inquiry, record=question, blocks=blocks
    )


@blueprint.post("/inquiry-questions/<ref>/delete")
@policy(Action.EDIT_INQUIRIES)
def delete_question(ref: str) -> ResponseReturnValue:
    """Delete a question."""
    form = VersionedForm()
    with writing() as store:
        inquiry = inquiries.delete_question(store, actor(), ref, form.expected_version())
    return _saved(inquiry, gettext("Question deleted."))


@blueprint.get("/answers/<ref>")
@policy(Action.SEE_ANSWERS)
def show_answer(ref: str) -> ResponseReturnValue:
    """Show a signed answer as it was signed, and what has moved since."""
    with reading() as store:
        version = inquiries.find_version(store, actor(), ref)
        language = _language(version.inquiry.language)
        document = inquiries.read_version(store, version, language)
        return render_template(
            "reports/answer.html",
            version=version,
            record=version.inquiry,
            document=document,
            fragment=Markup(write_fragment(document)),  # noqa: S704 - escapes every text itself
            moved=inquiries.list_moved_of_version(store, version, plan_parts()),
            latest=version.inquiry.versions[-1],
            languages=LANGUAGES,
            forms=FORMS,
        )


@blueprint.get("/answers/<ref>/file.<suffix>")
@policy(Action.SEE_ANSWERS)
def download_answer(ref: str, suffix: str) -> ResponseReturnValue:
    """Give a signed answer as a file."""
    with reading() as store:
        version = inquiries.find_version(store, actor(), ref)
        language = _language(version.inquiry.language)
        document = inquiries.read_version(store, version, language)
    name = f"answer-{document.date}-version-{version.number}-{language}"
    return give_file(document, suffix, name)
