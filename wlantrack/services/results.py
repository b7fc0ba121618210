"""What was computed is kept in memory until a record that it depends on changes.

Decides how a result is found again and what is dropped; refuses to know what results are. See
decision 0007.
"""

from __future__ import annotations

import itertools
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, TypeVar

from wlantrack.store.audit import has_written
from wlantrack.store.queries import history
from wlantrack.store.session import ReadingSession

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import numpy.typing as npt
    from sqlalchemy.orm import Session

    Raster = npt.NDArray[np.float32]

CACHE_BYTES = 96 * 2**20
REMEMBERED = 64
_STAMP = "latest_change"
_UNSHARED = itertools.count(1)

Result = TypeVar("Result")


class ResultCache:
    """Keeps what was computed last; safe to share between threads.

    Results (scenes, plans, reports, pages) are remembered by keys of a name, a :func:`stamp`, and
    more; what was made before a change goes as soon as something of its name is made anew. Layers
    of predictions are found by the hash of all they depend on and dropped beyond a number of bytes.
    """

    def __init__(self, limit_bytes: int = CACHE_BYTES) -> None:
        self.limit_bytes = limit_bytes
        self._results: OrderedDict[object, object] = OrderedDict()
        self._making: dict[object, threading.Lock] = {}
        self._layers: OrderedDict[str, Raster] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def find(self, key: str) -> Raster | None:
        """Give a kept layer and mark it as used."""
        with self._lock:
            layer = self._layers.get(key)
            if layer is not None:
                self._layers.move_to_end(key)
            return layer

    def remember(self, key: object, make: Callable[[], Result]) -> Result:
        """Give the result of a key, made now if it is not remembered.

        Who asks for what somebody else is making waits for it instead of making it again.
        """
        with self._lock:
            if key in self._results:
                self._results.move_to_end(key)
                return self._results[key]  # type: ignore[return-value] # made by the same maker
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                if key in self._results:
                    return self._results[key]  # type: ignore[return-value] # as above
            try:
                result = make()
                with self._lock:
                    self._results[key] = result
                    self._drop_older(key)
                    while len(self._results) > REMEMBERED:
                        self._results.popitem(last=False)
            finally:
                with self._lock:
                    self._making.pop(key, None)
        return result

    def _drop_older(self, key: object) -> None:
        """Drop results of the same name from before a change: nobody asks for them any more."""
        match key:
            case (name, int(moment), *_):
                for other in [*self._results]:
                    match other:
                        case (named, int(before), *_) if named == name and before < moment:
                            del self._results[other]

    def keep(self, key: str, layer: Raster) -> None:
        """Keep a layer, dropping those not used for longest."""
        with self._lock:
            if key in self._layers:
                return
            self._layers[key] = layer
            self._bytes += layer.nbytes
            while self._bytes > self.limit_bytes and len(self._layers) > 1:
                _, dropped = self._layers.popitem(last=False)
                self._bytes -= dropped.nbytes


def stamp(session: Session, entities: tuple[str, ...] = ()) -> int:
    """Give a number that rises with every change of some entities.

    Without any, all count but accounts and log-ins. Within a transaction a session that reads sees
    one state of the database: it is asked once. What a session has written may be rolled back, and
    the next change may get its number: what it sees gets numbers that never come again.
    """
    if has_written(session):
        return -next(_UNSHARED)
    if not isinstance(session, ReadingSession):
        return _latest_change(session, entities)
    transaction = session.get_transaction()
    known: tuple[object, dict[tuple[str, ...], int]] | None = session.info.get(_STAMP)
    if known is None or known[0] is not transaction:
        known = session.info[_STAMP] = (transaction, {})
    if entities not in known[1]:
        known[1][entities] = _latest_change(session, entities)
    return known[1][entities]


def _latest_change(session: Session, entities: tuple[str, ...]) -> int:
    if entities:
        return history.latest_change_of(session, entities)
    return history.latest_change_id(session)
