"""Forms of networks: filters, SSIDs, VLANs, flows, scopes, and changes of class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from wlantrack.services.flows import FlowValues
from wlantrack.services.networks import CLASS_WORDS, NetworkFilter
from wlantrack.services.ssids import SsidValues
from wlantrack.services.vlans import VlanValues
from wlantrack.web.forms import REQUIRED, EntryForm, MaybeField, VersionedForm
from wlantrack.web.lists import ListFilter
from wlantrack.web.networks import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from wlantrack.store.models.networks import Ssid, Vlan


def text_of(field: StringField) -> str:
    """Give a text without spaces around it."""
    return (field.data or "").strip()


def vlan_choices(vlans: Iterable[Vlan]) -> list[tuple[str, str]]:
    """Give VLANs to choose from, with their ids on the wire."""
    return [
        (str(vlan.public_id), f"{vlan.code} ({vlan.vid}) {vlan.name}".rstrip()) for vlan in vlans
    ]


class SsidFilterForm(ListFilter):
    """What the list of SSIDs is narrowed to."""

    q = StringField(_l("Words"))
    network_class = SelectField(_l("Class"))
    state = SelectField(_l("State"))
    security = SelectField(_l("Security"))
    vlan = SelectField(_l("VLAN"))

    def offer(self, classes: Sequence[str], vlans: Iterable[Vlan]) -> None:
        """Offer what this person may see."""
        offered = words.choices_of(CLASS_WORDS, classes)
        self.network_class.choices = words.with_all(offered)
        self.state.choices = words.with_all(words.choices_of(words.STATE_WORDS))
        self.security.choices = words.with_all(words.choices_of(words.SECURITY_WORDS))
        self.vlan.choices = words.with_all([(vlan.code, vlan.code) for vlan in vlans])

    def narrow(self) -> NetworkFilter:
        """Give the filter that was entered."""
        return NetworkFilter(
            words=text_of(self.q),
            network_class=self.network_class.data or "",
            state=self.state.data or "",
            security=self.security.data or "",
            vlan=self.vlan.data or "",
        )


class VlanFilterForm(ListFilter):
    """What the list of VLANs is narrowed to."""

    q = StringField(_l("Words"))
    network_class = SelectField(_l("Class"))
    zone = SelectField(_l("Zone"))

    def offer(self, classes: Sequence[str], zones: Iterable[str]) -> None:
        """Offer what this person may see."""
        offered = words.choices_of(CLASS_WORDS, classes)
        self.network_class.choices = words.with_all(offered)
        self.zone.choices = words.with_all([(zone, zone) for zone in zones])

    def narrow(self) -> NetworkFilter:
        """Give the filter that was entered."""
        return NetworkFilter(
            words=text_of(self.q),
            network_class=self.network_class.data or "",
            zone=self.zone.data or "",
        )


class FlowFilterForm(ListFilter):
    """What the list of flows is narrowed to."""

    q = StringField(_l("Words"))
    network_class = SelectField(_l("Class of an end"))
    vlan = SelectField(_l("VLAN"))
    action = SelectField(_l("Action"))

    def offer(self, classes: Sequence[str], vlans: Iterable[Vlan]) -> None:
        """Offer what this person may see."""
        offered = words.choices_of(CLASS_WORDS, classes)
        self.network_class.choices = words.with_all(offered)
        self.vlan.choices = words.with_all([(vlan.code, vlan.code) for vlan in vlans])
        self.action.choices = words.with_all(words.choices_of(words.ACTION_NAMES))

    def narrow(self) -> NetworkFilter:
        """Give the filter that was entered."""
        return NetworkFilter(
            words=text_of(self.q),
            network_class=self.network_class.data or "",
            vlan=self.vlan.data or "",
            action=self.action.data or "",
        )


class VlanForm(VersionedForm):
    """What people edit about a VLAN."""

    code = StringField(_l("Code"), [InputRequired(REQUIRED), Length(max=40)])
    vid = IntegerField(_l("VLAN id"), [InputRequired(REQUIRED)])
    name = StringField(_l("Name"), [Length(max=120)])
    family = SelectField(_l("Addresses that are routed"))
    subnet_v4 = StringField(_l("IPv4 subnet"), [Length(max=60)])
    subnet_v6 = StringField(_l("IPv6 subnet"), [Length(max=60)])
    zone = StringField(_l("Firewall zone"), [Length(max=60)])
    owner = StringField(_l("Owner"), [Length(max=120)])
    purpose = StringField(_l("Purpose"), [Length(max=200)])
    protection_need = SelectField(_l("Protection need"))
    note = StringField(_l("Note"), [Length(max=500)])

    def offer(self) -> None:
        """Offer the protection needs and the families of addresses."""
        self.protection_need.choices = _needs()
        self.family.choices = [
            ("", gettext("not known yet")),
            *words.choices_of(words.FAMILY_WORDS),
        ]

    def values(self) -> VlanValues:
        """Give what was entered as plain values."""
        plain = ("name", "subnet_v4", "subnet_v6", "zone", "owner", "purpose", "note")
        return VlanValues(
            text_of(self.code),
            self.vid.data,
            protection_need=self.protection_need.data or None,
            family=self.family.data or None,
            **{name: text_of(getattr(self, name)) for name in plain},
        )


class NewVlanForm(VlanForm):
    """A new VLAN also gets its class."""

    network_class = SelectField(_l("Class"))

    def offer(self) -> None:
        """Offer classes and protection needs."""
        super().offer()
        self.network_class.choices = words.choices_of(CLASS_WORDS)


def _needs() -> list[tuple[str, str]]:
    return [("", gettext("not known yet")), *words.choices_of(words.NEED_WORDS)]


class SsidForm(VersionedForm):
    """What people edit about an SSID."""

    code = StringField(_l("Code"), [InputRequired(REQUIRED), Length(max=40)])
    name = StringField(_l("Network name (SSID)"), [InputRequired(REQUIRED), Length(max=32)])
    vlan = SelectField(_l("VLAN"))
    state = SelectField(_l("State"))
    security = SelectField(_l("Security"))
    pmf = SelectField(_l("Protected management frames"))
    is_on_24 = BooleanField("2,4 GHz")
    is_on_5 = BooleanField("5 GHz")
    is_on_6 = BooleanField("6 GHz")
    is_isolated = MaybeField(_l("Clients are isolated from one another"))
    uses_wps = MaybeField(_l("WPS"))
    uses_tkip = MaybeField(_l("TKIP"))
    has_portal = MaybeField(_l("Visitors meet a portal page"))
    portal_url = StringField(_l("Portal page"), [Length(max=200)])
    privacy_notice_version = StringField(_l("Version of the privacy notice"), [Length(max=40)])
    psk_length = IntegerField(_l("Characters of the key"), [Optional()])
    is_psk_unique = MaybeField(_l("Key is used nowhere else"))
    psk_attested_on = DateField(_l("Key checked on"), [Optional()])
    migration_on = DateField(_l("Moves to WPA3 on"), [Optional()])
    owner = StringField(_l("Owner"), [Length(max=120)])
    purpose = StringField(_l("Purpose"), [Length(max=200)])
    protection_need = SelectField(_l("Protection need"))
    ends_on = DateField(_l("Ends on"), [Optional()])
    note = StringField(_l("Note"), [Length(max=500)])

    def offer(self, vlans: Iterable[Vlan], ssid: Ssid | None = None) -> None:
        """Offer VLANs and the fixed choices; begin with an SSID's own VLAN."""
        self.vlan.choices = vlan_choices(vlans)
        self.state.choices = words.choices_of(words.STATE_WORDS)
        self.security.choices = words.choices_of(words.SECURITY_WORDS)
        self.pmf.choices = words.choices_of(words.PMF_WORDS)
        self.protection_need.choices = _needs()
        if ssid is not None:
            self.set_current("vlan", str(ssid.vlan.public_id))
        elif not self.is_submitted():
            self.security.data, self.pmf.data = "wpa3-enterprise", "required"
            self.is_on_24.data = self.is_on_5.data = True

    def values(self) -> SsidValues:
        """Give what was entered as plain values."""
        texts = ("code", "portal_url", "privacy_notice_version", "owner", "purpose", "note")
        answers = ("is_isolated", "uses_wps", "uses_tkip", "has_portal", "is_psk_unique")
        plain = (
            "vlan",
            "state",
            "security",
            "pmf",
            "is_on_24",
            "is_on_5",
            "is_on_6",
            "psk_length",
            "psk_attested_on",
            "migration_on",
            "ends_on",
        )
        given: dict[str, Any] = {
            **{name: text_of(getattr(self, name)) for name in texts},
            **{name: getattr(self, name).answer for name in answers},
            **{name: getattr(self, name).data for name in plain},
        }
        # Spaces may belong to a network's name.
        return SsidValues(
            name=self.name.data or "",
            protection_need=self.protection_need.data or None,
            **given,
        )


class FlowForm(VersionedForm):
    """What people edit about a flow."""

    code = StringField(_l("Code"), [InputRequired(REQUIRED), Length(max=40)])
    source = SelectField(_l("From"))
    target = SelectField(_l("To"))
    action = SelectField(_l("Action"))
    family = SelectField(_l("Addresses"))
    services = StringField(_l("Services"), [Length(max=200)])
    note = StringField(_l("Note"), [Length(max=500)])

    def offer(self, vlans: Sequence[Vlan]) -> None:
        """Offer VLANs, actions and address families."""
        self.source.choices = self.target.choices = vlan_choices(vlans)
        self.action.choices = words.choices_of(words.ACTION_NAMES)
        self.family.choices = words.choices_of(words.FAMILY_WORDS)

    def values(self) -> FlowValues:
        """Give what was entered as plain values."""
        return FlowValues(
            text_of(self.code),
            self.source.data,
            self.target.data,
            self.action.data,
            self.family.data,
            text_of(self.services),
            text_of(self.note),
        )


class VlanClassForm(VersionedForm):
    """Another class for a VLAN."""

    network_class = SelectField(_l("New class"))

    def offer(self) -> None:
        """Offer the classes."""
        self.network_class.choices = words.choices_of(CLASS_WORDS)


class SsidClassForm(VersionedForm):
    """Another VLAN, and with it another class, for an SSID."""

    vlan = SelectField(_l("New VLAN"))

    def offer(self, vlans: Iterable[Vlan]) -> None:
        """Offer VLANs with their classes."""
        named = dict(words.choices_of(CLASS_WORDS))
        self.vlan.choices = [
            (str(vlan.public_id), f"{vlan.code} ({vlan.vid}), {named[vlan.network_class]}")
            for vlan in vlans
        ]


class ScopeForm(EntryForm):
    """A place in which an SSID is on air, or is not."""

    place = StringField(_l("Where"), [InputRequired(REQUIRED), Length(max=80)])
