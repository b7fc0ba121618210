"""The demo's governance: the council's decision, posts, money, trainings, support, devices, risks.

Decision, post plan and counts of devices are those of the city's answer of September 2021; amounts,
teams and risks are made up around them.
"""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from wlantrack.rollout.spoken_dates import parse_spoken, put_day_in_words
from wlantrack.store.models.governance import (
    BudgetLine,
    Decision,
    DeviceGroup,
    Post,
    Risk,
    SupportTeam,
    Training,
)
from wlantrack.store.queries import governance as queries
from wlantrack.store.queries import places as place_queries

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

    from wlantrack.store.models.places import Building

_MONTH: Final = parse_spoken("Dezember 2019")
_COUNTED: Final = date(2021, 9, 7)
_OPEN: Final = (
    ("Stellen für Planung, Aufbau und Betreuung im Stellenplan", "Verwaltungsausschuss", 100),
    ("Medientechnik der Sitzungssäle 401, 406, 407, 408", "Gemeinderat", -40),
    (
        "Besucher-WLAN in den Bürgerbüros ohne Anmeldung",
        "Ausschuss für Wirtschaft und Wohnen",
        None,
    ),
)
"""Subject, body, days from today to the month by which it is needed."""
_POSTS: Final = (
    ("Planung der Funknetze", 1.0, "2020/2021", "filled"),
    ("Betrieb der Access Points und Controller", 1.0, "2020/2021", "filled"),
    ("Projektleitung WLAN-Ausbau", 1.0, "2020/2021", "approved"),
    ("Planung und Aufbau WLAN", 2.0, "2022/2023", "applied for"),
    ("Betreuung der Nutzerinnen und Nutzer vor Ort", 1.5, "2022/2023", "applied for"),
    ("Verkabelung und Etagenverteiler", 1.0, "2022/2023", "refused"),
)
"""What for, full-time equivalents, post plan, state."""
_DEVICES: Final = (
    ("Notebooks für mobiles Arbeiten", 5_000, "internal", "Vor einem Jahr waren es 250."),
    ("Softphones", 140, "internal", ""),
    ("Stand-alone-Notebooks für Konferenzen", 300, "visitor", "Für Konferenzen mit Externen."),
    ("Webcams", 1_500, None, "Hängen an den Notebooks, brauchen kein eigenes Netz."),
    ("Headsets", 300, None, ""),
    ("Sensoren und Steuerungen der Haustechnik", 85, "building", "Zahl geschätzt."),
)
_BUDGET: Final = (
    ("Access Points und Controller", "2020/2021", 420_000, 65_000, 310_000),
    ("Verkabelung Rathaus", "2020/2021", 180_000, 42_000, 151_000),
    ("Verkabelung übrige Gebäude", "2022/2023", 640_000, 120_000, 0),
    ("Medientechnik der Sitzungssäle 401, 406, 407, 408", "2022/2023", None, 0, 0),
)
"""What for, budget, planned, committed and spent in euros."""
_TEAMS: Final = (
    ("WLAN-Leitstelle", "Betrieb, Störungen, Änderungen", "Mo-Fr 7:00-18:00", "wlan@stadt.example", False),
    ("Rathaus-Betreuung", "Erste Hilfe in Sitzungssälen und Fraktionsräumen",
     "an Sitzungstagen bis Sitzungsende", "Durchwahl 6000", True),
)  # fmt: skip
"""Name, duty, hours, contact, whether it is for the town hall alone."""
_TRAININGS: Final = (
    ("Erste Hilfe im Besucher-WLAN", "Pforte und Hausmeisterei", "März 2021", 12, 12, True),
    ("Hybride Sitzungen im Mittleren Saal", "Geschäftsstellen der Fraktionen", "Herbst 2021", 24, 17, True),
    ("Meldewege bei Störungen", "Servicestelle der Ämter", "", 60, 0, False),
)  # fmt: skip
"""Title, for whom, when, people to be trained and trained, whether in the town hall."""
_RISKS: Final = (
    ("Zu wenig Personal: beantragte Stellen kommen nicht", 4, 4, "Reihenfolge nach Priorität, Rahmenvertrag mit einer Planungsfirma", -10, False),
    ("Verkabelung im Altbau dauert länger als geplant", 4, 3, "Mit Sanierungen der Sitzungsräume zusammenlegen", 20, True),
    ("Lieferzeiten von Access Points", 3, 3, "Vorrat für zwei Monate bestellen", 45, False),
    ("Denkmalschutz lehnt Montageorte ab", 2, 3, "Montageorte vorab gemeinsam begehen", 30, True),
    ("Besucher-WLAN und Verwaltungsnetz sind nicht getrennt", 1, 5, "Trennungsprüfung vor jeder Inbetriebnahme", 60, False),
    ("Internetanschluss reicht für hybride Sitzungen nicht", 3, 4, "", 15, True),
)  # fmt: skip
"""Title, likelihood, impact, what is done, days from today to the review, whether in the town hall."""


def load_governance(session: Session, now: datetime) -> None:
    """Load all of it if there is no decision yet."""
    town_hall = place_queries.get_building_by_code(session, "RH")
    if town_hall is None or queries.list_decisions(session):
        return
    decision = Decision(
        public_id=uuid.uuid4(),
        code="B-1",
        title="Schrittweise, flächendeckende Einführung von WLAN in der Stadtverwaltung",
        body="Gemeinderat",
        paper="Haushalt 2020/2021",
        decided=_MONTH,
        note="Mit zusätzlichen Stellen. Ein stadtweites WLAN-Konzept liegt vor.",
    )
    session.add(decision)
    session.add_all(_make_open_decisions(now.date()))
    session.flush()
    session.add_all(_make_records(decision, town_hall, now.date()))
    session.commit()


def _make_open_decisions(today: date) -> Iterator[Decision]:
    for number, (title, body, days) in enumerate(_OPEN, start=2):
        decision = Decision(code=f"B-{number}", title=title, body=body)
        if days is not None:
            decision.due = put_day_in_words(today + timedelta(days=days), _MONTH)
        yield decision


def _make_records(decision: Decision, town_hall: Building, today: date) -> Iterator[Any]:
    for number, (title, full_time_count, plan, state) in enumerate(_POSTS, start=1):
        post = Post(code=f"ST-{number}", title=title, office="Haupt- und Personalamt", plan=plan)
        post.full_time_count, post.state = full_time_count, state
        post.decision_id = decision.id if plan == "2020/2021" else None
        yield post
    for number, (name, count, network_class, note) in enumerate(_DEVICES, start=1):
        group = DeviceGroup(code=f"GG-{number}", name=name, device_count=count, as_of=_COUNTED)
        group.network_class, group.note = network_class, note
        yield group
    for number, (name, budget, planned, committed, spent) in enumerate(_BUDGET, start=1):
        line = BudgetLine(code=f"HH-{number}", name=name, budget=budget, planned_eur=planned)
        line.committed_eur, line.spent_eur = committed, spent
        line.decision_id = decision.id if budget == "2020/2021" else None
        yield line
    yield from _make_people(town_hall)
    for number, (title, likelihood, impact, response, days, is_here) in enumerate(_RISKS, start=1):
        risk = Risk(code=f"R-{number}", title=title, likelihood=likelihood, impact=impact)
        risk.response, risk.review_on = response, today + timedelta(days=days)
        risk.responsible = "Projektleitung"
        risk.building_id = town_hall.id if is_here else None
        yield risk


def _make_people(town_hall: Building) -> Iterator[Any]:
    for number, (name, duty, hours, contact, is_here) in enumerate(_TEAMS, start=1):
        team = SupportTeam(code=f"BT-{number}", name=name, duty=duty, hours=hours, contact=contact)
        team.building_id = town_hall.id if is_here else None
        yield team
    for number, (title, audience, held, planned, trained, is_here) in enumerate(
        _TRAININGS, start=1
    ):
        training = Training(code=f"SCH-{number}", title=title, audience=audience)
        training.held = parse_spoken(held) if held else None
        training.planned_count, training.trained_count = planned, trained
        training.building_id = town_hall.id if is_here else None
        yield training
