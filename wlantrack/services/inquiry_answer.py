"""The answer to an inquiry: prose that people write, with blocks of data in between.

Decides how an answer is typed: paragraphs with a blank line between, list items that begin with a
hyphen, and lines such as ``[[Termine]]`` or ``[[progress RH]]`` where a block of data stands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from wlantrack.errors import Problem, msg
from wlantrack.reports.document import Bullets, Document, Heading, Note, Paragraph
from wlantrack.services.answer_blocks import BLOCKS, write_block
from wlantrack.services.council_answer import QUESTIONS
from wlantrack.services.voices import find_voice

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from wlantrack.reports.document import Block
    from wlantrack.services.council_facts import CouncilFacts
    from wlantrack.services.voices import Voice
    from wlantrack.store.models.inquiries import Inquiry, InquiryQuestion

GERMAN_NAMES: Final[Mapping[str, str]] = {
    "equipped": "Ausstattung",
    "coming": "Termine",
    "undated": "ohne Termin",
    "progress": "Fortschritt",
    "coverage": "Ausleuchtung",
    "posts": "Stellen",
    "training": "Schulung",
    "support": "Betreuung",
    "decisions": "Beschlüsse",
}
"""What blocks are called in German answers; English ones use their keys."""
_BY_NAME: Final[Mapping[str, str]] = {
    **{key: key for key in BLOCKS},
    **{name.casefold(): key for key, name in GERMAN_NAMES.items()},
}
_MARK: Final = re.compile(r"^\s*\[\[(.*)\]\]\s*$")
_LONGEST_HEADING: Final = 160


@dataclass(frozen=True)
class Piece:
    """A part of an answer as it was typed: prose, list items, or the name of a block."""

    kind: str
    text: str
    building: str = ""


@dataclass(frozen=True)
class Signing:
    """When and by whom a version was signed."""

    number: int
    on: date
    by: str


def name_block(key: str, language: str) -> str:
    """Give what stands in an answer for a block of data."""
    return f"[[{GERMAN_NAMES[key] if language == 'de' else key}]]"


def write_standard_answer(blocks: Iterable[str], language: str) -> str:
    """Give an answer that consists of blocks of data."""
    return "\n\n".join(name_block(key, language) for key in blocks)


def list_standard_questions(language: str) -> list[tuple[str, str]]:
    """Give the questions that are always asked, each with an answer from the data."""
    say = find_voice(language).say
    return [
        (say(question), write_standard_answer(blocks, language)) for question, blocks in QUESTIONS
    ]


def read_answer(text: str) -> Iterator[Piece]:
    """Take an answer apart; what is no known block in double brackets is of kind ``unknown``."""
    for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()):
        prose: list[str] = []
        for line in part.split("\n"):
            mark = _MARK.match(line)
            if mark is None:
                prose.append(line.strip())
                continue
            yield from _read_prose(prose)
            prose = []
            yield _read_mark(mark[1])
        yield from _read_prose(prose)


def _read_mark(words: str) -> Piece:
    name = words.strip()
    if name.casefold() in _BY_NAME:
        return Piece("block", _BY_NAME[name.casefold()])
    name, _, building = name.rpartition(" ")
    if name.strip().casefold() in _BY_NAME:
        return Piece("block", _BY_NAME[name.strip().casefold()], building)
    return Piece("unknown", words.strip())


def _read_prose(lines: list[str]) -> Iterator[Piece]:
    """Give runs of list items, and what stands between them as one paragraph."""
    words: list[str] = []
    items: list[str] = []
    for line in [*lines, ""]:
        if line.startswith("- "):
            if words:
                yield Piece("prose", " ".join(words))
            words = []
            items.append(line[2:].strip())
            continue
        if items:
            yield Piece("items", "\n".join(items))
        items = []
        words += [line] if line else []
    if words:
        yield Piece("prose", " ".join(words))


def check_answer(text: str, buildings: Iterable[str]) -> list[Problem]:
    """Give what is wrong with an answer: blocks and buildings that there are not."""
    known, found = {code.casefold() for code in buildings}, []
    for piece in read_answer(text):
        if piece.kind == "unknown":
            found.append(
                Problem(
                    msg("There is no block of data »%(name)s«.", name=piece.text),
                    msg("Use one of those named beside the answer."),
                    field="answer",
                    value=piece.text,
                )
            )
        elif piece.building and piece.building.casefold() not in known:
            found.append(
                Problem(
                    msg("There is no building %(code)s.", code=piece.building),
                    msg("Name a building by its code, or leave it out."),
                    field="answer",
                    value=piece.building,
                )
            )
    return found


def list_parts(questions: Iterable[InquiryQuestion]) -> frozenset[str]:
    """Give the parts of the data that answers are filled from."""
    return frozenset(
        part
        for question in questions
        for piece in read_answer(question.answer)
        if piece.kind == "block"
        for part in BLOCKS[piece.text].parts
    )


def compose_answer(
    inquiry: Inquiry, facts: CouncilFacts, city: str, language: str, signing: Signing | None = None
) -> Document:
    """Write the answer to an inquiry in a language; without ``signing`` it is a draft."""
    voice = find_voice(language)
    say = voice.say
    blocks: list[Block] = []
    if signing is None:
        blocks.append(Note(say(msg("This is a draft. Nobody has signed it."))))
    if language != inquiry.language:
        words = msg("Questions and prose are in the language in which they were written.")
        blocks.append(Paragraph(say(words), is_muted=True))
    for number, question in enumerate(inquiry.questions, start=1):
        blocks += _write_question(question, question.label or f"{number}.", facts, voice)
    subtitle = say(msg("Answer to inquiry %(number)s", number=inquiry.file_number))
    return Document(
        title=inquiry.title,
        language=language,
        date=signing.on.isoformat() if signing else facts.as_of,
        subtitle=subtitle,
        author=inquiry.written_by or city,
        facts=tuple(_list_facts(inquiry, facts, city, voice, signing)),
        blocks=tuple(blocks),
        footer=f"{city} · {subtitle}",
    )


def _list_facts(
    inquiry: Inquiry, facts: CouncilFacts, city: str, voice: Voice, signing: Signing | None
) -> Iterator[tuple[str, str]]:
    say = voice.say
    yield say(msg("City")), city
    if inquiry.council_group:
        yield say(msg("Council group")), inquiry.council_group
    if inquiry.asked_on:
        yield say(msg("Asked on")), voice.day(inquiry.asked_on.isoformat())
    if inquiry.written_by:
        yield say(msg("Answered by")), inquiry.written_by
    if inquiry.signers:
        yield say(msg("Co-signed by")), ", ".join(signer.name for signer in inquiry.signers)
    yield say(msg("Data as of")), voice.day(facts.as_of)
    if signing is not None:
        signed = msg(
            "version %(number)s, %(day)s, %(person)s",
            number=signing.number,
            day=voice.day(signing.on.isoformat()),
            person=signing.by,
        )
        yield say(msg("Signed")), say(signed)


def _write_question(
    question: InquiryQuestion, label: str, facts: CouncilFacts, voice: Voice
) -> Iterator[Block]:
    asked = " ".join(question.question.split())
    if len(asked) <= _LONGEST_HEADING:
        yield Heading(f"{label} {asked}")
    else:
        yield Heading(voice.say(msg("Question %(label)s", label=label.rstrip("."))))
        yield Paragraph(asked)
    pieces = list(read_answer(question.answer))
    if not pieces or not question.answer.strip():
        yield Paragraph(voice.say(msg("There is no answer yet.")), is_muted=True)
        return
    for piece in pieces:
        if piece.kind == "block":
            code = next(
                (
                    p.building
                    for p in facts.places
                    if p.building.casefold() == piece.building.casefold()
                ),
                piece.building,
            )
            yield from write_block(piece.text, facts, voice, code)
        elif piece.kind == "items":
            yield Bullets(tuple(piece.text.split("\n")))
        else:
            yield Paragraph(piece.text)
