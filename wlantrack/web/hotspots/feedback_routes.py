"""What visitors have written on the public page, for those who publish it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from wlantrack.services import public_feedback
from wlantrack.services.actor import Action
from wlantrack.web.context import actor, reading, writing
from wlantrack.web.forms import VersionedForm
from wlantrack.web.networks.page import tab_context
from wlantrack.web.policies import policy

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("feedback", __name__)


@blueprint.get("/networks/hotspots/feedback")
@policy(Action.PUBLISH_HOTSPOTS)
def list_feedback() -> ResponseReturnValue:
    """Show what visitors wrote, what waits first."""
    with reading() as store:
        rows = public_feedback.list_feedback(store, actor())
    return render_template(
        "hotspots/feedback.html",
        rows=rows,
        topic_words=public_feedback.TOPIC_WORDS,
        **tab_context("hotspots.list_hotspots"),
    )


@blueprint.post("/networks/hotspots/feedback/<ref>/done")
@policy(Action.PUBLISH_HOTSPOTS)
def set_done(ref: str) -> ResponseReturnValue:
    """Say that a feedback is dealt with, or that it is not."""
    is_done, version = request.form.get("done") == "yes", VersionedForm().expected_version()
    with writing() as store:
        public_feedback.set_done(store, actor(), ref, version, is_done=is_done)
    flash(gettext("Saved."), "success")
    return redirect(url_for("feedback.list_feedback"))


@blueprint.route("/networks/hotspots/feedback/<ref>/delete", methods=["GET", "POST"])
@policy(Action.PUBLISH_HOTSPOTS)
def delete(ref: str) -> ResponseReturnValue:
    """Ask, then delete a feedback for good."""
    with reading() as store:
        feedback = public_feedback.find_feedback(store, actor(), ref)
    form = VersionedForm(obj=feedback)
    if form.validate_on_submit():
        with writing() as store:
            public_feedback.delete(store, actor(), ref, form.expected_version())
        flash(gettext("Feedback deleted."), "success")
        return redirect(url_for("feedback.list_feedback"))
    return render_template("hotspots/delete_feedback.html", form=form, feedback=feedback)
