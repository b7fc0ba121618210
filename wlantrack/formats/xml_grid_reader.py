"""XML as headers and cells; runs in the sandbox only.

Decides which elements are records: walking down from the root, the first ones that repeat. What is
written inside a record, at whatever depth, becomes its cells, named by the way to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from defusedxml import ElementTree

from wlantrack.errors import msg
from wlantrack.formats import limits
from wlantrack.formats.limits import refuse
from wlantrack.formats.table_grid import Grid

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

ATTRIBUTE: Final = "@"
_SAVE_AS: Final = msg("Save the table as CSV or XLSX and upload the new file.")


def read_xml_grid(data: bytes) -> Grid:
    """Read records out of XML; a single record is a table of one row.

    Raises
    ------
    InvalidInput
        It is no XML, defines entities, nests too deep, or holds too much or nothing.
    """
    root = _parse(data)
    limits.require_at_most(sum(1 for _ in root.iter()), limits.TABLE_CELLS, msg("cells"))
    records = _find_records(root)
    limits.require_at_most(len(records), limits.TABLE_ROWS, msg("rows"))
    rows = [dict(_walk(record, "")) for record in records]
    headers = list(dict.fromkeys(name for row in rows for name in row))
    if not headers:
        raise refuse(msg("The table is empty."), msg("Choose another file."))
    limits.require_at_most(len(headers), limits.TABLE_COLUMNS, msg("columns"))
    cells = tuple(tuple(row.get(name) for name in headers) for row in rows)
    return Grid(tuple(headers), cells, "both", ())


def _parse(data: bytes) -> Element:
    try:
        root: Element = ElementTree.fromstring(data, forbid_dtd=True)
    except ElementTree.ParseError as error:
        raise refuse(msg("The XML is damaged: %(detail)s.", detail=str(error)), _SAVE_AS) from error
    except LookupError as error:
        raise refuse(
            msg("The XML is damaged: %(detail)s.", detail=str(error)[:200]), _SAVE_AS
        ) from error
    except ValueError as error:  # a document type or an entity
        raise refuse(
            msg("The XML holds a document type or entities, which are not read."), _SAVE_AS
        ) from error
    return root


def _find_records(element: Element, depth: int = 0) -> list[Element]:
    """Go down until something repeats; of several branches that with the most records counts."""
    if depth > limits.XML_DEPTH:
        raise refuse(msg("The XML nests too deep."), _SAVE_AS)
    kinds: dict[object, list[Element]] = {}
    for child in element:
        kinds.setdefault(child.tag, []).append(child)
    repeated = [same for same in kinds.values() if len(same) > 1]
    if repeated:
        return max(repeated, key=len)
    branches = [_find_records(child, depth + 1) for child in element if len(child)]
    found = max(branches, key=len, default=[])
    return found if len(found) > 1 or len(branches) == 1 == len(element) else [element]


def _walk(element: Element, path: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Give the texts and attributes inside an element, each with the way to it."""
    limits.require_at_most(depth, limits.XML_DEPTH, msg("levels"))
    for name, value in element.attrib.items():
        yield f"{path}{ATTRIBUTE}{_local(name)}", value.strip()
    text = (element.text or "").strip()
    if depth == 0:
        if text:
            yield _local(element.tag), text
    elif text or not (len(element) or element.attrib):
        yield path.removesuffix("/"), text
    seen: dict[str, int] = {}
    for child in element:
        name = _local(child.tag)
        seen[name] = seen.get(name, 0) + 1
        number = f"[{seen[name]}]" if seen[name] > 1 else ""
        yield from _walk(child, f"{path}{name}{number}/", depth + 1)


def _local(name: object) -> str:
    """Give a name without its namespace; comments have none."""
    return name.rpartition("}")[2] if isinstance(name, str) else "#"
