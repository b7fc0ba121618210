"""Photos and documents: the page of a record's attachments, and the files themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from werkzeug.http import dump_options_header
from wtforms import StringField
from wtforms.validators import Length

from wlantrack.services import attachments
from wlantrack.services.actor import Action
from wlantrack.services.belongings import name_of
from wlantrack.web.cabling.forms import read_upload
from wlantrack.web.context import actor, installation, reading, writing
from wlantrack.web.forms import EntryForm, VersionedForm
from wlantrack.web.policies import policy
from wlantrack.web.undo.routes import flash_with_undo

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("attachments", __name__)

_PAGES = {
    "building": "buildings.show_building",
    "access_point": "access_points.show_point",
    "cable_run": "cabling.show_run",
    "distributor": "cabling_parts.show_distributor",
    "outlet": "cabling_parts.show_outlet",
}


class AttachForm(EntryForm):
    """A file to attach, and what it shows."""

    photo = FileField(_l("Photo or document"), [FileRequired(_l("Choose a file."))])
    note = StringField(_l("What it shows"), [Length(max=500)])


def page_of(entity: str, ref: str) -> str:
    """Give the address of a record's own page; a room has none but that of its attachments."""
    if entity in _PAGES:
        return url_for(_PAGES[entity], ref=ref)
    return url_for("attachments.show_all", entity=entity, ref=ref)


@blueprint.route("/attachments/of/<entity>/<ref>", methods=["GET", "POST"])
@policy(Action.SEE_CABLING, Action.SEE_OWN_RUNS)
def show_all(entity: str, ref: str) -> ResponseReturnValue:
    """Show what is attached to a record, and attach a file."""
    form = AttachForm()
    with reading() as store:
        record, place = attachments.find_subject(store, actor(), entity, ref)
        found = attachments.list_of(store, record)
    can_attach = attachments.may_attach(actor(), record, place)
    if form.is_submitted() and not can_attach:
        actor().require(Action.ATTACH_FILES, *place)
    if form.validate_on_submit():
        upload = read_upload(form.photo, form.note.data or "")
        assert upload is not None  # noqa: S101 - the form requires one
        with form.refusals(), writing() as store:
            made = attachments.attach(store, actor(), installation().files, (entity, ref), upload)
            back = page_of(entity, ref)
            words = gettext("%(name)s attached.", name=made.name)
            if actor().can(Action.ATTACH_FILES, *place):
                flash_with_undo(words, back)
            else:
                flash(words, "success")
            return redirect(back)
    return render_template(
        "attachments/show.html",
        form=form,
        name=name_of(record),
        back=page_of(entity, ref) if entity in _PAGES else None,
        attachments=found,
        attachment_of=(entity, ref),
        can_attach=can_attach,
        can_detach=actor().can(Action.ATTACH_FILES, *place),
        is_own_page=True,
    )


@blueprint.get("/attachments/<ref>/download")
@policy(Action.SEE_CABLING, Action.SEE_OWN_RUNS)
def download(ref: str) -> ResponseReturnValue:
    """Give a file as a download, never to be shown as a page."""
    with reading() as store:
        found = attachments.find_attachment(store, actor(), ref)
    data, media_type = (
        installation().files.read(found.stored_file),
        attachments.media_type_of(found),
    )
    response = Response(data, content_type=media_type)
    response.headers["Content-Disposition"] = dump_options_header(
        "attachment", {"filename": found.name}
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@blueprint.get("/attachments/<ref>/thumbnail")
@policy(Action.SEE_CABLING, Action.SEE_OWN_RUNS)
def thumbnail(ref: str) -> ResponseReturnValue:
    """Give a small picture of a photo."""
    parts = installation()
    with reading() as store:
        found = attachments.find_attachment(store, actor(), ref)
    jpeg = attachments.thumbnail(parts.files, parts.pictures, found)
    response = Response(jpeg, content_type=attachments.PHOTO_TYPE)
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


@blueprint.post("/attachments/<ref>/delete")
@policy(Action.ATTACH_FILES)
def delete(ref: str) -> ResponseReturnValue:
    """Delete an attachment; until it is cleared away, this can be undone."""
    form = VersionedForm()
    with writing() as store:
        entity, subject = attachments.delete_attachment(
            store, actor(), ref, form.expected_version()
        )
    back = page_of(entity, subject)
    flash_with_undo(gettext("Attachment deleted."), back)
    return redirect(back)
