"""Rules W19, W20 and W23: what was measured, approved and looked over on site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wlantrack.errors import Message, msg
from wlantrack.networks.devices import list_live, subject_of
from wlantrack.networks.findings import PLAN, Judgement, lacks, weigh
from wlantrack.networks.plan import LIVE_STATES, AreaApproval, NetworkPlan, SecureArea, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date


def judge_acceptance(plan: NetworkPlan) -> Iterator[Judgement]:
    """W19: coverage was measured, and nobody moved walls since.

    A measurement on the day on which the work ended counts; work that ends later does not yet.
    """
    for point in list_live(plan):
        if not point.state:
            yield lacks(subject_of(point), msg("state"))
            continue
        ends = [item.ended_on for item in point.renovations or ()]
        last = max((end for end in ends if end and end <= plan.as_of), default=None)
        measured = point.measured_on
        faults: list[Message] = []
        if measured is None or measured > plan.as_of:
            faults.append(msg("No acceptance measurement is recorded."))
        elif last is not None and measured < last:
            faults.append(
                msg(
                    "It was measured on %(date)s, before the renovation ended on %(end)s.",
                    date=measured,
                    end=last,
                )
            )
        gaps = [] if point.renovations is not None else [msg("renovations around it")]
        gaps += [msg("end of a renovation")] if None in ends else []
        yield weigh(
            subject_of(point),
            faults=faults,
            gaps=gaps,
            advice=msg("Measure the coverage here, and enter the date."),
            evidence=msg("Measured on %(date)s, after the last renovation.", date=measured),
        )


def judge_secure_areas(plan: NetworkPlan) -> Iterator[Judgement]:
    """W20: no radio in a secure area, from within or from without, that nobody approved."""
    if plan.secure_areas is None:
        yield lacks(PLAN, msg("secure areas"))
        return
    for area in plan.secure_areas:
        approved = {item.access_point for item in area.approvals if _is_valid(item, plan.as_of)}
        inside = _list_others(area.access_points, approved)
        heard = tuple(
            code for code in _list_others(area.covered_by, approved) if code not in inside
        )
        faults = []
        if inside:
            faults.append(msg("Inside it without approval: %(points)s.", points=inside))
        if heard:
            faults.append(msg("Covering it without approval: %(points)s.", points=heard))
        yield weigh(
            Subject("secure area", area.code),
            faults=faults,
            gaps=_list_area_gaps(area),
            advice=msg("Move or turn down these access points, or have them approved."),
            evidence=msg("Nothing covers it without approval."),
        )


def judge_checks(plan: NetworkPlan) -> Iterator[Judgement]:
    """W23: each site was audited, scanned and looked over within a year (NET.2.1.A13, A14).

    The day a year ago still counts. A check that never was leaves the site unknown, not passed.
    """
    oldest = _year_before(plan.as_of)
    live = {point.site for point in plan.access_points if point.state in LIVE_STATES}
    known = {site.code for site in plan.sites}
    if live - known:
        yield lacks(PLAN, msg("sites of access points in operation"))
    for site in plan.sites:
        if site.code not in live:
            continue
        faults, gaps = [], []
        for word, done_on in (
            (msg("audit"), site.audited_on),
            (msg("search for foreign access points"), site.rogue_scanned_on),
            (msg("check for tampering"), site.tamper_checked_on),
        ):
            if done_on is None or done_on > plan.as_of:
                gaps.append(word)
            elif done_on < oldest:
                faults.append(
                    msg("Older than 12 months: %(check)s of %(date)s.", check=word, date=done_on)
                )
        yield weigh(
            Subject("site", site.code),
            faults=faults,
            gaps=gaps,
            advice=msg("Do what is overdue, and enter the date."),
            evidence=msg("Everything was checked within 12 months."),
        )


def _is_valid(approval: AreaApproval, today: date) -> bool:
    return (
        bool(approval.approved_by.strip())
        and approval.approved_on is not None
        and approval.approved_on <= today
        and (approval.expires_on is None or approval.expires_on >= today)
    )


def _list_others(points: tuple[str, ...] | None, approved: set[str]) -> tuple[str, ...]:
    return tuple(sorted(set(points or ()) - approved))


def _list_area_gaps(area: SecureArea) -> list[Message]:
    gaps = [] if area.access_points is not None else [msg("access points inside")]
    return gaps + ([] if area.covered_by is not None else [msg("predicted coverage inside")])


def _year_before(today: date) -> date:
    """Give the same day of the year before; of 29 February the 28th."""
    is_leap_day = (today.month, today.day) == (2, 29)
    return today.replace(year=today.year - 1, day=28 if is_leap_day else today.day)
