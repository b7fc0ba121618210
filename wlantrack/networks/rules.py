"""The catalogue of the separation check, rule by rule, in one table.

Decides ids, severities and what each rule says of a plan with nothing for it to judge. The basis
names BSI IT-Grundschutz (NET.2.1 WLAN-Betrieb, NET.1.1 Netzarchitektur und -design, edition 2023),
the Wi-Fi Alliance's rules for 6 GHz and the Radio Equipment Directive.
"""

from __future__ import annotations

from wlantrack.errors import msg
from wlantrack.networks import devices, encryption, publication, segments, sites, ssids
from wlantrack.networks.findings import Rule, Severity, nothing

CRITICAL, HIGH, MEDIUM, LOW, INFO = Severity

_NO_SSID = nothing(msg("No SSID is in use."))
_NO_INTERNAL = nothing(msg("No internal SSID is in use."))
_NO_VISITOR = nothing(msg("No visitor SSID is in use."))
_NO_VISITOR_SEGMENT = nothing(msg("There is no visitor segment."))
_NO_ACCESS_POINT = nothing(msg("There is no access point."))
_NONE_LIVE = nothing(msg("No access point is in operation."))

RULES = (
    Rule(
        "W01",
        CRITICAL,
        msg("No WEP, WPA1, TKIP or WPS"),
        encryption.judge_broken_methods,
        _NO_SSID,
        ("NET.2.1.A3",),
    ),
    Rule(
        "W02",
        CRITICAL,
        msg("No internal SSID without log-in"),
        encryption.judge_open_internal,
        _NO_INTERNAL,
        ("NET.2.1.A3",),
    ),
    Rule(
        "W03",
        HIGH,
        msg("Internal SSIDs use 802.1X"),
        encryption.judge_internal_login,
        _NO_INTERNAL,
        ("NET.2.1.A2",),
    ),
    Rule(
        "W04",
        HIGH,
        msg("WPA2 and transition modes have an end"),
        encryption.judge_transitions,
        _NO_SSID,
        ("NET.2.1.A2",),
    ),
    Rule(
        "W05",
        HIGH,
        msg("Keys are long and used once only"),
        encryption.judge_keys,
        nothing(msg("No SSID uses a pre-shared key.")),
        ("NET.2.1.A3",),
    ),
    Rule(
        "W06",
        HIGH,
        msg("Management frames are protected"),
        encryption.judge_management_frames,
        nothing(msg("No SSID in use needs PMF.")),
        ("NET.2.1.A3",),
    ),
    Rule(
        "W07",
        CRITICAL,
        msg("6 GHz with WPA3 or OWE only"),
        encryption.judge_6_ghz,
        nothing(msg("No SSID is on air in 6 GHz.")),
        ("Wi-Fi Alliance 6 GHz",),
    ),
    Rule(
        "W08",
        CRITICAL,
        msg("Visitors share no VLAN, subnet or zone"),
        segments.judge_sharing,
        _NO_VISITOR_SEGMENT,
        ("NET.2.1.A7", "NET.1.1.A4"),
    ),
    Rule(
        "W09",
        CRITICAL,
        msg("No path from visitors to other networks"),
        segments.judge_paths,
        _NO_VISITOR_SEGMENT,
        ("NET.2.1.A9", "NET.1.1.A4"),
    ),
    Rule("W10", HIGH, msg("Visitors are isolated"), ssids.judge_isolation, _NO_VISITOR),
    Rule(
        "W11",
        MEDIUM,
        msg("Visitors surf encrypted and informed"),
        ssids.judge_visitor_access,
        _NO_VISITOR,
        ("NET.2.1.A3",),
    ),
    Rule(
        "W12",
        HIGH,
        msg("Management has a VLAN of its own"),
        segments.judge_management,
        nothing(msg("There is nothing to manage.")),
        ("NET.2.1.A7",),
    ),
    Rule(
        "W13",
        MEDIUM,
        msg("Every SSID is described"),
        ssids.judge_description,
        _NO_SSID,
        ("NET.2.1.A1", "NET.2.1.A5"),
    ),
    Rule("W14", INFO, msg("Names of SSIDs tell nothing"), ssids.judge_names, _NO_SSID),
    Rule(
        "W15",
        LOW,
        msg("Four SSIDs on a radio at most"),
        ssids.judge_radio_load,
        nothing(msg("No SSID is on air.")),
    ),
    Rule(
        "W16",
        MEDIUM,
        msg("What is retired is off the air"),
        ssids.judge_ends,
        nothing(msg("There is no SSID.")),
    ),
    Rule(
        "W17",
        MEDIUM,
        msg("The inventory is complete"),
        devices.judge_inventory,
        _NO_ACCESS_POINT,
        ("NET.2.1.A12",),
    ),
    Rule(
        "W18",
        HIGH,
        msg("Exposed access points are protected"),
        devices.judge_protection,
        nothing(msg("No access point is public or outdoors.")),
        ("NET.2.1.A4",),
    ),
    Rule(
        "W19",
        MEDIUM,
        msg("Coverage was measured"),
        sites.judge_acceptance,
        _NONE_LIVE,
        ("NET.2.1.A13",),
    ),
    Rule(
        "W20",
        HIGH,
        msg("Secure areas are approved"),
        sites.judge_secure_areas,
        nothing(msg("There is no secure area.")),
        ("NET.2.1.A4",),
    ),
    Rule(
        "W21",
        HIGH,
        msg("Devices are hardened"),
        devices.judge_hardening,
        _NONE_LIVE,
        ("NET.2.1.A5",),
    ),
    Rule(
        "W22",
        MEDIUM,
        msg("Devices are supported and declared"),
        devices.judge_support,
        _NO_ACCESS_POINT,
        ("NET.2.1.A11", "RED 3(3)"),
    ),
    Rule(
        "W23",
        MEDIUM,
        msg("Sites are checked every year"),
        sites.judge_checks,
        _NONE_LIVE,
        ("NET.2.1.A13", "NET.2.1.A14"),
    ),
    Rule(
        "W24",
        HIGH,
        msg("Lost devices are locked out"),
        devices.judge_revocation,
        nothing(msg("No access point is lost.")),
        ("NET.2.1.A8",),
    ),
    Rule(
        "W25",
        MEDIUM,
        msg("Link, power and uplink are right"),
        devices.judge_connection,
        _NONE_LIVE,
        ("NET.2.1.A7",),
    ),
    Rule(
        "W26",
        CRITICAL,
        msg("The public export holds nothing internal"),
        publication.judge_export,
        nothing(msg("Nothing is published.")),
    ),
)
"""In the order of their ids."""
