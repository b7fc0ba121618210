"""Inquiries: an answer is filled as of a day, co-signed and signed, and then stays as it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from tests.factories.access_points import add_access_point
from tests.factories.rollout import add_milestone
from wlantrack.errors import Conflict, InvalidInput, NotAllowed, NotFound
from wlantrack.reports.document import to_json
from wlantrack.services import inquiries, tables
from wlantrack.services.actor import SYSTEM, Actor, Scope
from wlantrack.services.inquiries import InquiryValues, QuestionValues
from wlantrack.services.inquiry_answer import read_answer
from wlantrack.services.plan import Clock, PlanParts
from wlantrack.services.results import ResultCache
from wlantrack.services.tables import TableUpload

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.factories.places import House
    from wlantrack.services.tables import ImportResult
    from wlantrack.store.models.inquiries import Inquiry
    from wlantrack.store.session import Database

TODAY = date(2021, 9, 7)
VALUES = InquiryValues("GZ 0412-00", "WLAN im Rathaus", "Fraktion A", signers=("Referat I",))
MANAGER = Actor("manager", grants=(("manager", Scope()),))
VIEWER = Actor("council", grants=(("viewer", Scope()),))


@pytest.fixture
def parts() -> PlanParts:
    return PlanParts(Clock(TODAY, "DE-BW"), ResultCache())


@pytest.fixture
def inquiry(session: Session, house: House, parts: PlanParts) -> Inquiry:
    """Give an inquiry with one question, in a house with an access point in operation."""
    add_access_point(session, house.ground, "AP-1", state="in operation", wing_id=house.west.id)
    session.commit()
    made = inquiries.add_inquiry(session, MANAGER, VALUES, parts)
    question = QuestionValues("Was ist ausgestattet?", "Dies:\n\n[[Ausstattung]]", "1a")
    inquiries.add_question(session, MANAGER, str(made.public_id), question)
    return inquiries.find_inquiry(session, MANAGER, VALUES.file_number)


def sign(session: Session, inquiry: Inquiry) -> str:
    """Let everybody agree, and sign."""
    ref = str(inquiry.public_id)
    for signer in inquiry.signers:
        inquiries.agree(session, MANAGER, ref, str(signer.public_id), None, TODAY)
    signed = inquiries.sign(session, MANAGER, ref, None, city="Stuttgart")
    return str(signed.public_id)


def test_prose_items_and_blocks_are_taken_apart() -> None:
    pieces = list(
        read_answer("Erst\ndies.\r\n\r\n- eins\n- zwei\n[[Termine RH]]\nDann.\n\n[[Quark]]")
    )

    assert [(piece.kind, piece.text, piece.building) for piece in pieces] == [
        ("prose", "Erst dies.", ""),
        ("items", "eins\nzwei", ""),
        ("block", "coming", "RH"),
        ("prose", "Dann.", ""),
        ("unknown", "Quark", ""),
    ]


def test_a_signed_answer_stays_when_the_data_move_and_says_that_they_have(
    session: Session, house: House, inquiry: Inquiry, parts: PlanParts
) -> None:
    ref = sign(session, inquiry)
    version = inquiries.find_version(session, VIEWER, ref)
    before = to_json(inquiries.read_version(session, version, "de"))
    assert "1 von 1 geplanten" in before
    assert inquiries.list_moved_of_version(session, version, parts) == []

    add_access_point(session, house.ground, "AP-2", state="planned", wing_id=house.west.id)
    add_milestone(session, "RH-M", building_id=house.building.id)
    session.commit()

    assert to_json(inquiries.read_version(session, version, "de")) == before
    moved = [str(words) for words in inquiries.list_moved_of_version(session, version, parts)]
    assert moved == ["what is equipped", "dates and reasons"]
    draft = [str(words) for words in inquiries.list_moved_of_draft(session, inquiry, parts)]
    assert draft == ["what is equipped"]  # the answer uses nothing else
    told = to_json(inquiries.write_draft(session, MANAGER, inquiry, "Stuttgart", "de"))
    assert "1 von 1 geplanten" in told
    inquiries.refresh(session, MANAGER, str(inquiry.public_id), None, parts)
    told = to_json(inquiries.write_draft(session, MANAGER, inquiry, "Stuttgart", "de"))
    assert "1 von 2 geplanten" in told
    second = inquiries.find_version(session, VIEWER, sign(session, inquiry))
    assert (second.number, inquiry.signed_count) == (2, 2)
    assert "1 of 2 planned" in to_json(inquiries.read_version(session, second, "en"))


@pytest.mark.on_both
@pytest.mark.parametrize("table", ["answer_version", "kept_text"])
@pytest.mark.parametrize("act", ["UPDATE {} SET {} = ''", "DELETE FROM {}"])
def test_the_database_itself_refuses_to_change_what_was_signed(
    database: Database, session: Session, inquiry: Inquiry, table: str, act: str
) -> None:
    sign(session, inquiry)
    column = {"answer_version": "title", "kept_text": "body"}[table]
    session.close()  # SQLite has one writer
    with (
        database.engine.execution_options(writes=True).connect() as connection,
        pytest.raises(DatabaseError, match="stays as it was signed"),
    ):
        connection.execute(text(act.format(table, column)))


def test_nothing_is_signed_before_every_answer_is_there_and_everybody_has_agreed(
    session: Session, inquiry: Inquiry
) -> None:
    ref = str(inquiry.public_id)
    inquiries.add_question(session, MANAGER, ref, QuestionValues("Wann?", label="2"))
    with pytest.raises(InvalidInput) as refused:
        inquiries.sign(session, MANAGER, ref, None, city="Stuttgart")
    told = [str(problem.message) for problem in refused.value.problems]
    assert told == [
        "Question 2 has no answer yet.",
        "Referat I has not agreed to the answer as it is now.",
    ]


def test_who_has_agreed_agrees_again_after_a_change_and_nobody_signs_unseen(
    session: Session, inquiry: Inquiry
) -> None:
    ref = str(inquiry.public_id)
    signer = inquiry.signers[0]
    inquiries.agree(session, MANAGER, ref, str(signer.public_id), None, TODAY)
    seen = inquiry.version
    question = inquiry.questions[0]
    changed = QuestionValues(question.question, "Nichts.", "1a")
    inquiries.edit_question(session, MANAGER, str(question.public_id), changed, question.version)

    assert signer.agreed_on is None
    with pytest.raises(Conflict):
        inquiries.sign(session, MANAGER, ref, seen, city="Stuttgart")


def test_unknown_blocks_and_buildings_are_refused_by_name(
    session: Session, inquiry: Inquiry
) -> None:
    values = QuestionValues("Was?", "[[Quark]]\n\n[[Termine XX]]")
    with pytest.raises(InvalidInput) as refused:
        inquiries.add_question(session, MANAGER, str(inquiry.public_id), values)
    assert [problem.value for problem in refused.value.problems] == ["Quark", "XX"]
    assert len(inquiry.questions) == 1


def test_the_council_sees_what_was_signed_and_a_role_in_a_part_nothing(
    session: Session, house: House, inquiry: Inquiry
) -> None:
    ref = str(inquiry.public_id)
    with pytest.raises(NotFound):
        inquiries.find_inquiry(session, VIEWER, ref)
    sign(session, inquiry)
    assert inquiries.find_inquiry(session, VIEWER, ref) is inquiry
    with pytest.raises(NotAllowed):
        inquiries.write_draft(session, VIEWER, inquiry, "Stuttgart", "de")
    part = Actor("part", grants=(("manager", Scope(building_id=house.building.id)),))
    with pytest.raises(NotAllowed):
        inquiries.find_inquiry(session, part, ref)
    with pytest.raises(Conflict):
        inquiries.delete_inquiry(session, MANAGER, ref, None)


def test_a_file_number_is_taken_once_and_standard_questions_answer_themselves(
    session: Session, inquiry: Inquiry, parts: PlanParts
) -> None:
    with pytest.raises(InvalidInput, match="already"):
        inquiries.add_inquiry(session, MANAGER, replace(VALUES, file_number="gz 0412-00"), parts)
    other = replace(VALUES, file_number="GZ 2", signers=(), language="en")
    made = inquiries.add_inquiry(session, SYSTEM, other, parts, with_questions=True)
    assert made.questions[2].answer == "[[coming]]"
    document = inquiries.write_draft(session, SYSTEM, made, "Stuttgart", "en")
    assert len(list(document.outline)) == 8
    assert len(made.questions) == 8
    assert inquiry.questions[0].label == "1a"


def test_a_table_brings_inquiries_and_reads_back_as_the_same(
    session: Session, inquiry: Inquiry, parts: PlanParts
) -> None:
    def load(text: str, actor: Actor = MANAGER) -> ImportResult:
        upload = TableUpload("inquiries.csv", text.encode())
        return tables.import_table(session, actor, "inquiries", upload)

    agreed = inquiries.agree(
        session,
        MANAGER,
        str(inquiry.public_id),
        str(inquiry.signers[0].public_id),
        None,
        TODAY,
    )
    told = tables.export_table(session, MANAGER, "inquiries", "csv").decode("utf-8-sig")
    again = load(told)
    assert [item.outcome for item in again.outcomes] == ["unchanged"]
    assert agreed.signers[0].agreed_on == TODAY

    head = "Aktenzeichen;Betreff;Fraktion;Antwort bis;Sprache;Mitzeichnung"
    made = load(f"{head}\nGZ 7;Funknetz;B;01.10.2021;Englisch;Referat I | Amt 17\n")
    assert ([item.outcome for item in made.outcomes], made.errors) == (["created"], ())
    new = inquiries.find_inquiry(session, MANAGER, "gz 7")
    assert inquiries.values_of(new) == InquiryValues(
        "GZ 7",
        "Funknetz",
        "B",
        due_on=date(2021, 10, 1),
        language="en",
        signers=("Referat I", "Amt 17"),
    )
    assert "filled" in str(inquiries.list_unready(new)[0].message)
    inquiries.refresh(session, MANAGER, "GZ 7", None, parts)
    assert inquiries.write_draft(session, MANAGER, new, "Stuttgart", "de").title

    changed = load("file_number,title\ngz 0412-00,WLAN überall\n")
    assert [item.outcome for item in changed.outcomes] == ["updated"]
    assert agreed.title == "WLAN überall"
    assert [signer.agreed_on for signer in agreed.signers] == [None]
    wrong = load("file_number,title,asked_on\nGZ 8,,morgen\nGZ 7,a,\ngz 7,b,\n")
    assert [(item.row, item.field) for item in wrong.errors] == [
        (1, "title"),
        (1, "asked_on"),
        (3, "file_number"),
    ]
    for actor in (VIEWER, Actor("planner", grants=(("planner", Scope()),))):
        with pytest.raises(NotAllowed):
            load("file_number,title\nGZ 9,x\n", actor)
        session.rollback()
