"""The process in which one upload is read: ``python -m wlantrack.formats.sandbox_worker FOLDER``.

Decides what a reader may touch: limited memory, time and output, no network, no other programs,
no file written outside its folder. Imports nothing but the reader that is asked for.
"""

from __future__ import annotations

import importlib
import json
import math
import os
import re
import signal
import sys
import warnings
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from wlantrack.errors import InvalidInput
from wlantrack.formats import wire
from wlantrack.formats.wire import Failure, Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

DETAIL_CHARACTERS: Final = 200
SPARE_BYTES: Final = 8 * 1024 * 1024
WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
FORBIDDEN: Final = re.compile(
    r"os\.(chmod|chown|exec|fork|forkpty|kill|killpg|link|mkdir|posix_spawn|putenv|remove|rename"
    r"|rmdir|spawn|symlink|system|truncate|utime)|shutil\..*|socket\.__new__|subprocess\.Popen"
)


def main(folder: Path) -> None:
    """Carry out the request in `folder` and leave the answer beside it."""
    request = json.loads((folder / "request").read_text(encoding="utf-8"))
    _limit_resources(request)
    warnings.simplefilter("ignore")  # a reader decides itself which warnings count
    module, _, function = request["reader"].partition(":")
    reader = getattr(importlib.import_module(module), function)
    data = (folder / "upload").read_bytes()
    sys.addaudithook(_guard(str(folder)))
    with (folder / "answer").open("wb") as answer:
        spare = bytearray(SPARE_BYTES)  # freed for the answer when memory has run out
        result = _run(reader, data, request["options"])
        del spare
        if len(result) > request["output_bytes"]:
            result = wire.encode(Failure("output"))
        answer.write(result)


def _run(reader: Callable[..., object], data: bytes, options: dict[str, Any]) -> bytes:
    try:
        return wire.encode(reader(data, **options))
    except InvalidInput as refusal:
        return wire.encode(Refusal(refusal.problems))
    except MemoryError:
        return wire.encode(Failure("memory"))
    except Exception as error:  # noqa: BLE001 - parsers of hostile files raise anything
        detail = f"{type(error).__name__}: {error}"
        return wire.encode(Failure("error", detail[:DETAIL_CHARACTERS].strip().rstrip(".")))


def _limit_resources(request: dict[str, Any]) -> None:
    """Set the limits that hold even if the parent dies; the parent keeps the deadline."""
    seconds = math.ceil(request["seconds"]) + 1
    with suppress(AttributeError):  # no such signal on Windows
        signal.alarm(seconds)
    try:
        import resource  # noqa: PLC0415 - absent on Windows, where only the deadline holds
    except ImportError:
        return
    for name, limit in (
        (resource.RLIMIT_AS, request["memory_bytes"]),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, request["output_bytes"]),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):  # a stricter limit is set already
            resource.setrlimit(name, (limit, limit))


def _guard(folder: str) -> Callable[[str, tuple[Any, ...]], None]:
    """Build the audit hook that stops a reader reaching outside `folder`."""
    inside = folder + os.sep

    def check(event: str, arguments: tuple[Any, ...]) -> None:
        if FORBIDDEN.fullmatch(event):
            raise PermissionError(f"{event} is not allowed while an upload is read")
        if event != "open" or not isinstance(arguments[2], int) or not arguments[2] & WRITING:
            return
        path = arguments[0]
        if isinstance(path, int):  # a descriptor that is open already
            return
        if not os.path.realpath(os.fsdecode(path)).startswith(inside):
            raise PermissionError("writing is not allowed while an upload is read")

    return check


if __name__ == "__main__":
    main(Path(sys.argv[1]))
