"""Installation packs: what belongs to a visit, the same for whoever prints it, and tagged."""

from __future__ import annotations

import contextlib
import io
from datetime import date
from typing import TYPE_CHECKING, Any

import pikepdf
import pypdfium2
import pytest
import shapely
from PIL import Image

from tests.factories.access_points import add_access_point
from tests.factories.cabling import add_cable_run, add_distributor
from tests.factories.places import add_plan, add_room
from tests.factories.rollout import add_blackout, add_order, add_penetration, add_permit
from wlantrack.errors import InvalidInput, NotFound
from wlantrack.rollout.spoken_dates import parse_spoken
from wlantrack.services import packs
from wlantrack.services.actor import SYSTEM, Actor, Scope
from wlantrack.services.installation import Stores
from wlantrack.services.pack_sheets import Work, draw_floors, write_numbers
from wlantrack.services.packs import Printing, Visit
from wlantrack.services.speech import Pen
from wlantrack.store.picture_cache import PictureCache
from wlantrack.store.plan_files import PlanFiles

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from tests.factories.places import House
    from wlantrack.services.packs import PackFile
    from wlantrack.store.models.cabling import CableRun
    from wlantrack.store.session import Database

FIRM = "Kabel GmbH"
FITTER = Actor("fitter", grants=(("firm", Scope(firm=FIRM)),))
TUESDAY = date(2026, 12, 1)
SUNDAY = date(2026, 12, 6)
HOSTILE = "#panic() $x$ <script> \x0b"


@pytest.fixture
def printing(database: Database, tmp_path: Path) -> Printing:
    stores = Stores(database, PlanFiles(tmp_path / "files"), PictureCache(tmp_path / "cache"))
    return Printing(stores, "DE-BW", "de", date(2026, 11, 26))


@pytest.fixture
def runs(session: Session, house: House) -> list[CableRun]:
    """Give runs of an order: to be pulled, to be released, not handed over, done, and another's."""
    west: dict[str, Any] = {"wing_id": house.west.id}
    east: dict[str, Any] = {"wing_id": house.east.id}
    near = add_distributor(session, house.ground, x_m=3.0, y_m=3.0, **west)
    far = add_distributor(session, house.first, "RH-EV1.1", x_m=30.0, y_m=3.0, **east)
    point = add_access_point(session, house.ground, "AP-W", x_m=12.0, y_m=9.0, **west)
    common: dict[str, Any] = {"firm": FIRM, "steps": []}
    made = [
        add_cable_run(
            session, near, "PULL-1", state="containment installed", access_point=point,
            crosses_fire_wall=True, **common,
        ),
        add_cable_run(session, far, "CLOSE-2", state="pulled", **common),
        add_cable_run(session, near, "EARLY-3", state="permits cleared", **common),
        add_cable_run(session, near, "DONE-4", state="patched", **common),
        add_cable_run(session, near, "OTHER-5", state="ordered", firm="Netz KG", steps=[]),
    ]  # fmt: skip
    add_order(
        session, "A-1", *made, name=HOSTILE, note="~note~", firm=FIRM, state="ordered",
        ordered_on=date(2026, 10, 1), building_id=house.building.id, contact="Project office",
    )  # fmt: skip
    add_penetration(session, house.ground, "HOLE-1", made[0], note="~hole~")
    add_permit(
        session, house.building, "PERMIT-1", made[0], kind="heritage", state="applied for",
        conditions="No drilling in stone", note="~permit~", authority="Monuments",
    )  # fmt: skip
    add_blackout(
        session, name="Council", building_id=house.building.id, begins_on=SUNDAY, ends_on=SUNDAY
    )
    session.commit()
    return made


def read(pack: PackFile) -> str:
    """Give a pack's text with single spaces."""
    with contextlib.closing(pypdfium2.PdfDocument(pack.data)) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    return " ".join(" ".join(pages).replace("\ufffe", "").split())


@pytest.mark.usefixtures("runs")
def test_a_pack_holds_what_is_left_for_the_firm_and_nothing_else(
    session: Session, printing: Printing
) -> None:
    pack = packs.write_pack(session, FITTER, "A-1", Visit(SUNDAY), printing)
    text = read(pack)

    assert (pack.name, pack.runs, pack.access_points) == ("A-1-2026-12-06.pdf", 2, 1)
    for told in (
        "PULL-1", "CLOSE-2", "AP-W", "HOLE-1", "PERMIT-1", "No drilling in stone", "Project office",
        "Council", "kein Arbeitstag", "HALTEPUNKT", "Messprotokoll mit dem Ergebnis PASS",
        "#panic() $x$ <script>",
    ):  # fmt: skip
        assert told in text, told
    for hidden in ("EARLY-3", "DONE-4", "OTHER-5", "Netz KG", "~note~", "~hole~", "~permit~"):
        assert hidden not in text, hidden
    assert read(packs.write_pack(session, SYSTEM, "A-1", Visit(SUNDAY), printing)) == text


@pytest.mark.usefixtures("runs")
def test_a_pack_is_tagged_for_those_who_hear_it(session: Session, printing: Printing) -> None:
    pack = packs.write_pack(session, FITTER, "A-1", Visit(TUESDAY), printing)

    with pikepdf.open(io.BytesIO(pack.data)) as document:
        root = document.Root
        assert root.MarkInfo.Marked
        assert str(root.Lang) == "de"
        assert "Installationsmappe" in str(document.docinfo["/Title"])
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
        tags = [item for item in document.objects if isinstance(item, pikepdf.Dictionary)]
        kinds = {str(item.get("/S", "")) for item in tags}
        alts = [str(item.Alt) for item in tags if item.get("/S") == "/Figure"]
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/Figure"} <= kinds
    assert len(alts) == pack.sheets
    assert all("Plan von" in alt for alt in alts)


@pytest.mark.parametrize(
    ("visit", "told", "hidden"),
    [
        (Visit(TUESDAY, "WE"), "PULL-1", "CLOSE-2"),
        (Visit(TUESDAY, "", 1), "CLOSE-2", "PULL-1"),
    ],
)
@pytest.mark.usefixtures("runs")
def test_a_visit_to_a_place_leaves_out_what_lies_elsewhere(
    session: Session, printing: Printing, visit: Visit, told: str, hidden: str
) -> None:
    text = read(packs.write_pack(session, FITTER, "A-1", visit, printing))

    assert told in text
    assert hidden not in text


def test_where_there_is_nothing_to_install_it_says_why(
    session: Session, printing: Printing, runs: list[CableRun]
) -> None:
    order = add_order(session, "A-2", firm=FIRM, state="ordered", ordered_on=TUESDAY)
    session.commit()

    def refusal(ref: str, visit: Visit) -> tuple[str | None, str]:
        with pytest.raises(InvalidInput) as caught:
            packs.write_pack(session, FITTER, ref, visit, printing)
        return caught.value.problems[0].field, str(caught.value.problems[0].message)

    assert refusal("A-1", Visit(TUESDAY, "XX"))[0] == "wing"
    assert refusal("A-1", Visit(TUESDAY, "", 7))[0] == "level"
    assert "handed to its firm" in refusal("A-2", Visit(TUESDAY))[1]
    for run in runs:
        run.state = "tested"
    session.commit()
    assert "tested already" in refusal("A-1", Visit(TUESDAY))[1]
    order.state = "cancelled"
    session.commit()
    assert "was cancelled" in refusal("A-2", Visit(TUESDAY))[1]
    stranger = Actor("other", grants=(("firm", Scope(firm="Netz KG")),))
    with pytest.raises(NotFound):
        packs.write_pack(session, stranger, "A-1", Visit(TUESDAY), printing)


def test_a_sheet_shows_the_plan_around_the_work_but_no_secure_room(
    session: Session, house: House, printing: Printing, runs: list[CableRun]
) -> None:
    black = io.BytesIO()
    Image.new("RGB", (400, 200), "black").save(black, "PNG")
    stored = printing.stores.files.write(black.getvalue())
    add_plan(session, house.ground, image_file=stored.name, image_sha256=stored.sha256)
    vault = shapely.box(4, 10, 10, 16)
    add_room(session, house.ground, "V", outline=vault, is_secure=True)
    session.commit()

    (sheet,) = draw_floors(session, printing.stores, Work(runs[:1], [], [], {runs[0].id: 1}))

    (picture,) = sheet.sheet.pictures
    assert picture.bounds_m == pytest.approx((0.0, 0.0, 20.0, 17.0))
    with Image.open(io.BytesIO(picture.png)) as image:
        shown = image.convert("L")
        scale = shown.width / 20

        def at(x_m: float, y_m: float) -> int:
            return int(shown.getpixel((int(x_m * scale), int((17 - y_m) * scale))))  # type: ignore[arg-type]

        assert (at(7, 13), at(12, 9), at(3, 3)) == (255, 0, 0)
    assert [mark.label for mark in sheet.sheet.marks if mark.kind == "distributor"] == ["RH-EV0.1"]


def test_numbers_in_a_row_are_written_as_a_stretch() -> None:
    assert write_numbers([7, 1, 2, 3, 9, 10]) == "1\N{EN DASH}3, 7, 9, 10"


def test_a_day_in_words_stays_as_it_was_said() -> None:
    pen = Pen("de")

    assert pen.spoken(parse_spoken("Q1/2027")) == "Q1/2027"
    assert pen.spoken(parse_spoken("2026-12-01")) == "Di 01.12.2026"
