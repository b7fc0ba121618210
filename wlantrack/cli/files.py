"""Files that commands read and write: bounded in, whole or not at all out."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

if TYPE_CHECKING:
    from collections.abc import Callable

INPUT = click.Path(exists=True, dir_okay=False, path_type=Path)
"""An argument that names a file to read."""

OUTPUT = click.Path(dir_okay=False, path_type=Path)
"""An option that names a file to write."""


def read_bounded(path: Path, limit_bytes: int) -> bytes:
    """Read a file up to one byte more than its format allows; the format refuses what is longer."""
    with path.open("rb") as file:
        return file.read(limit_bytes + 1)


def write_whole(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Write a file so that it is there with all its bytes, or as it was before.

    Raises
    ------
    OSError
        Names the file, not the scratch file beside it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with scratch.open("xb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(path)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        scratch.unlink(missing_ok=True)


def require_ending(path: Path, *endings: str) -> str:
    """Give a file's ending without the dot, in small letters.

    Raises
    ------
    BadParameter
        It is none of those allowed: wrong usage.
    """
    ending = path.suffix.lower().removeprefix(".")
    if ending not in endings:
        choices = " or ".join(f".{item}" for item in endings)
        raise click.BadParameter(f"{path.name!r} does not end in {choices}.", param_hint="--out")
    return ending
