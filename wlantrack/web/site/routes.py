"""Work on site: what waits by room, one thing by its label, and entries with their photo.

An entry is a form; the page's script keeps it on the phone until it has arrived. It is told apart by
a number of its own, so that sending it again does no harm.
"""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from flask import (
    Blueprint,
    Response,
    jsonify,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext

from wlantrack.errors import Conflict, InvalidInput, Problem, msg
from wlantrack.rollout.lifecycle import CABLE_STATES
from wlantrack.services import cable_runs, cable_states, closing_walls, run_sight, site_work
from wlantrack.services.actor import Action
from wlantrack.services.attachments import Upload
from wlantrack.services.cable_states import TEXT_EVIDENCE, StateChange
from wlantrack.services.idempotency import HEADER
from wlantrack.services.people import utc_now
from wlantrack.settings import resource_dir
from wlantrack.web.cabling.state_routes import tell_change
from wlantrack.web.cabling.words import evidence_word
from wlantrack.web.context import actor, installation, profile, reading, writing
from wlantrack.web.errors import describe_error
from wlantrack.web.idempotency import once
from wlantrack.web.languages import local_today, translate
from wlantrack.web.policies import policy
from wlantrack.web.renovations.routes import workdays
from wlantrack.web.renovations.words import write_known
from wlantrack.web.session.routes import safe_target

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from wlantrack.rollout.spoken_dates import SpokenDate
    from wlantrack.store.models.cabling import CableRun

blueprint = Blueprint("site", __name__)

_REMEMBERED: Final = "site_floor"
_LONGEST_NAME: Final = 200


@blueprint.get("/site")
@policy(Action.CHANGE_CABLE_STATE, Action.CARRY_OWN_RUNS)
def show_work() -> ResponseReturnValue:
    """Show what waits for this person on a floor, by room; the floor is remembered."""
    floor = request.args.get("floor") or session.get(_REMEMBERED, "")
    with reading() as store:
        work = site_work.list_work(store, actor(), str(floor), _find_closings(store))
    if work.floor is not None:
        session[_REMEMBERED] = str(work.floor.public_id)
    return render_template("site/work.html", work=work, **_words())


@blueprint.get("/site/runs/<ref>")
@policy(Action.CHANGE_CABLE_STATE, Action.CARRY_OWN_RUNS)
def show_run(ref: str) -> ResponseReturnValue:
    """Show one run with the steps that may follow."""
    with reading() as store:
        item = site_work.find_site_run(store, actor(), ref, _find_closings(store))
    return render_template("site/run.html", item=item, **_words())


@blueprint.get("/site/at/<entity>/<ref>")
@policy(Action.CHANGE_CABLE_STATE, Action.CARRY_OWN_RUNS)
def show_place(entity: str, ref: str) -> ResponseReturnValue:
    """Show the runs that begin or end at a thing with a label."""
    with reading() as store:
        place = site_work.find_place(store, actor(), entity, ref, _find_closings(store))
    return render_template("site/place.html", place=place, **_words())


@blueprint.post("/site/runs/<ref>/entries")
@policy(Action.CHANGE_CABLE_STATE, Action.CARRY_OWN_RUNS)
@once
def take_entry(ref: str) -> ResponseReturnValue:
    """Take an entry of the page's script, and answer with the run as it is now."""
    try:
        with writing() as store:
            _require_own(store, ref)
            source, change = request.form.get("source", ""), _read_change(request.headers[HEADER])
            run = site_work.enter(store, actor(), installation().files, ref, source, change)
            return jsonify(
                state=run.state,
                message=_say_done(run),
                card=_draw_card(store, ref),
                undo=_undo_address(),
            )
    except Conflict as error:
        return _describe_conflict(error, ref, request.form.get("target", ""))


@blueprint.post("/site/runs/<ref>/state")
@policy(Action.CHANGE_CABLE_STATE, Action.CARRY_OWN_RUNS)
def enter(ref: str) -> ResponseReturnValue:
    """Take an entry of a browser without scripts."""
    with writing() as store:
        _require_own(store, ref)
        source, change = request.form.get("source", ""), _read_change(request.form.get("entry", ""))
        run = site_work.enter(store, actor(), installation().files, ref, source, change)
    back = safe_target(request.form.get("next") or url_for("site.show_work"))
    tell_change(_say_done(run), back)
    return redirect(back)


def _undo_address() -> str | None:
    """Give where this request is taken back: by staff, a firm asks the city."""
    if not actor().can_anywhere(Action.CHANGE_CABLE_STATE):
        return None
    return url_for("undo.undo_request", request_id=actor().request_id)


def _find_closings(store: Session) -> dict[uuid.UUID, SpokenDate]:
    cache = installation().results
    return closing_walls.find_closings(store, actor(), workdays(), local_today(), cache)


def _require_own(store: Session, ref: str) -> None:
    """Refuse a run out of sight, or a role that does not reach, before what was sent is read."""
    run_sight.require_carry(actor(), cable_runs.find_run(store, actor(), ref))


def _read_change(number: str) -> StateChange:
    photo = request.files.get("photo")
    upload = None
    if photo is not None and photo.filename:
        upload = Upload(photo.filename[:_LONGEST_NAME], photo.read())
    return StateChange(
        request.form.get("target", ""),
        _read_day(request.form.get("done_on", "")),
        local_today(),
        {name: request.form.get(name, "") for name in TEXT_EVIDENCE},
        upload,
        _read_number(number),
    )


def _read_day(text: str) -> date:
    try:
        return date.fromisoformat(text) if text else local_today()
    except ValueError:
        raise InvalidInput(
            Problem(
                msg("This is no day."),
                msg("Enter the day on which it was done."),
                field="done_on",
                value=text[:20],
            )
        ) from None


def _read_number(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise InvalidInput(
            Problem(
                msg("The entry has no number by which it is told apart from others."),
                msg("Reload the page and make the entry again."),
                field="entry",
                value=text[:40] or None,
            )
        ) from None


def _say_done(run: CableRun) -> str:
    state = translate(CABLE_STATES[run.state].label)
    return str(gettext("%(label)s is now »%(state)s«.", label=run.label, state=state))


def _describe_conflict(error: Conflict, ref: str, target: str) -> ResponseReturnValue:
    """Say who was faster, and whether the entry may follow on what is there now."""
    with reading() as store:
        run = cable_runs.find_run(store, actor(), ref)
        possible = {item.target for item in cable_states.list_possible(actor(), run)}
        current = {
            "state": run.state,
            "may_follow": target in possible,
            "card": _draw_card(store, ref),
        }
    return jsonify(error=describe_error(error) | current), 409


def _draw_card(store: Session, ref: str) -> str:
    item = site_work.find_site_run(store, actor(), ref, _find_closings(store))
    return render_template("site/_one.html", item=item, **_words())


def _words() -> dict[str, Any]:
    person = profile()
    return {
        "states": CABLE_STATES,
        "evidence_word": evidence_word,
        "following_steps": site_work.list_following(actor()),
        "new_number": lambda: str(uuid.uuid4()),
        "account": person.public_id if person else "",
        "today": local_today(),
        "known": write_known,
        "made_at": utc_now(),
    }


@blueprint.get("/site/worker.js")
@policy(Action.CHANGE_CABLE_STATE, Action.CARRY_OWN_RUNS)
def worker() -> ResponseReturnValue:
    """Give the script that opens the page without a connection; it may work for /site."""
    script = resource_dir() / "static" / "js" / "site" / "worker.js"
    response = Response(script.read_bytes(), content_type="text/javascript; charset=utf-8")
    response.headers["Service-Worker-Allowed"] = url_for("site.show_work")
    response.headers["Cache-Control"] = "no-cache"
    return response
