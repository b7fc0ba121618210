"""Opens a DXF drawing; runs in the sandbox only.

Decides which faults of a file are repaired with a warning, and which are too grave.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from ezdxf import recover
from ezdxf.filemanagement import dxf_stream_info, read
from ezdxf.lldxf.const import DXFError

from wlantrack.errors import Message, msg
from wlantrack.formats.dxf_filter import filter_drawing, holds_no_number
from wlantrack.formats.dxf_geometry import BlockCounter
from wlantrack.formats.dxf_layers import LayerBook
from wlantrack.formats.dxf_sorter import DrawingSorter
from wlantrack.formats.limits import refuse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from wlantrack.formats.dxf import DxfPlan

_END: Final = re.compile(rb"(?:^|\n)\s*0[ \t]*\r?\n[ \t]*EOF\s*\Z")
_SAVE_AGAIN: Final = msg("Open it in the CAD program, save it again, and upload the new file.")


def read_drawing(data: bytes, *, layers: Mapping[str, str], unit: str | None) -> DxfPlan:
    """Read a text DXF.

    Raises
    ------
    InvalidInput
        If it is damaged, empty, too large, or holds what no drawing may.
    """
    book = LayerBook(layers)
    dropped: Counter[tuple[str, str]] = Counter()
    is_used: Callable[[str], bool] = book.is_used
    if holds_no_number(data):
        # It is refused wherever it stands, so nothing may be skipped before it is found.
        is_used = _use_all
    else:
        data, dropped = filter_drawing(data, is_used)
    document, warnings = _load(data)
    modelspace = document.modelspace()
    BlockCounter(document).require_few(modelspace)
    sorter = DrawingSorter(document, book, dropped)
    sorter.sort(modelspace, is_used)
    if not (sorter.found.polylines or sorter.openings or sorter.found.texts or dropped):
        raise refuse(msg("The drawing holds no lines and no texts."), _SAVE_AGAIN)
    return sorter.build(unit, document.header, warnings)


def _use_all(_layer: str) -> bool:
    return True


def _load(data: bytes) -> tuple[Any, list[Message]]:
    if not _END.search(data[-200:]):
        raise refuse(msg("The DXF ends early: its end mark is missing."), _SAVE_AGAIN)
    try:
        head = io.StringIO(data.decode("utf-8", "ignore"))
        encoding = dxf_stream_info(head).encoding
        return read(io.StringIO(data.decode(encoding, "surrogateescape"))), []
    except (DXFError, ValueError, LookupError, ArithmeticError, AttributeError, TypeError):
        return _repair(data)


def _repair(data: bytes) -> tuple[Any, list[Message]]:
    try:
        document, auditor = recover.read(io.BytesIO(data))
    except (DXFError, ValueError, LookupError, ArithmeticError, AttributeError, TypeError) as error:
        detail = (str(error) or type(error).__name__)[:200].rstrip(".")
        raise refuse(msg("The DXF is damaged: %(detail)s.", detail=detail), _SAVE_AGAIN) from error
    if auditor.has_errors:
        detail = str(auditor.errors[0].message)[:200].rstrip(".")
        raise refuse(msg("The DXF is damaged: %(detail)s.", detail=detail), _SAVE_AGAIN)
    return document, [msg("The DXF had faults that were repaired; check the result.")]
