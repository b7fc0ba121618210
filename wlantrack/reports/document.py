"""What a report says, in one model that every form of it is written from.

Decides that a document is plain data in one language: headings, paragraphs, lists, tables with
header rows, figures with a description. Refuses to know where the words come from and how they
look: page, PDF, DOCX and XLSX read the same document, so their numbers cannot differ.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

Cell: TypeAlias = "str | int | float"
"""A cell of a table: numbers stay numbers, each form writes them in the document's language."""


@dataclass(frozen=True)
class Heading:
    """A heading below the title; level 1 is a question or chapter."""

    kind: ClassVar = "heading"
    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """Plain text; ``is_muted`` for remarks beside the matter."""

    kind: ClassVar = "paragraph"
    text: str
    is_muted: bool = False


@dataclass(frozen=True)
class Bullets:
    """A list, numbered or not."""

    kind: ClassVar = "bullets"
    items: tuple[str, ...]
    is_numbered: bool = False


@dataclass(frozen=True)
class Table:
    """A table with a caption and one header row; ``total`` is a last row of sums."""

    kind: ClassVar = "table"
    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] = ()
    widths: tuple[int, ...] = ()
    """How wide the columns are beside one another; empty: as their words need."""
    is_form: bool = False
    """Whether its rows are to be filled in by hand: they are high enough for that."""

    @property
    def numeric(self) -> tuple[bool, ...]:
        """Tell for each column whether it holds numbers, which stand on the right."""
        lines = (*self.rows, self.total) if self.total else self.rows
        return tuple(
            bool(self.rows) and all(not isinstance(line[place], str) for line in lines)
            for place in range(len(self.headers))
        )


@dataclass(frozen=True)
class Figure:
    """A picture as SVG, what it shows for those who do not see it, and its caption."""

    kind: ClassVar = "figure"
    svg: str
    alt: str
    caption: str


@dataclass(frozen=True)
class Note:
    """A remark in a frame."""

    kind: ClassVar = "note"
    text: str


@dataclass(frozen=True)
class Signatures:
    """Lines on which people sign: what stands below each, such as a name or an office."""

    kind: ClassVar = "signatures"
    names: tuple[str, ...]


Block: TypeAlias = Heading | Paragraph | Bullets | Table | Figure | Note | Signatures
_BLOCKS: dict[str, type[Any]] = {
    block.kind: block for block in (Heading, Paragraph, Bullets, Table, Figure, Note, Signatures)
}


@dataclass(frozen=True)
class Document:
    """A report: its title, what is known about it at a glance, and its blocks.

    ``date`` is an ISO day; ``author`` may be empty.
    """

    title: str
    language: str
    date: str
    subtitle: str = ""
    author: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    blocks: tuple[Block, ...] = ()
    footer: str = ""

    @property
    def tables(self) -> tuple[Table, ...]:
        """Give the tables in their order."""
        return tuple(block for block in self.blocks if isinstance(block, Table))

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Give the figures in their order."""
        return tuple(block for block in self.blocks if isinstance(block, Figure))

    @property
    def outline(self) -> Iterator[Heading]:
        """Give the headings in their order."""
        return (block for block in self.blocks if isinstance(block, Heading))


def to_json(document: Document) -> str:
    """Write a document so that the same document gives the same text."""
    values = asdict(document)
    values["blocks"] = [{"kind": block.kind, **asdict(block)} for block in document.blocks]
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_json(text: str) -> Document:
    """Read a document that :func:`to_json` wrote."""
    values = json.loads(text)
    blocks = tuple(_read_block(block) for block in values.pop("blocks"))
    return Document(**{key: _freeze(value) for key, value in values.items()}, blocks=blocks)


def hash_of(text: str) -> str:
    """Give the SHA-256 of a document as it was written."""
    return hashlib.sha256(text.encode()).hexdigest()


def _read_block(values: dict[str, Any]) -> Block:
    made = _BLOCKS[values["kind"]]
    known = {item.name for item in fields(made)}
    block: Block = made(**{key: _freeze(values[key]) for key in values if key in known})
    return block


def _freeze(value: Any) -> Any:  # noqa: ANN401 - JSON
    return tuple(_freeze(item) for item in value) if isinstance(value, list) else value


def write_cell(value: Cell, language: str) -> str:
    """Write a cell as people of a language read it; two decimals at most."""
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        value = round(value, 2) + 0.0  # what is rounded to nothing has no sign
        text = f"{value:,.2f}".rstrip("0").rstrip(".")
    else:
        text = f"{value:,d}"
    if abs(value) < 10_000:
        text = text.replace(",", "")  # four digits stand together
    return text.translate(_GERMAN_SIGNS) if language == "de" else text


_GERMAN_SIGNS = str.maketrans({",": ".", ".": ","})
