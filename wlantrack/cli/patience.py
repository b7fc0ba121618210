"""Shows on a terminal that a long command is at work; decides when, and refuses to know what."""

from __future__ import annotations

import sys
import threading
import time
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import TracebackType

_QUIET_S = 2.0
_STEP_S = 0.25
_WIDTH = 20


class Patience:
    """A moving bar with the elapsed time on stderr, from the third second on."""

    def __init__(self, *, is_shown: bool) -> None:
        self._is_shown = is_shown and sys.stderr.isatty()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._show, daemon=True)

    def __enter__(self) -> Self:
        """Begin to wait."""
        if self._is_shown:
            self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Clear the line."""
        if self._is_shown:
            self._done.set()
            self._thread.join()

    def _show(self) -> None:
        start = time.monotonic()
        if self._done.wait(_QUIET_S):
            return
        step = 0
        while not self._done.wait(_STEP_S):
            place = abs((step % (2 * _WIDTH - 2)) - (_WIDTH - 1))
            bar = "-" * place + "=" + "-" * (_WIDTH - 1 - place)
            sys.stderr.write(f"\r[{bar}] {time.monotonic() - start:.0f} s")
            sys.stderr.flush()
            step += 1
        sys.stderr.write("\r" + " " * (_WIDTH + 12) + "\r")
        sys.stderr.flush()
