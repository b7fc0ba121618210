"""Words and choices of networks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext

from wlantrack.errors import msg
from wlantrack.services.networks import CLASS_WORDS
from wlantrack.web.languages import translate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from wlantrack.errors import Message

SECURITY_WORDS = {
    "open": msg("open, without encryption"),
    "owe": msg("OWE, encrypted without a key"),
    "owe-transition": msg("OWE with an open twin"),
    "wep": msg("WEP"),
    "wpa1-psk": msg("WPA with a key"),
    "wpa2-psk": msg("WPA2 with a key"),
    "wpa2-wpa3-psk": msg("WPA2 and WPA3 with a key"),
    "wpa3-sae": msg("WPA3 with a key (SAE)"),
    "wpa2-enterprise": msg("WPA2-Enterprise"),
    "wpa2-wpa3-enterprise": msg("WPA2- and WPA3-Enterprise"),
    "wpa3-enterprise": msg("WPA3-Enterprise"),
    "wpa3-enterprise-192": msg("WPA3-Enterprise, 192 bit"),
}
PMF_WORDS = {"off": msg("off"), "optional": msg("optional"), "required": msg("required")}
STATE_WORDS = {"planned": msg("planned"), "on air": msg("on air"), "retired": msg("retired")}
STATE_MARKS = {"planned": "planned", "on air": "live", "retired": "undated"}
NEED_WORDS = {"normal": msg("normal"), "high": msg("high"), "very high": msg("very high")}
ACTION_NAMES = {"allow": msg("allowed"), "deny": msg("denied")}
FAMILY_WORDS = {"both": msg("IPv4 and IPv6"), "v4": msg("IPv4"), "v6": msg("IPv6")}
KIND_WORDS = {
    "building": msg("Building"),
    "wing": msg("Wing"),
    "floor": msg("Floor"),
    "access_point": msg("Access point"),
}
CLASS_MARKS = {"visitor": "visitor", "internal": "internal"}
"""Classes with a mark of their own; the others share the grey one, each with its word."""


def choices_of(words: Mapping[str, Message], only: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Give (key, word) pairs, all or some of them."""
    wanted = tuple(only) or tuple(words)
    return [(key, translate(word)) for key, word in words.items() if key in wanted]


def with_all(choices: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Put »all« in front of a filter's choices."""
    return [("", gettext("all")), *choices]


def page_words() -> dict[str, object]:
    """Give the templates every table of words, by what it names."""
    return {
        "class_words": CLASS_WORDS,
        "class_marks": CLASS_MARKS,
        "security_words": SECURITY_WORDS,
        "pmf_words": PMF_WORDS,
        "ssid_states": STATE_WORDS,
        "ssid_marks": STATE_MARKS,
        "need_words": NEED_WORDS,
        "action_names": ACTION_NAMES,
        "family_words": FAMILY_WORDS,
        "kind_words": KIND_WORDS,
    }
