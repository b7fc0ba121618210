"""The public page as the application serves it, and the form that a static server lacks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from tests.integration.web.visitor import enter, open_client, read_form, read_text
from tests.live_server import database_of
from wlantrack.services import publication
from wlantrack.services.actor import SYSTEM
from wlantrack.services.published import hash_of
from wlantrack.store.models.audit import AuditEvent
from wlantrack.store.models.hotspots import Feedback, PublicHotspot
from wlantrack.web.context import EXTENSION

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

    from tests.integration.web.site import Site
    from tests.integration.web.visitor import Visitor


@pytest.fixture
def folder(app: Flask, site: Site) -> Path:  # noqa: ARG001 - the site has the hotspot
    """Publish the site's hotspot, and give the folder."""
    settings = app.extensions[EXTENSION].settings
    with database_of(app).reading() as session:
        publication.publish(session, SYSTEM, settings)
    public: Path = settings.public_dir
    return public


def load_feedback(app: Flask) -> list[Feedback]:
    with database_of(app).reading() as session:
        return list(session.scalars(select(Feedback).order_by(Feedback.id)))


def load_hotspot(app: Flask) -> PublicHotspot:
    with database_of(app).reading() as session:
        return session.scalars(select(PublicHotspot)).one()


def test_before_anything_is_published_there_is_no_page(client: FlaskClient, site: Site) -> None:  # noqa: ARG001 - filled
    answer = client.get("/public/")

    assert answer.status_code == 404
    assert "No hotspots are published yet." in answer.text


def test_every_file_is_served_as_it_was_written(client: FlaskClient, folder: Path) -> None:
    listed = json.loads((folder / "manifest.json").read_bytes())["files"]
    assert {"index.html", "en/index.html", "hotspots.geojson", "hotspots.csv"} <= {
        item["path"] for item in listed
    }
    for item in listed:
        if item["path"].endswith("feedback.html"):
            continue  # the application has the form
        answer = client.get(f"/public/{item['path']}")
        assert answer.status_code == 200
        assert hash_of(answer.data) == item["sha256"]
        assert answer.get_etag() == (item["sha256"], False)


@pytest.mark.usefixtures("folder")
def test_folders_lead_to_their_page(client: FlaskClient) -> None:
    assert "Hotspots des Besucher-WLANs" in client.get("/public/").text
    assert "Hotspots of the visitor WLAN" in client.get("/public/en/").text
    assert client.get("/public").status_code == 308


@pytest.mark.usefixtures("folder")
def test_what_has_not_changed_is_not_sent_again(client: FlaskClient) -> None:
    first = client.get("/public/")
    again = client.get("/public/", headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")
    assert first.headers["Cache-Control"] == "no-cache"


@pytest.mark.usefixtures("folder")
def test_the_page_comes_under_a_policy_without_exceptions(client: FlaskClient) -> None:
    policy = client.get("/public/").headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "nonce" not in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'self'" in policy
    assert "Set-Cookie" not in client.get("/public/").headers


@pytest.mark.usefixtures("folder")
def test_open_data_may_be_used_by_other_sites(client: FlaskClient) -> None:
    answer = client.get("/public/hotspots.geojson")

    assert answer.content_type == "application/geo+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in client.get("/public/").headers


@pytest.mark.parametrize(
    "path",
    [
        "../wlantrack.db",
        "..%2fwlantrack.db",
        "%2e%2e/secret_key",
        "nothing",
        "assets",
        "/etc/passwd",
    ],
)
@pytest.mark.usefixtures("folder")
def test_nothing_but_the_bundle_is_served(path: str, client: FlaskClient) -> None:
    assert client.get(f"/public/{path}").status_code in {308, 404}


def test_a_file_that_somebody_put_beside_the_bundle_is_not_served(
    client: FlaskClient, folder: Path
) -> None:
    (folder / "internal.txt").write_text("secret")

    assert client.get("/public/internal.txt").status_code == 404


@pytest.mark.parametrize(
    ("address", "language", "words"),
    [
        ("/public/feedback.html", "de", "Ihre Nachricht"),
        ("/public/en/feedback.html", "en", "Your message"),
    ],
)
def test_the_form_speaks_the_language_of_its_address(
    address: str, language: str, words: str, app: Flask, site: Site
) -> None:
    del site
    page = open_client(app).get(address).text

    assert f'<html lang="{language}">' in page
    assert words in page


@pytest.mark.usefixtures("site")
def test_there_is_no_form_in_a_language_that_is_not_offered(client: FlaskClient) -> None:
    assert client.get("/public/fr/feedback.html").status_code == 404


def test_feedback_about_a_hotspot_reaches_those_who_publish_it(app: Flask, site: Site) -> None:
    del site
    client, hotspot = open_client(app), load_hotspot(app)
    address = f"/public/en/feedback.html?hotspot={hotspot.open_id}"
    page = client.get(address)
    assert "About the hotspot: Town hall" in page.text

    sent = {"words": "No network in the hall", "reply_to": "me@example.org", "topic": "hotspot"}
    answer = client.post(address, data=read_form(page.text) | sent, follow_redirects=True)

    assert "Your message has arrived" in answer.text
    written = load_feedback(app)[-1]
    assert (written.words, written.about, written.language) == (
        "No network in the hall",
        hotspot.open_id,
        "en",
    )
    manager = enter(app, "manager")
    assert "Feedback (2)" in read_text(manager.get("/networks/hotspots"))
    listed = read_text(manager.get("/networks/hotspots/feedback"))
    assert "No network in the hall" in listed
    assert "me@example.org" in listed


def test_feedback_needs_words_and_keeps_what_was_typed(app: Flask, site: Site) -> None:
    del site
    client = open_client(app)
    form = read_form(client.get("/public/en/feedback.html").text)

    answer = client.post("/public/en/feedback.html", data=form | {"reply_to": "me@example.org"})

    assert "Please fill this in." in answer.text
    assert "me@example.org" in answer.text
    assert len(load_feedback(app)) == 1


def test_feedback_without_a_token_is_refused(app: Flask, site: Site) -> None:
    del site
    answer = open_client(app).post(
        "/public/en/feedback.html", data={"words": "x", "topic": "other"}
    )

    assert answer.status_code == 400
    assert len(load_feedback(app)) == 1


def test_an_unpublished_hotspot_cannot_be_asked_after(app: Flask, site: Site) -> None:
    hotspot = load_hotspot(app)
    with database_of(app).writing(SYSTEM.audit()) as session:
        session.merge(hotspot).is_published = False
        session.commit()

    for about in (hotspot.open_id, site.hotspot, "x"):
        page = open_client(app).get(f"/public/en/feedback.html?hotspot={about}").text
        assert "Town hall" not in page


def test_so_many_messages_come_from_one_address_and_no_more(app: Flask, site: Site) -> None:
    del site
    client = open_client(app)
    form = read_form(client.get("/public/en/feedback.html").text) | {"words": "again"}

    statuses = [client.post("/public/en/feedback.html", data=form).status_code for _ in range(12)]

    assert statuses[0] == 302
    assert statuses[-1] == 429


def test_what_visitors_write_stays_out_of_the_audit_trail(app: Flask, site: Site) -> None:
    del site
    client = open_client(app)
    form = read_form(client.get("/public/en/feedback.html").text)
    client.post(
        "/public/en/feedback.html", data=form | {"words": "my secret", "reply_to": "me@example.org"}
    )

    with database_of(app).reading() as session:
        query = select(AuditEvent).where(AuditEvent.entity == "feedback").order_by(AuditEvent.id)
        events = session.scalars(query).all()
    assert events[-1].actor == "public page"
    assert events[-1].after["words"] == "(hidden)"
    assert "my secret" not in str([event.after for event in events])
    assert "me@example.org" not in str([event.after for event in events])


def test_feedback_is_dealt_with_and_deleted_for_good(app: Flask, site: Site) -> None:
    manager = enter(app, "manager")

    manager.post(f"/networks/hotspots/feedback/{site.feedback}/done", version=1, done="yes")
    assert load_feedback(app)[0].is_done

    page = manager.get(f"/networks/hotspots/feedback/{site.feedback}/delete")
    assert "for good" in read_text(page)
    manager.fill_in(f"/networks/hotspots/feedback/{site.feedback}/delete")
    assert load_feedback(app) == []


def test_feedback_is_out_of_reach_of_those_who_do_not_publish_there(app: Flask, site: Site) -> None:
    assert enter(app, "facility").get("/networks/hotspots/feedback").status_code == 403
    westerner = enter(app, "westerner")
    assert westerner.get(f"/networks/hotspots/feedback/{site.feedback}/delete").status_code == 404


# What staff do


def edit(visitor: Visitor, site: Site, **values: str) -> None:
    answer = visitor.fill_in(f"/networks/hotspots/{site.hotspot}/edit", **values)
    assert answer.status_code == 302, read_text(answer)


def test_a_changed_text_is_on_the_public_page_at_once(
    app: Flask, site: Site, client: FlaskClient, folder: Path
) -> None:
    del folder
    edit(enter(app, "manager"), site, opening_hours="Mo-Fr 9-17")

    assert "Mo-Fr 9-17" in client.get("/public/").text


def test_taking_a_hotspot_off_the_page_needs_a_reason_and_works_at_once(
    app: Flask, site: Site, client: FlaskClient, folder: Path
) -> None:
    del folder
    manager, address = enter(app, "manager"), f"/networks/hotspots/{site.hotspot}/publish"
    assert "Town hall" in client.get("/public/").text

    assert manager.fill_in(address, publish="no").status_code == 200
    assert "Town hall" in client.get("/public/").text

    assert manager.fill_in(address, publish="no", reason="The hall is closed").status_code == 302
    assert "Town hall" not in client.get("/public/").text
    history = read_text(manager.get(f"/networks/hotspots/{site.hotspot}"))
    assert "The hall is closed" in history


def test_undo_brings_it_back_also_on_the_page(
    app: Flask, site: Site, client: FlaskClient, folder: Path
) -> None:
    del folder
    manager = enter(app, "manager")
    manager.fill_in(f"/networks/hotspots/{site.hotspot}/publish", publish="no", reason="by mistake")
    with database_of(app).reading() as session:
        query = select(AuditEvent).where(AuditEvent.entity == "public_hotspot")
        request_id = session.scalars(query.order_by(AuditEvent.id.desc())).first()
    assert request_id

    manager.post(f"/undo/{request_id.request_id}")

    assert load_hotspot(app).is_published
    assert "Town hall" in client.get("/public/").text


def test_a_hotspot_is_added_from_what_the_building_says(app: Flask, site: Site) -> None:
    del site
    manager = enter(app, "manager")
    assert "RH/" in manager.get("/networks/hotspots/add").text

    answer = manager.fill_in(
        "/networks/hotspots/add?where=RH/WE", name="West wing", address="Market square 2"
    )

    assert answer.status_code == 302
    shown = read_text(manager.get(answer.location))
    assert "West wing" in shown
    assert "RH-WLAN-2" in shown
    assert "not published" in shown


def test_ticked_hotspots_are_taken_off_the_page_together(
    app: Flask, site: Site, client: FlaskClient, folder: Path
) -> None:
    del folder
    manager = enter(app, "manager")
    page = manager.post("/networks/hotspots/selected", ids=site.hotspot, publish="no")
    assert "Take 1 hotspot off the public page" in page.text
    form = read_form(page.text)

    refused = manager.post("/networks/hotspots/selected/apply", **form, publish="no")
    assert "Please fill this in." in refused.text
    form |= {"reason": "The hall is closed", "publish": "no"}
    assert manager.post("/networks/hotspots/selected/apply", **form).status_code == 302

    assert "Town hall" not in client.get("/public/").text
    assert manager.post("/networks/hotspots/selected", publish="no").status_code == 400


def test_the_page_is_written_by_a_button_and_the_list_tells_when_it_is_behind(
    app: Flask, site: Site, folder: Path
) -> None:
    manager = enter(app, "manager")
    with database_of(app).writing(SYSTEM.audit()) as session:
        session.merge(load_hotspot(app)).name = "City hall"
        session.commit()
    assert "another state than this list" in read_text(manager.get("/networks/hotspots"))

    assert manager.post("/networks/hotspots/publish").status_code == 302

    assert "another state" not in read_text(manager.get("/networks/hotspots"))
    assert b"City hall" in (folder / "index.html").read_bytes()
    assert enter(app, "facility").post("/networks/hotspots/publish").status_code == 403
    del site
