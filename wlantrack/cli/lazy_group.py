"""Groups that load a command only when it is called.

Decides that ``--help`` and a dry run do not pay for libraries they do not need; refuses to know
what the commands do.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Mapping


class LazyGroup(click.Group):
    """A group of commands in modules of their own, each called ``command`` there.

    Parameters
    ----------
    modules
        Name of each command to its module and the line about it in ``--help``.
    """

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - handed through to click
        modules: Mapping[str, tuple[str, str]],
        **kwargs: Any,  # noqa: ANN401 - handed through to click
    ) -> None:
        super().__init__(*args, **kwargs)
        self.modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the names in the order of the table."""
        del ctx
        return list(self.modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of a command."""
        del ctx
        if cmd_name not in self.modules:
            return None
        command: click.Command = importlib.import_module(self.modules[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in self.modules.items()])
