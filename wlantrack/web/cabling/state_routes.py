"""Cable runs are carried through their states: one, many at once, or from the board."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext

from wlantrack.errors import InvalidInput
from wlantrack.rollout.lifecycle import CABLE_LIFECYCLE, CABLE_STATES
from wlantrack.services import cable_runs, cable_states, penetrations, run_sight
from wlantrack.services.actor import Action
from wlantrack.services.bulk_changes import LARGEST_BULK, Selected
from wlantrack.services.penetrations import SEALED
from wlantrack.web.cabling.forms import BulkForm, ChangeForm, FilterForm
from wlantrack.web.cabling.routes import list_context, offer_filters, run_context
from wlantrack.web.cabling.words import cabling_tabs, state_choices
from wlantrack.web.context import actor, installation, reading, writing
from wlantrack.web.languages import describe_problem, local_today, translate
from wlantrack.web.policies import policy
from wlantrack.web.session.routes import safe_target
from wlantrack.web.undo.routes import flash_with_undo

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping, Sequence

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from wlantrack.services.bulk_changes import BulkResult
    from wlantrack.store.models.cabling import CableRun
    from wlantrack.store.models.permits import Penetration

blueprint = Blueprint("cabling_states", __name__)

CARDS_A_COLUMN = 20
KEPT_EVIDENCE = frozenset({"firm", "permit", "switch_port"})
"""What a run may know already, so that nobody needs to write it for many."""


@blueprint.get("/cabling/board")
@policy(Action.SEE_CABLING, Action.SEE_OWN_RUNS)
def show_board() -> ResponseReturnValue:
    """Show the runs in columns by state; each is moved by a page with its evidence."""
    form = FilterForm(request.args)
    with reading() as store:
        offer_filters(store, form)
        del form.state, form.warning
        counts = cable_runs.count_states(store, actor(), form.narrow_to())
        cards = cable_runs.list_first(store, actor(), form.narrow_to(), CARDS_A_COLUMN)
        columns = [
            (state, counts.get(state.key, 0), cards.get(state.key, []))
            for state in map(CABLE_STATES.__getitem__, run_sight.list_states(actor()))
        ]
    return render_template(
        "cabling/board.html",
        form=form,
        columns=columns,
        tabs=cabling_tabs(),
        shown=CARDS_A_COLUMN,
        total=sum(counts.values()),
        next_state=_next_state,
        filters={name: value for name, value in form.data.items() if value},
        **list_context(),
    )


def _next_state(state: str, *, crosses_fire_wall: bool) -> str | None:
    """Give where a run goes if all is well and this person may take it there."""
    following = cable_states.next_state(state, crosses_fire_wall=crosses_fire_wall)
    change = CABLE_LIFECYCLE.transitions.get((state, following or ""))
    return following if change is not None and change.roles & actor().roles else None


@blueprint.route("/cabling/runs/<ref>/state", methods=["GET", "POST"])
@policy(Action.CHANGE_CABLE_STATE, Action.CARRY_OWN_RUNS)
def change_state(ref: str) -> ResponseReturnValue:
    """Choose the next state of a run, then give what it needs."""
    form = ChangeForm()
    with reading() as store:
        run = cable_runs.find_run(store, actor(), ref)
        run_sight.require_carry(actor(), run)
        context = run_context(store, run)
        ports = cable_runs.list_free_ports(store, run) if context["sees_inside"] else []
        target = str(form.target.data or request.args.get("target", ""))
        refused = _list_refusals(store, run, target)
    if target not in CABLE_STATES or (refused and not form.is_submitted()):
        return render_template("cabling/choose_state.html", refused=refused, **context)
    needed = cable_states.list_evidence([run.state], target)
    form.offer(list(context["photos"].values()))
    form.mark_needed([name for name in needed if name != "photo" or not context["photos"]])
    if not form.is_submitted():
        form.begin(target)
        form.version.data, form.firm.data = run.version, run.firm
        form.permit.data = ", ".join(context["papers"])
        if run.switch_port is not None and context["sees_inside"]:
            form.switch_port.data = f"{run.switch_port.switch.code}/{run.switch_port.name}"
    elif form.validate():
        opened = _list_opened(context["penetrations"], run, target)
        with form.refusals(), writing() as store:
            chosen = Selected(str(run.public_id), form.expected_version())
            files = installation().files
            cable_states.change_state(store, actor(), files, chosen, form.change())
            back = safe_target(request.form.get("next") or url_for("cabling.show_run", ref=ref))
            words = gettext(
                "%(label)s is now »%(state)s«.",
                label=run.label,
                state=translate(CABLE_STATES[target].label),
            )
            tell_change(words, back)
            tell_opened(opened)
            return redirect(back)
    return render_template(
        "cabling/state.html",
        form=form,
        target=CABLE_STATES[target],
        needed=needed,
        next=request.values.get("next", ""),
        ports=ports,
        **context,
    )


def _list_opened(through: Sequence[Penetration], run: CableRun, target: str) -> list[str]:
    """Name the penetrations whose seal a change opens."""
    if target != "pulled" or run.state == "blocked":
        return []
    return [item.code for item in through if item.state in SEALED]


def _list_seals(result: BulkResult, seals: Mapping[uuid.UUID, list[str]]) -> list[str]:
    """Name the penetrations whose seal a change of many runs has opened."""
    found = (seals.get(row.public_id, []) for row in result.changed if row.public_id)
    return sorted({code for codes in found for code in codes})


def tell_opened(codes: Sequence[str]) -> None:
    """Say which seals a further cable has opened; a firm is not told of what others drilled."""
    if codes and actor().can_anywhere(Action.SEE_CABLING):
        words = gettext("Open again, to be sealed anew: %(codes)s.", codes=", ".join(codes))
        flash(words, "warning")


def tell_change(words: str, back: str) -> None:
    """Say what was done; taking it back is for staff, a firm asks the city."""
    if actor().can_anywhere(Action.CHANGE_CABLE_STATE):
        flash_with_undo(words, back)
    else:
        flash(words, "success")


def _list_refusals(store: Session, run: CableRun, target: str) -> list[str]:
    """Say why a run cannot go to a state now, whatever evidence there is."""
    if target not in CABLE_STATES:
        return []
    selected = [Selected(str(run.public_id))]
    preview = cable_states.preview_bulk(store, actor(), selected, target, local_today())
    return [describe_problem(problem) for row in preview.refused for problem in row.problems]


@blueprint.route("/cabling/state", methods=["GET", "POST"])
@policy(Action.CHANGE_CABLE_STATE, Action.CARRY_OWN_RUNS)
def choose_many() -> ResponseReturnValue:
    """Show what a change of many runs needs: those ticked in the list, or all that match."""
    bulk, back = BulkForm(), safe_target(request.values.get("next") or url_for("cabling.list_runs"))
    target = str(request.values.get("target", ""))
    with reading() as store:
        selected = _read_selection(store)
        seen = _with_versions(store, selected[:LARGEST_BULK])
        try:
            preview = cable_states.preview_bulk(store, actor(), selected, target, local_today())
        except InvalidInput as error:
            bulk.target.choices = state_choices()
            bulk.problems += [translate(problem.message) for problem in error.problems]
            return render_template("cabling/bulk_choose.html", form=bulk, selected=seen, next=back)
    form = ChangeForm(formdata=None)
    form.begin(target)
    return _bulk_page(form, preview, seen, back)


def _read_selection(store: Session) -> list[Selected]:
    ids = request.values.getlist("ids")
    if ids or request.method == "POST":
        return [Selected.parse(text) for text in ids]
    form = FilterForm(request.args)
    found = cable_runs.list_matching(store, actor(), form.narrow(), form.warning.data or "")
    return [Selected(str(item.row.public_id), item.row.version) for item in found]


def _with_versions(store: Session, selected: list[Selected]) -> list[Selected]:
    """Give the selection with the versions that the reader sees now."""
    versions = cable_runs.list_versions(store, actor(), [item.ref for item in selected])
    return [Selected(item.ref, item.version or versions.get(item.ref)) for item in selected]


@blueprint.post("/cabling/state/apply")
@policy(Action.CHANGE_CABLE_STATE, Action.CARRY_OWN_RUNS)
def change_many() -> ResponseReturnValue:
    """Change many runs in one transaction, and tell what became of each."""
    form, back = ChangeForm(), safe_target(request.form.get("next"))
    selected = [Selected.parse_seen(text) for text in request.form.getlist("ids")]
    target = str(form.target.data)
    if form.validate() and target in CABLE_STATES:
        with form.refusals(), writing() as store:
            files = installation().files
            seals = penetrations.list_seals(store, selected) if target == "pulled" else {}
            result = cable_states.change_states(store, actor(), files, selected, form.change())
            if result.changed:
                tell_change(describe_bulk(result), back)
                tell_opened(_list_seals(result, seals))
            if not result.refused:
                return redirect(back)
            return render_template("cabling/bulk_result.html", result=result, next=back, **_words())
    with reading() as store:
        preview = cable_states.preview_bulk(store, actor(), selected, target, local_today())
    return _bulk_page(form, preview, selected, back)


def describe_bulk(result: BulkResult) -> str:
    """Say how many runs are in which state now."""
    return str(
        ngettext(
            "%(num)d cable set to »%(state)s«.",
            "%(num)d cables set to »%(state)s«.",
            len(result.changed),
            state=translate(CABLE_STATES[result.target].label),
        )
    )


def _words() -> dict[str, Any]:
    return {"states": CABLE_STATES, "translate": translate}


def _bulk_page(
    form: ChangeForm, preview: BulkResult, selected: list[Selected], back: str
) -> ResponseReturnValue:
    sources = sorted({row.source for row in preview.changed})
    needed = cable_states.list_evidence(sources, preview.target)
    form.mark_needed([name for name in needed if name not in KEPT_EVIDENCE])
    return render_template(
        "cabling/bulk_state.html",
        form=form,
        preview=preview,
        target=CABLE_STATES[preview.target],
        needed=needed,
        selected=selected,
        next=back,
        **_words(),
    )
