"""Blocks of data that stand between the words of an answer, written from one set of facts.

Decides which blocks there are, and that each says in a sentence what its table shows. A block
without data says so, because an answer with a gap is a question. Refuses to know who asks.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from wlantrack.errors import Message, msg
from wlantrack.maps.legend import SIGNAL_CLASSES
from wlantrack.reports.document import Figure, Paragraph, Table
from wlantrack.reports.drawings import (
    Bar,
    FloorPicture,
    MapWords,
    RampStep,
    draw_bars,
    draw_floors,
)
from wlantrack.rollout.milestones import AWAITED_WORDS, KIND_WORDS, Standing
from wlantrack.services.council_facts import MAP_BAND, MAP_LEVEL_DBM, PlaceKind, is_reached

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from wlantrack.reports.document import Block, Cell
    from wlantrack.services.council_facts import CouncilFacts, FloorFact, MilestoneFact, PlaceFact
    from wlantrack.services.voices import Voice

MOST_DRAWN: Final = 8
"""More storeys do not fit a page; the table below the map holds all."""
MOST_BARS: Final = 30
POST_WORDS: Final[Mapping[str, Message]] = {
    "applied for": msg("applied for"),
    "approved": msg("approved"),
    "filled": msg("filled"),
    "refused": msg("refused"),
}


@dataclass(frozen=True)
class BlockKind:
    """A kind of block: its word, the parts of the facts it shows, and how it is written."""

    word: Message
    parts: tuple[str, ...]
    write: Callable[[CouncilFacts, Voice], Iterable[Block]]


def write_block(name: str, facts: CouncilFacts, voice: Voice, building: str = "") -> list[Block]:
    """Write a block, of one building if one is named."""
    kind = BLOCKS[name]
    return list(kind.write(facts.of_building(building), voice))


def name_place(
    building: str, place: str, facts: CouncilFacts, voice: Voice, kind: str = PlaceKind.WING
) -> str:
    """Name a place; its building only where there are several."""
    if kind == PlaceKind.REST:
        return voice.say(msg("%(building)s, outside the wings", building=building))
    if not facts.is_of_several:
        return place or building
    return ", ".join(part for part in (building, place) if part)


def _name(place: PlaceFact, facts: CouncilFacts, voice: Voice) -> str:
    return name_place(place.building_name, place.place, facts, voice, place.kind)


def _write_equipped(facts: CouncilFacts, voice: Voice) -> Iterable[Block]:
    say = voice.say
    shown = [place for place in facts.places if place.live or is_reached(place.visitor_state)]
    live, planned = sum(p.live for p in facts.wings), sum(p.planned for p in facts.wings)
    if not planned:
        yield voice.nothing
        return
    yield Paragraph(
        say(
            msg(
                "As of %(day)s, %(live)s of %(planned)s planned access points are in operation.",
                day=voice.day(facts.as_of),
                live=voice.number(live),
                planned=voice.number(planned),
            )
        )
    )
    if shown:
        yield Table(
            say(msg("Equipped areas and their networks")),
            (
                say(msg("Where")),
                say(msg("Visitor WLAN")),
                say(msg("Internal WLAN")),
                say(msg("Access points in operation")),
                say(msg("planned")),
            ),
            tuple(
                (
                    _name(place, facts, voice),
                    say(_say_visitor(place)),
                    say(_say_internal(place)),
                    place.live,
                    place.planned,
                )
                for place in shown
            ),
            widths=(22, 20, 18, 0, 0),
        )
    if any(place.kind == PlaceKind.GROUP for place in shown):
        yield Paragraph(
            say(msg("Groups of rooms lie in the wings and are counted there, too.")), is_muted=True
        )


def _say_visitor(place: PlaceFact) -> Message:
    if is_reached(place.visitor_state):
        return msg("in operation since %(when)s", when=place.visitor_when)
    if place.visitor is None:
        return msg("not yet")
    if place.visitor and place.visitor >= place.planned:
        return msg("in operation")
    if place.visitor:
        return msg("partly: %(done)s of %(total)s", done=place.visitor, total=place.planned)
    return msg("not yet")


def _say_internal(place: PlaceFact) -> Message:
    if is_reached(place.internal_state):
        return msg("in operation since %(when)s", when=place.internal_when)
    if place.internal_when:
        return msg("expected %(when)s", when=place.internal_when)
    return msg("no date yet") if place.internal_state else msg("not stated")


def _name_milestone(item: MilestoneFact, voice: Voice) -> str:
    return item.name or voice.say(KIND_WORDS[item.kind])


def _where(item: MilestoneFact, facts: CouncilFacts, voice: Voice) -> str:
    found = name_place(item.building_name, item.place, facts, voice)
    return found or voice.say(msg("whole programme"))


def _write_coming(facts: CouncilFacts, voice: Voice) -> Iterable[Block]:
    say = voice.say
    coming = [item for item in facts.milestones if item.when and not is_reached(item.state)]
    if not coming:
        yield Paragraph(say(msg("No further step has a date at present.")))
        return
    late = sum(item.state == Standing.LATE for item in coming)
    yield Paragraph(
        say(
            msg(
                "As of %(day)s, %(count)s steps have a date; %(late)s of them are later than first"
                " promised.",
                day=voice.day(facts.as_of),
                count=voice.number(len(coming)),
                late=voice.number(late),
            )
        )
    )
    yield Table(
        say(msg("What comes when")),
        (say(msg("Expected")), say(msg("Where")), say(msg("Step")), say(msg("Progress"))),
        tuple(
            (
                item.when,
                _where(item, facts, voice),
                _name_milestone(item, voice),
                _say_progress(item, voice),
            )
            for item in coming
        ),
        widths=(14, 24, 26, 14),
    )


def _say_progress(item: MilestoneFact, voice: Voice) -> str:
    if item.total is None:
        return voice.say(msg("not counted"))
    return voice.say(msg("%(done)s of %(total)s", done=item.done, total=item.total))


def _write_undated(facts: CouncilFacts, voice: Voice) -> Iterable[Block]:
    say = voice.say
    undated = [item for item in facts.milestones if item.state == Standing.UNDATED]
    if not undated:
        yield Paragraph(say(msg("Every open step has a date.")))
        return
    yield Paragraph(
        say(
            msg(
                "No date can be given at present for the steps below (%(count)s). The table says"
                " why, and what each of them waits for.",
                count=voice.number(len(undated)),
            )
        )
    )
    yield Table(
        say(msg("Why no date can be given")),
        (say(msg("Where")), say(msg("Step")), say(msg("Reason, and what it waits for"))),
        tuple(
            (
                _where(items[0], facts, voice),
                "; ".join(dict.fromkeys(_name_milestone(item, voice) for item in items)),
                _say_reasons(items, voice),
            )
            for items in _group_undated(undated)
        ),
        widths=(20, 24, 32),
    )


def _group_undated(undated: Iterable[MilestoneFact]) -> list[list[MilestoneFact]]:
    """Put those of a place together that wait for the same reasons."""
    groups: dict[tuple[object, ...], list[MilestoneFact]] = {}
    for item in undated:
        key = (item.building, item.place, item.reasons)
        groups.setdefault(key, []).append(item)
    return list(groups.values())


def _say_reasons(items: list[MilestoneFact], voice: Voice) -> str:
    own = {item.kind for item in items}
    waits = dict.fromkeys(
        (kind, place)
        for item in items
        for kind, place in item.waits
        if not (kind in own and place == item.place)
    )
    named = [_name_awaited(kind, place, items[0].place, voice) for kind, place in waits]
    reasons = [*items[0].reasons]
    if named:
        reasons.append(voice.say(msg("waits for: %(what)s", what=", ".join(named))))
    return "; ".join(reasons) or voice.say(msg("not planned yet"))


def _name_awaited(kind: str, place: str, here: str, voice: Voice) -> str:
    name = voice.say(AWAITED_WORDS[kind]) if kind in AWAITED_WORDS else kind
    return f"{name} ({place})" if place and place != here else name


def _write_posts(facts: CouncilFacts, voice: Voice) -> Iterable[Block]:
    say = voice.say
    if not facts.posts:
        yield voice.nothing
        return
    sums = {state: sum(p.count for p in facts.posts if p.state == state) for state in POST_WORDS}
    told = [
        say(msg("%(count)s %(state)s", count=voice.number(count), state=POST_WORDS[state]))
        for state, count in sums.items()
        if count
    ]
    yield Paragraph(say(msg("Full-time posts: %(told)s.", told=", ".join(told))))
    yield Table(
        say(msg("Posts")),
        (say(msg("Task")), say(msg("Office")), say(msg("Post plan")), say(msg("State")),
         say(msg("Full-time posts"))),
        tuple(
            (post.title, post.office or voice.unstated, post.plan or voice.unstated, say(POST_WORDS[post.state]),
             post.count)
            for post in facts.posts
        ),
        (say(msg("Total")), "", "", "", sum(post.count for post in facts.posts)),
        widths=(28, 18, 14, 14, 0),
    )  # fmt: skip


def _write_training(facts: CouncilFacts, voice: Voice) -> Iterable[Block]:
    say = voice.say
    if not facts.trainings:
        yield voice.nothing
        return
    yield Table(
        say(msg("Training")),
        (say(msg("Training")), say(msg("For whom")), say(msg("When")), say(msg("Taken part"))),
        tuple(
            (
                item.title,
                item.audience or voice.unstated,
                item.when or say(msg("no date yet")),
                voice.number(item.trained)
                if item.planned is None
                else say(msg("%(done)s of %(total)s", done=item.trained, total=item.planned)),
            )
            for item in facts.trainings
        ),
        widths=(26, 22, 16, 14),
    )


def _write_support(facts: CouncilFacts, voice: Voice) -> Iterable[Block]:
    say = voice.say
    if not facts.teams:
        yield voice.nothing
        return
    yield Table(
        say(msg("Who looks after the network")),
        (say(msg("Team")), say(msg("Duty")), say(msg("Hours")), say(msg("Where"))),
        tuple(
            (team.name, team.duty or voice.unstated, team.hours or voice.unstated,
             team.building_name or say(msg("whole city")))
            for team in facts.teams
        ),
        widths=(20, 30, 16, 16),
    )  # fmt: skip


def _write_decisions(facts: CouncilFacts, voice: Voice) -> Iterable[Block]:
    say = voice.say
    if not facts.decisions:
        yield voice.nothing
        return
    yield Table(
        say(msg("Decisions")),
        (say(msg("Decided")), say(msg("What")), say(msg("By whom")), say(msg("Paper"))),
        tuple(
            (
                item.when or voice.unstated,
                item.title,
                item.body or voice.unstated,
                item.paper or voice.unstated,
            )
            for item in facts.decisions
        ),
        widths=(16, 34, 18, 14),
    )


def _write_coverage(facts: CouncilFacts, voice: Voice) -> Iterable[Block]:
    say = voice.say
    if not facts.floors:
        yield Paragraph(
            say(msg("There is no public area with access points in operation to be drawn."))
        )
        return
    area = sum(floor.area_m2 for floor in facts.floors)
    reached = sum((floor.share or 0.0) * floor.area_m2 for floor in facts.floors)
    share = voice.number(round(100 * reached / area) if area else 0)
    yield Paragraph(
        say(
            msg(
                "The visitor WLAN in operation reaches %(share)s %% of the %(area)s m² of public"
                " rooms with at least %(level)s dBm at %(band)s GHz, which carries video"
                " conferences. This is a prediction from plans and walls, not a measurement.",
                share=share,
                area=voice.number(area),
                level=_minus(MAP_LEVEL_DBM),
                band=MAP_BAND,
            )
        )
    )
    drawn = facts.floors[:MOST_DRAWN]
    yield Figure(
        draw_floors([_picture(floor, facts, voice) for floor in drawn], _ramp(), _map_words(voice)),
        _describe_map(drawn, facts, voice),
        say(msg("Coverage of the visitor WLAN in public rooms, as of %(day)s",
                day=voice.day(facts.as_of))),
    )  # fmt: skip
    yield Table(
        say(msg("Public rooms reached by the visitor WLAN")),
        (say(msg("Floor")), say(msg("Public area (m²)")), say(msg("Reached (%)"))),
        tuple(
            (_name_floor(floor, facts), floor.area_m2, round(100 * (floor.share or 0.0)))
            for floor in facts.floors
        ),
        widths=(40, 0, 0),
    )


def _name_floor(floor: FloorFact, facts: CouncilFacts) -> str:
    is_one = len({item.building for item in facts.floors}) < 2
    return floor.floor if is_one else f"{floor.building_name}, {floor.floor}"


def _picture(floor: FloorFact, facts: CouncilFacts, voice: Voice) -> FloorPicture:
    words = msg(
        "%(share)s %% of %(area)s m² reached",
        share=round(100 * (floor.share or 0.0)),
        area=voice.number(floor.area_m2),
    )
    return FloorPicture(
        _name_floor(floor, facts),
        voice.say(words),
        floor.footprint,
        floor.rooms,
        base64.b64decode(floor.png),
        floor.bounds_m,
    )


def _ramp() -> list[RampStep]:
    return [
        RampStep(step.colour, _minus(step.from_dbm) if place % 2 == 1 and step.from_dbm else "")
        for place, step in enumerate(SIGNAL_CLASSES)
    ]


def _minus(level_dbm: float) -> str:
    return f"{level_dbm:.0f}".replace("-", "\N{MINUS SIGN}")


def _map_words(voice: Voice) -> MapWords:
    say = voice.say
    return MapWords(
        say(msg("Signal in dBm, strong to weak")),
        say(msg("building, not public")),
        say(msg("public room without signal")),
        say(msg("hatched: below %(level)s dBm", level=_minus(MAP_LEVEL_DBM))),
    )


def _describe_map(floors: Iterable[FloorFact], facts: CouncilFacts, voice: Voice) -> str:
    told = [
        voice.say(
            msg(
                "%(floor)s: %(share)s %% of %(area)s m²",
                floor=_name_floor(floor, facts),
                share=round(100 * (floor.share or 0.0)),
                area=voice.number(floor.area_m2),
            )
        )
        for floor in floors
    ]
    return voice.say(
        msg(
            "Map of the public rooms, coloured by the signal of the visitor WLAN. Reached with at"
            " least %(level)s dBm: %(told)s.",
            level=_minus(MAP_LEVEL_DBM),
            told="; ".join(told),
        )
    )


def _write_progress(facts: CouncilFacts, voice: Voice) -> Iterable[Block]:
    say = voice.say
    if not facts.wings:
        yield voice.nothing
        return
    shown = _sum_buildings(facts.wings) if len(facts.wings) > MOST_BARS else facts.wings
    bars = [
        Bar(
            _name(place, facts, voice),
            (place.live, place.under_way, place.planned - place.live - place.under_way),
            say(msg("%(done)s of %(total)s", done=place.live, total=place.planned)),
        )
        for place in shown[:MOST_BARS]
    ]
    legend = [say(msg("in operation")), say(msg("under way")), say(msg("planned"))]
    told = "; ".join(f"{bar.label}: {bar.words}" for bar in bars)
    yield Figure(
        draw_bars(bars, legend),
        say(msg("Bars of access points in operation, by area. %(told)s.", told=told)),
        say(msg("Access points in operation, under way and planned, as of %(day)s",
                day=voice.day(facts.as_of))),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (
            _name(place, facts, voice),
            place.live,
            place.under_way,
            place.planned,
        )
        for place in shown
    ]
    sums = [sum(getattr(p, name) for p in shown) for name in ("live", "under_way", "planned")]
    yield Table(
        say(msg("Progress by area")),
        (say(msg("Where")), say(msg("in operation")), say(msg("under way")),
         say(msg("planned in all"))),
        tuple(rows),
        (say(msg("Total")), *sums),
        widths=(40, 0, 0, 0),
    )  # fmt: skip


def _sum_buildings(wings: tuple[PlaceFact, ...]) -> tuple[PlaceFact, ...]:
    """Add wings up to buildings, the largest first: a city of wings fits no picture."""
    found: dict[str, PlaceFact] = {}
    for wing in wings:
        there = found.get(wing.building)
        if there is None:
            found[wing.building] = replace(wing, place="", kind=PlaceKind.BUILDING)
            continue
        found[wing.building] = replace(
            there,
            planned=there.planned + wing.planned,
            under_way=there.under_way + wing.under_way,
            live=there.live + wing.live,
        )
    return tuple(sorted(found.values(), key=lambda place: (-place.planned, place.building)))


BLOCKS: Final[Mapping[str, BlockKind]] = {
    "equipped": BlockKind(msg("What is equipped where"), ("places",), _write_equipped),
    "coming": BlockKind(msg("What comes when"), ("milestones",), _write_coming),
    "undated": BlockKind(msg("Why no date can be given"), ("milestones",), _write_undated),
    "progress": BlockKind(msg("Progress chart"), ("places",), _write_progress),
    "coverage": BlockKind(msg("Public coverage map"), ("floors",), _write_coverage),
    "posts": BlockKind(msg("Posts"), ("posts",), _write_posts),
    "training": BlockKind(msg("Training"), ("trainings",), _write_training),
    "support": BlockKind(msg("Who looks after the network"), ("teams",), _write_support),
    "decisions": BlockKind(msg("Decisions"), ("decisions",), _write_decisions),
}
"""By the word under which texts name them."""
