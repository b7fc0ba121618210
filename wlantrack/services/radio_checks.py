"""What a radio may be set to: channels its band has, and the limits of regulation.

Decides what is refused and what is only warned of; refuses to know where radios are edited.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.services.channels import find_indoor_limit, find_limit, find_primary_channel
from wlantrack.store.models.access_points import CHANNEL_WIDTHS_MHZ
from wlantrack.units import MEGAHERTZ

if TYPE_CHECKING:
    from wlantrack.radio.bands import Limit
    from wlantrack.services.access_points import RadioValues
    from wlantrack.store.models.access_points import AccessPoint, AccessPointModel, Radio


def check_radio(
    radio: Radio | RadioValues,
    model: AccessPointModel,
    channel_field: str,
    width_field: str,
    row: int | None = None,
    *,
    is_outdoor: bool = False,
) -> list[Problem]:
    """Refuse a channel its band does not have; warn of what regulation does not allow.

    Raises
    ------
    InvalidInput
        The width is none, or there is no such channel of this width.
    """
    if radio.width_mhz not in CHANNEL_WIDTHS_MHZ:
        raise InvalidInput(
            Problem(
                msg("There is no such channel width."),
                msg("Use one of: %(widths)s MHz.", widths=", ".join(map(str, CHANNEL_WIDTHS_MHZ))),
                field=width_field,
                value=str(radio.width_mhz),
            )
        )
    is_known = radio.channel is None or find_primary_channel(
        radio.band, radio.channel, radio.width_mhz
    )
    if not is_known:
        raise InvalidInput(
            Problem(
                msg(
                    "The %(band)s GHz band has no such channel of %(width)d MHz.",
                    band=radio.band,
                    width=radio.width_mhz,
                ),
                msg("Choose a channel of that band, or leave the cell empty for automatic."),
                field=channel_field,
                value=str(radio.channel),
            )
        )
    return _list_breaches(radio, model, is_outdoor=is_outdoor, field=channel_field, row=row)


def _list_breaches(
    radio: Radio | RadioValues,
    model: AccessPointModel,
    *,
    is_outdoor: bool,
    field: str = "channel",
    row: int | None = None,
) -> list[Problem]:
    indoor = find_indoor_limit(radio.band, radio.channel, radio.width_mhz) if is_outdoor else None
    if indoor is not None:
        return [_warn_of_indoor_range(indoor, radio, field, row)]
    limit_dbm = find_limit(radio.band, radio.channel, radio.width_mhz, is_outdoor=is_outdoor)
    gain_dbi = next((r.gain_dbi for r in model.radios if r.band == radio.band), 0.0)
    if limit_dbm is None or radio.power_dbm is None or radio.power_dbm + gain_dbi <= limit_dbm:
        return []
    return [
        Problem(
            msg(
                "%(eirp).1f dBm EIRP is more than the %(limit).1f dBm allowed here; the"
                " prediction uses the limit.",
                eirp=radio.power_dbm + gain_dbi,
                limit=limit_dbm,
            ),
            msg("Lower the power, or choose another channel."),
            row=row,
            field=field.replace("channel", "power") + "_dbm",
            value=f"{radio.power_dbm:g}",
        )
    ]


def _warn_of_indoor_range(
    limit: Limit, radio: Radio | RadioValues, field: str, row: int | None
) -> Problem:
    return Problem(
        msg(
            "%(low).0f to %(high).0f MHz may be used indoors only (%(source)s); outdoors the"
            " prediction takes this radio as off.",
            low=limit.low_hz / MEGAHERTZ,
            high=limit.high_hz / MEGAHERTZ,
            source=limit.source,
        ),
        msg("Choose a channel from 100 to 140 at 5 GHz, or switch the radio off.")
        if radio.band == "5"
        else msg("Switch the radio off."),
        row=row,
        field=field,
        value="" if radio.channel is None else str(radio.channel),
    )


def list_warnings(point: AccessPoint) -> list[tuple[str, Problem]]:
    """Give what regulation does not allow of an access point's radios, each with its band."""
    return [
        (radio.band, problem)
        for radio in point.radios
        if radio.is_enabled
        for problem in _list_breaches(radio, point.model, is_outdoor=point.is_outdoor)
    ]
