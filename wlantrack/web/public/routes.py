"""The public hotspot page: files of the published bundle, and the form that a static server lacks.

Decides addresses and headers. Nothing is made here for a visitor: what is not in the bundle that
was written cannot be asked for.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_babel import force_locale

from wlantrack.errors import NotFound, msg
from wlantrack.formats import open_data
from wlantrack.maps.public_pages import POLICY
from wlantrack.services import public_bundle, public_feedback, public_texts, published
from wlantrack.services.actor import Actor
from wlantrack.services.people import utc_now
from wlantrack.services.speech import load_speech
from wlantrack.web.context import installation, reading, request_id
from wlantrack.web.languages import use_language
from wlantrack.web.policies import PUBLIC, policy
from wlantrack.web.public.forms import FeedbackForm
from wlantrack.web.session.routes import limiter

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("public", __name__)

_KINDS = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".geojson": "application/geo+json",
    ".csv": "text/csv; charset=utf-8",
    ".rdf": "application/rdf+xml",
}
_OPEN_DATA = {open_data.GEOJSON_FILE, open_data.CSV_FILE, open_data.CATALOGUE_FILE}
WRITER = "public page"
"""Who the audit trail says has sent a feedback."""


def feedback_rate() -> str:
    """Give how many messages one address may send."""
    return installation().settings.feedback_rate


@blueprint.get("/public/")
@blueprint.get("/public/<path:path>")
@policy(PUBLIC)
def show_file(path: str = public_bundle.INDEX) -> ResponseReturnValue:
    """Give a file of the published bundle as it was written."""
    name = f"{path}{public_bundle.INDEX}" if path.endswith("/") else path
    settings = installation().settings
    data = published.read_file(settings, name)
    if data is None:
        if published.is_published(settings):
            abort(404)
        raise NotFound(msg("No hotspots are published yet."))
    kind = _KINDS.get(PurePosixPath(name).suffix, "text/plain; charset=utf-8")
    response = Response(data, content_type=kind)
    response.headers["Content-Security-Policy"] = f"{POLICY}; frame-ancestors 'self'"
    response.headers["Cache-Control"] = "no-cache"
    if name in _OPEN_DATA:
        response.headers["Access-Control-Allow-Origin"] = "*"
    response.set_etag(published.hash_of(data))
    return response.make_conditional(request)


@blueprint.route("/public/feedback.html", methods=["GET", "POST"], defaults={"folder": ""})
@blueprint.route("/public/<folder>/feedback.html", methods=["GET", "POST"])
@limiter.limit(feedback_rate, methods=["POST"])
@policy(PUBLIC)
def write_feedback(folder: str) -> ResponseReturnValue:
    """Take a message for those who publish the page; its static copy names a mail address."""
    settings = installation().settings
    codes = settings.language_codes
    if folder and folder not in codes[1:]:
        abort(404)
    language = folder or codes[0]
    use_language(language)
    with force_locale(language):
        return _write_feedback(language)


def _write_feedback(language: str) -> ResponseReturnValue:
    form = FeedbackForm()
    if not form.is_submitted():
        form.about.data = request.args.get("hotspot", "")[:40]
    if form.validate_on_submit():
        writer = Actor(WRITER, request_id=request_id()).audit()
        with form.refusals(), installation().database.writing(writer) as store:
            public_feedback.take(store, form.values(language), utc_now())
            return redirect(f"{request.path}?sent=yes")
    with reading() as store:
        hotspot = public_feedback.name_hotspot(store, form.about.data or "")
    settings = installation().settings
    say = load_speech(language)
    return render_template(
        "public/feedback.html",
        form=form,
        hotspot=hotspot,
        is_sent=request.args.get("sent") == "yes",
        frame=public_bundle.make_frame(language, public_bundle.FEEDBACK, settings),
        words=public_texts.page_words(settings, say, 0),
        contact=settings.public_contact,
        start_url=url_for("public.show_file"),
    )
