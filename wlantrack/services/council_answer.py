"""The standard answer to a council: what is always asked, answered from the data alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wlantrack.errors import Message, msg
from wlantrack.reports.document import Document, Heading, Paragraph
from wlantrack.services import places
from wlantrack.services.actor import Action
from wlantrack.services.answer_blocks import write_block
from wlantrack.services.council_reading import find_facts
from wlantrack.services.voices import find_voice

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.reports.document import Block
    from wlantrack.services.actor import Actor
    from wlantrack.services.council_facts import CouncilFacts
    from wlantrack.services.plan import PlanParts
    from wlantrack.services.report_files import Wanted

QUESTIONS: Final[tuple[tuple[Message, tuple[str, ...]], ...]] = (
    (msg("Which areas are equipped, and for which network?"), ("equipped", "progress")),
    (msg("What do visitors get today?"), ("coverage",)),
    (msg("What comes next, and when?"), ("coming",)),
    (msg("For what can no date be given, and why?"), ("undated",)),
    (msg("Who looks after the network?"), ("support",)),
    (msg("Are there enough staff?"), ("posts",)),
    (msg("What training is there?"), ("training",)),
    (msg("On which decisions does this rest?"), ("decisions",)),
)
"""What council members ask, and the blocks that answer it."""


def write_standard(session: Session, actor: Actor, parts: PlanParts, wanted: Wanted) -> Document:
    """Give the standard answer for the city, or for one building.

    Raises
    ------
    NotAllowed
        The role does not reach the whole city.
    NotFound
        There is no such building, or there are no texts in this language.
    """
    actor.require(Action.SEE_INQUIRIES)  # posts and decisions are the city's, whatever the place
    facts = find_facts(session, parts)
    if not wanted.building:
        return compose_standard(facts, wanted.city, wanted.language)
    found = places.find_building(session, actor, wanted.building)
    return compose_standard(facts, wanted.city, wanted.language, found.code, found.name)


def compose_standard(
    facts: CouncilFacts, city: str, language: str, building: str = "", name: str = ""
) -> Document:
    """Write the standard answer from facts."""
    voice = find_voice(language)
    say = voice.say
    blocks: list[Block] = [
        Paragraph(
            say(
                msg(
                    "This report answers what is regularly asked about the WLAN of the city. Its"
                    " numbers are those of the project as of %(day)s; a date stands as finely as it"
                    " is known.",
                    day=voice.day(facts.as_of),
                )
            )
        )
    ]
    for number, (question, names) in enumerate(QUESTIONS, start=1):
        blocks.append(Heading(f"{number}. {say(question)}"))
        for block in names:
            blocks += write_block(block, facts, voice, building)
    title = say(msg("WLAN in the buildings of the city: state of the roll-out"))
    return Document(
        title=title,
        language=language,
        date=facts.as_of,
        subtitle=say(msg("Report to the council")),
        author=city,
        facts=(
            (say(msg("City")), city),
            *(((say(msg("Building")), name),) if name else ()),
            (say(msg("Data as of")), voice.day(facts.as_of)),
        ),
        blocks=tuple(blocks),
        footer=f"{city} · {title}",
    )
