"""The demo's inquiry of the council: the questions of 2020, and an answer that is being written."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from wlantrack.services import inquiries, reasons
from wlantrack.services.actor import Actor, Scope
from wlantrack.services.inquiries import InquiryValues, QuestionValues
from wlantrack.services.plan import Clock, PlanParts
from wlantrack.services.results import ResultCache
from wlantrack.store.queries import inquiries as queries

if TYPE_CHECKING:
    from datetime import datetime

    from wlantrack.services.installation import Stores

FILE_NUMBER: Final = "GZ 0412-00"
_REGION, _ZONE = "DE-BW", "Europe/Berlin"
_WRITER: Final = Actor("manager", grants=(("manager", Scope()),))
_QUESTIONS: Final = (
    (
        "1",
        "Welche Bereiche des Rathauses sind mit WLAN ausgestattet, und für welches Netz?",
        (
            "Die Fraktionsräume und der Marktplatzflügel sind ausgestattet. Das Besucher-WLAN gibt"
            " allen Zugang zum Internet; das LHS-WLAN führt in das Netz der Stadt und ist davon"
            " getrennt.\n\n[[Ausstattung RH]]"
        ),
    ),
    (
        "2a",
        "Was haben Besucherinnen und Besucher heute davon?",
        "[[Ausleuchtung RH]]",
    ),
    (
        "2b",
        "Welche Bereiche folgen, und wann?",
        (
            "[[Termine RH]]\n\nFür die übrigen Flügel gilt:\n\n- Die Verkabelung ist in diesem Gebäude"
            " aufwendig.\n- Sie soll mit der Sanierung der Besprechungsräume erfolgen, um den Betrieb"
            " wenig zu stören.\n\n[[ohne Termin RH]]"
        ),
    ),
    ("3", "Reicht das Personal für die Betreuung?", "[[Stellen]]\n\n[[Betreuung]]"),
    ("4", "Welche Schulungen gibt es?", ""),
)
"""Label, question, and the answer as far as it is written."""


def load_inquiry(stores: Stores, now: datetime) -> None:
    """Load the inquiry if it is not there yet."""
    today = now.astimezone(ZoneInfo(_ZONE)).date()
    parts = PlanParts(Clock(today, _REGION), ResultCache())
    values = InquiryValues(
        FILE_NUMBER,
        "Digitalisierung im Rathaus: WLAN",
        "Fraktion im Gemeinderat",
        date(2020, 11, 10),
        today + timedelta(days=12),
        "Oberbürgermeister",
        "de",
        "Beispiel, nach der Antwort von September 2021",
        ("Referat Allgemeine Verwaltung", "Haupt- und Personalamt"),
    )
    with stores.database.writing(_WRITER.audit(reasons.DEMO)) as session:
        if queries.get_by_file_number(session, FILE_NUMBER) is not None:
            return
        inquiry = inquiries.add_inquiry(session, _WRITER, values, parts)
        for position, (label, question, answer) in enumerate(_QUESTIONS, start=1):
            asked = QuestionValues(question, answer, label, position)
            inquiries.add_question(session, _WRITER, str(inquiry.public_id), asked)
