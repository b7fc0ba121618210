"""Hostile uploads are parsed in a process of their own, limited in time, memory and reach.

Decides when a reading is given up and how that is told. Refuses to know any format: a reader is
named by its path and runs in :mod:`wlantrack.formats.sandbox_worker`.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import wlantrack
from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.formats import limits, wire
from wlantrack.formats.wire import Failure, Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

_SLOTS: Final = threading.BoundedSemaphore(limits.SANDBOX_SLOTS)
_WORKER: Final = "wlantrack.formats.sandbox_worker"
_REPAIR: Final = msg("Open it in the program that made it, save it again, and upload the new file.")
_REDUCE: Final = msg(
    "Reduce the file to the part that is needed: fewer pages, smaller pictures, fewer objects."
)


@dataclass(frozen=True)
class Allowance:
    """What one reading may use."""

    seconds: float = limits.SANDBOX_SECONDS
    memory_bytes: int = limits.SANDBOX_MEMORY_BYTES
    output_bytes: int = limits.SANDBOX_OUTPUT_BYTES


_DEFAULT: Final = Allowance()


def run_in_sandbox(
    kind: Any,  # noqa: ANN401 - the type of the result is the argument
    reader: str,
    data: bytes,
    options: Mapping[str, object] | None = None,
    *,
    file: str | None = None,
    allowance: Allowance = _DEFAULT,
) -> Any:  # noqa: ANN401 - an instance of `kind`
    """Run ``reader(data, **options)`` in a limited process and return its result.

    Parameters
    ----------
    kind
        Type of the result: a dataclass, ``tuple[...]`` or plain type; nothing else is accepted.
    reader
        ``"package.module:function"``; the function takes bytes and keyword options.
    data
        The upload.
    options
        Plain values for the reader by keyword; they cross as JSON.
    file
        Name of the upload, for messages; None if the reader itself names its files.
    allowance
        Time (start-up included), address space and size of the result.

    Returns
    -------
    object
        An instance of `kind`.

    Raises
    ------
    InvalidInput
        If the reader refuses the file, fails on it, crashes, or needs too much time or memory.

    Notes
    -----
    The folder is the only place the reader may write to, and is gone afterwards. What it sends
    back is JSON, read into `kind` alone (:mod:`wlantrack.formats.wire`).
    """
    with _SLOTS, tempfile.TemporaryDirectory(prefix="wlantrack-") as name:
        folder = Path(name).resolve()
        request = {
            "reader": reader,
            "options": dict(options or {}),
            "memory_bytes": allowance.memory_bytes,
            "output_bytes": allowance.output_bytes,
            "seconds": allowance.seconds,
        }
        (folder / "request").write_text(json.dumps(request), encoding="utf-8")
        (folder / "upload").write_bytes(data)
        failure = _run_worker(folder, allowance)
        answer = failure or _read_answer(folder / "answer", kind, allowance)
    if isinstance(answer, Refusal):
        raise InvalidInput(*(replace(each, file=file or each.file) for each in answer.problems))
    if isinstance(answer, Failure):
        raise InvalidInput(_explain_failure(answer, allowance, file))
    return answer


def _run_worker(folder: Path, allowance: Allowance) -> Failure | None:
    command = [sys.executable, "-P", "-s", "-B", "-m", _WORKER, str(folder)]
    with subprocess.Popen(  # noqa: S603 - own module, no shell, no user input in the command
        command,
        cwd=folder,
        env=_clean_environment(folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            status = process.wait(allowance.seconds)
        except subprocess.TimeoutExpired:
            return Failure("time")
        finally:
            _kill_with_children(process)
    if status == 0:
        return None
    name = signal.Signals(-status).name if -status in set(signal.Signals) else str(status)
    return Failure("time" if name in {"SIGALRM", "SIGXCPU"} else "crash", name)


def _kill_with_children(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


def _clean_environment(folder: Path) -> dict[str, str]:
    """Give the worker the import path and its folder, and none of the server's secrets."""
    package_root = str(Path(wlantrack.__file__).parent.parent)
    environment = {
        "PYTHONPATH": os.pathsep.join([package_root, *filter(None, sys.path)]),
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
        "OPENBLAS_NUM_THREADS": "1",  # each thread of it reserves address space
    }
    # Windows cannot start Python without it; elsewhere it stays unexpanded.
    system_root = os.path.expandvars("$SYSTEMROOT")
    if not system_root.startswith("$"):
        environment["SYSTEMROOT"] = system_root
    return environment


def _read_answer(path: Path, kind: Any, allowance: Allowance) -> Any:  # noqa: ANN401 - see above
    try:
        # A reader taken over by its file could leave a link to somewhere else, or a pipe.
        if path.is_symlink() or not path.is_file():
            return Failure("crash", "no answer")
        if path.stat().st_size > allowance.output_bytes:
            return Failure("output")
        return wire.decode(kind | Refusal | Failure, path.read_bytes())
    except (OSError, wire.WireError):
        return Failure("crash", "no valid answer")


def _explain_failure(failure: Failure, allowance: Allowance, file: str | None) -> Problem:
    if failure.kind == "time":
        message = msg(
            "Reading took longer than %(seconds)g seconds and was stopped.",
            seconds=allowance.seconds,
        )
        return Problem(message, _REDUCE, file=file)
    if failure.kind in {"memory", "output"}:
        message = msg(
            "Reading needs more than the %(mebibytes)s MiB of memory allowed and was stopped.",
            mebibytes=allowance.memory_bytes // limits.MIB,
        )
        return Problem(message, _REDUCE, file=file)
    if failure.kind == "crash":
        message = msg(
            "Reading broke off (%(detail)s): the file is damaged or needs too much memory.",
            detail=failure.detail,
        )
        return Problem(message, _REPAIR, file=file)
    message = msg("The file cannot be read: %(detail)s.", detail=failure.detail)
    return Problem(message, _REPAIR, file=file)
