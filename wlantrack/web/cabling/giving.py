"""Runs ticked in the list of cables are given to a permit, an order or a work package.

Decides how that is asked for and told, row by row; refuses to know what the record is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from flask import redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import InputRequired

from wlantrack.rollout.lifecycle import CABLE_STATES
from wlantrack.services.bulk_changes import LARGEST_BULK, Selected
from wlantrack.web.context import actor, reading, writing
from wlantrack.web.forms import EntryForm
from wlantrack.web.session.routes import safe_target
from wlantrack.web.undo.routes import flash_with_undo

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from wlantrack.services.actor import Actor
    from wlantrack.services.bulk_changes import BulkResult


class Choice(Protocol):
    """What is offered."""

    @property
    def public_id(self) -> uuid.UUID:
        """Give by what it is chosen."""
        ...


class Named(Protocol):
    """What runs are given to."""

    @property
    def code(self) -> Any:  # noqa: ANN401 - a mapped column
        """Give by what people name it."""
        ...


Offered = TypeVar("Offered", bound=Choice)
Record = TypeVar("Record", bound=Named)


class GivingForm(EntryForm):
    """The record to which ticked runs are given."""

    record = SelectField(
        validators=[InputRequired(_l("Choose to what the cables shall be given."))],
        validate_choice=False,
    )


@dataclass(frozen=True, kw_only=True)
class Giving(Generic[Offered, Record]):
    """How ticked runs are given to records of one kind.

    Attributes
    ----------
    template
        Asks to which one.
    endpoint
        Shows one.
    label
        Names the kind.
    prompt
        Stands in the choice before one is chosen: the wrong record is worse than none.
    tell
        Says that a record has got so many runs.
    """

    template: str
    endpoint: str
    label: Any
    prompt: Any
    list_choices: Callable[[Session, Actor, list[Selected]], list[Offered]]
    describe: Callable[[Offered], str]
    give: Callable[[Session, Actor, str, list[Selected]], tuple[Record, BulkResult]]
    tell: Callable[[Record, int], str]

    def choose(self) -> ResponseReturnValue:
        """Show to which records the ticked runs can be given."""
        return self._ask(GivingForm(formdata=None), _read_selected())

    def apply(self) -> ResponseReturnValue:
        """Give the ticked runs to a record, and tell what became of each."""
        form, selected = GivingForm(), _read_selected()
        back = safe_target(request.form.get("next"))
        if form.validate():
            with form.refusals(), writing() as store:
                record, result = self.give(store, actor(), form.record.data, selected)
                words = gettext("No cable run could be given to %(code)s.", code=record.code)
                if result.changed:
                    words = self.tell(record, len(result.changed))
                    flash_with_undo(words, back)
                if not result.refused:
                    return redirect(back)
                return render_template(
                    "cabling/given.html",
                    title=words.removesuffix("."),
                    result=result,
                    record=record,
                    endpoint=self.endpoint,
                    next=back,
                    states=CABLE_STATES,
                )
        return self._ask(form, selected)

    def _ask(self, form: GivingForm, selected: list[Selected]) -> ResponseReturnValue:
        ticked = selected[:LARGEST_BULK]
        with reading() as store:
            choices = self.list_choices(store, actor(), ticked)
        form.record.label.text = self.label
        offered = [(str(row.public_id), self.describe(row)) for row in choices]
        form.record.choices = [("", self.prompt), *offered]
        return render_template(
            self.template,
            form=form,
            selected=ticked,
            has_choices=bool(choices),
            next=safe_target(request.values.get("next") or url_for("cabling.list_runs")),
        )


def _read_selected() -> list[Selected]:
    return [Selected.parse(text) for text in request.form.getlist("ids")]
