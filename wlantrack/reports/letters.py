"""A letter by mail: the same words as plain text and as HTML, with headers that nobody can forge.

Decides how a letter looks and what its headers tell mail programs: that a program wrote it, and
where it is turned off. Refuses to know who gets it and why; nothing in it loads anything.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

LONGEST_SUBJECT: Final = 120


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it, line by line."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Letter:
    """All that a letter says, in its reader's language.

    ``links`` are pairs of words and addresses below the text; ``footer`` says why it came.
    """

    language: str
    subject: str
    intro: str
    sections: tuple[Section, ...]
    links: tuple[tuple[str, str], ...]
    footer: str


@dataclass(frozen=True)
class Envelope:
    """Where a letter goes and comes from, its id and moment, and where such mail is turned off."""

    sender: str
    sender_name: str
    to: str
    message_id: str
    sent_at: datetime
    off_url: str


def write_message(letter: Letter, envelope: Envelope) -> bytes:
    """Write a letter as a message with a plain and an HTML part.

    Raises
    ------
    ValueError
        An address is none: callers check addresses before they keep them.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(_flatten(envelope.sender_name), addr_spec=envelope.sender)
    message["To"] = Address(addr_spec=envelope.to)
    message["Subject"] = _flatten(letter.subject)[:LONGEST_SUBJECT]
    message["Date"] = format_datetime(envelope.sent_at)
    message["Message-ID"] = f"<{_flatten(envelope.message_id)}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message["List-Unsubscribe"] = f"<{_flatten(envelope.off_url)}>"
    message["Content-Language"] = letter.language
    message.set_content(write_text(letter), cte="quoted-printable")
    message.add_alternative(write_html(letter), subtype="html", cte="quoted-printable")
    return message.as_bytes()


def _flatten(text: str) -> str:
    """Put text on one line: a header ends where its line does."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def write_text(letter: Letter) -> str:
    """Write a letter as plain text."""
    return "\n".join(_list_text(letter)) + "\n"


def _list_text(letter: Letter) -> Iterator[str]:
    yield letter.intro
    for section in letter.sections:
        yield f"\n{_flatten(section.heading)}"
        yield from (f"- {_flatten(line)}" for line in section.lines)
    yield ""
    yield from (f"{words}: {url}" for words, url in letter.links)
    yield f"\n-- \n{letter.footer}"


_STYLE: Final = "font-family:sans-serif;font-size:16px;line-height:1.5;max-width:42em;margin:1em"


def write_html(letter: Letter) -> str:
    """Write a letter as HTML with real headings and lists; it loads nothing."""
    body = "".join(_list_html(letter))
    return (
        f'<!doctype html><html lang="{html.escape(letter.language)}"><head><meta charset="utf-8">'
        f'<meta name="color-scheme" content="light dark"><title>{html.escape(letter.subject)}</title>'
        f'</head><body style="{_STYLE}">{body}</body></html>\n'
    )


def _list_html(letter: Letter) -> Iterator[str]:
    yield f"<h1>{html.escape(letter.subject)}</h1>\n<p>{html.escape(letter.intro)}</p>\n"
    for section in letter.sections:
        lines = "".join(f"<li>{html.escape(line)}</li>\n" for line in section.lines)
        yield f"<h2>{html.escape(section.heading)}</h2>\n<ul>\n{lines}</ul>\n"
    for words, url in letter.links:
        yield f'<p><a href="{html.escape(url)}">{html.escape(words)}</a></p>\n'
    yield f"<hr>\n<p>{html.escape(letter.footer)}</p>\n"
