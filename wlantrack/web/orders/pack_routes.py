"""Installation packs: what a visit is about, and its PDF, for staff and for the order's firm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request
from werkzeug.http import dump_options_header

from wlantrack.services import orders, packs
from wlantrack.services.actor import Action
from wlantrack.services.installation import Stores
from wlantrack.services.plan import find_clock
from wlantrack.web.context import actor, installation, reading
from wlantrack.web.languages import current_locale
from wlantrack.web.orders.forms import PackForm
from wlantrack.web.policies import policy

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("packs", __name__)


@blueprint.get("/orders/<ref>/pack")
@policy(Action.SEE_CABLING, Action.SEE_OWN_RUNS)
def choose(ref: str) -> ResponseReturnValue:
    """Ask for the day and the place of a visit."""
    return _page(ref, PackForm(formdata=None))


@blueprint.get("/orders/<ref>/pack/file")
@policy(Action.SEE_CABLING, Action.SEE_OWN_RUNS)
def write(ref: str) -> ResponseReturnValue:
    """Give the pack of a visit as PDF; what cannot be is said beside its field."""
    form, parts = PackForm(request.args), installation()
    clock = find_clock(parts.settings)
    stores = Stores(parts.database, parts.files, parts.pictures)
    printing = packs.Printing(stores, clock.region, current_locale(), clock.today)
    with reading() as store:
        form.offer(packs.list_places(store, actor(), orders.find_order(store, actor(), ref)))
        if form.validate():
            with form.refusals():
                pack = packs.write_pack(store, actor(), ref, form.visit(clock.today), printing)
                return _send(pack)
    return _page(ref, form), 400


def _send(pack: packs.PackFile) -> Response:
    response = Response(pack.data, content_type="application/pdf")
    response.headers["Content-Disposition"] = dump_options_header(
        "attachment", {"filename": pack.name}
    )
    return response


def _page(ref: str, form: PackForm) -> str:
    with reading() as store:
        order = orders.find_order(store, actor(), ref)
        form.offer(packs.list_places(store, actor(), order))
    if form.on.data is None and not form.on.errors:
        form.on.data = find_clock(installation().settings).today
    return render_template("orders/pack.html", form=form, record=order)
