"""What every command shares: ``--json`` and ``--data-dir``, exit status, and how a fault is told.

Decides that results go to stdout and words about them to stderr; refuses to know any command.
Exit status: 0 done, 1 the work itself failed, 2 wrong usage.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from wlantrack.cli.patience import Patience
from wlantrack.errors import InvalidInput, Message, NotFound, Problem, WlantrackError, msg
from wlantrack.services.installation import Stores, open_stores
from wlantrack.settings import Settings, load_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from contextlib import AbstractContextManager

    from flask import Flask

    from wlantrack.cli.main import Root

FAILED = 1
SHOWN_WARNINGS = 20


@dataclass(frozen=True)
class Run:
    """One run of a command: the installation it works on."""

    settings: Settings
    create_app: Callable[[Settings], Flask]

    def stores(self) -> AbstractContextManager[Stores]:
        """Open database and files, created or migrated if need be."""
        return open_stores(self.settings)


@dataclass(frozen=True)
class Outcome:
    """What a command has done: a document for ``--json``, text for people, and warnings."""

    document: object
    text: str
    warnings: tuple[Message | Problem, ...] = ()
    is_failure: bool = False


class Command(click.Command):
    """A command whose callback takes a :class:`Run` and its own options, and gives an outcome.

    Parameters
    ----------
    is_patient
        Whether a sign of life is shown on a terminal while it works.
    """

    def __init__(self, *args: Any, is_patient: bool = True, **kwargs: Any) -> None:  # noqa: ANN401 - handed through to click
        super().__init__(*args, **kwargs)
        self.is_patient = is_patient
        self.params += [
            click.Option(["--json", "as_json"], is_flag=True, help="Print one JSON document."),
            click.Option(
                ["--data-dir"],
                type=click.Path(file_okay=False, path_type=Path),
                help="Folder of the embedded database and files.",
            ),
        ]

    def invoke(self, ctx: click.Context) -> None:
        """Do the work, then print its outcome; a fault becomes a message and status 1."""
        as_json = bool(ctx.params.pop("as_json"))
        data_dir = ctx.params.pop("data_dir")
        root: Root = ctx.obj
        try:
            run = Run(load_settings(data_dir=data_dir or root.data_dir), root.create_app)
            with Patience(is_shown=self.is_patient):
                outcome: Outcome = ctx.invoke(self.callback, run, **ctx.params)  # type: ignore[arg-type]
        except WlantrackError as error:
            _fail(error, as_json=as_json)
        except OSError as error:
            _fail(_explain(error), as_json=as_json)
        _warn(outcome.warnings)
        if outcome.text and (outcome.is_failure or not as_json):
            click.echo(outcome.text, err=outcome.is_failure)
        if as_json:
            print_json(outcome.document)
        if outcome.is_failure:
            ctx.exit(FAILED)


def _warn(warnings: Sequence[Message | Problem]) -> None:
    for warning in warnings[:SHOWN_WARNINGS]:
        click.echo(f"Warning: {warning}", err=True)
    if len(warnings) > SHOWN_WARNINGS:
        click.echo(f"... and {len(warnings) - SHOWN_WARNINGS} more warnings.", err=True)


def print_json(document: object) -> None:
    """Print one JSON document on stdout."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def describe_problems(problems: Iterable[Problem]) -> list[dict[str, object]]:
    """Give problems as JSON's own types."""
    return [
        asdict(replace(problem, message=Message(""), remedy=None))
        | {
            "message": str(problem.message),
            "remedy": None if problem.remedy is None else str(problem.remedy),
        }
        for problem in problems
    ]


def _fail(error: WlantrackError, *, as_json: bool) -> NoReturn:
    click.echo(f"Error: {error}", err=True)
    if as_json:
        problems = error.problems if isinstance(error, InvalidInput) else ()
        message = str(error if isinstance(error, NotFound) else error.message)
        print_json({"error": {"message": message, "problems": describe_problems(problems)}})
    raise click.exceptions.Exit(FAILED) from error


def _explain(error: OSError) -> WlantrackError:
    return InvalidInput(
        Problem(
            msg("The system refuses this: %(reason)s.", reason=error.strerror or str(error)),
            msg("Check that the path exists and that you may write there."),
            file=None if error.filename is None else str(error.filename),
        )
    )
