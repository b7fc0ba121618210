"""Forms of the separation check: its filter, a proposal of an exemption, an approval of a room."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from wlantrack.networks.findings import Result
from wlantrack.networks.plan import Subject
from wlantrack.services import separation
from wlantrack.services.exemptions import ExemptionValues
from wlantrack.services.separation import FindingFilter
from wlantrack.web.forms import REQUIRED, EntryForm
from wlantrack.web.languages import translate
from wlantrack.web.lists import ListFilter
from wlantrack.web.networks.words import choices_of, with_all

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wlantrack.networks.findings import Finding
    from wlantrack.services.separation import Check
    from wlantrack.store.queries.separation import AreaRow


class FindingFilterForm(ListFilter):
    """What the findings are narrowed to."""

    q = StringField(_l("Words"))
    severity = SelectField(_l("Severity"))
    result = SelectField(_l("Result"))
    rule = SelectField(_l("Rule"))
    kind = SelectField(_l("About"))
    building = SelectField(_l("Building"))

    def offer(self, found: Check) -> None:
        """Offer what there are findings of."""
        self.severity.choices = with_all(choices_of(separation.SEVERITY_WORDS))
        self.result.choices = with_all(choices_of(separation.RESULT_WORDS))
        self.rule.choices = with_all(
            [(rule.id, f"{rule.id} {translate(rule.title)}") for rule in separation.RULES]
        )
        kinds = separation.list_kinds(found.findings)
        self.kind.choices = with_all(choices_of(separation.KIND_WORDS, kinds))
        buildings = sorted(set(found.buildings.values()))
        self.building.choices = with_all([(code, code) for code in buildings])

    def narrow(self) -> FindingFilter:
        """Give the filter that was entered."""
        return FindingFilter(
            words=(self.q.data or "").strip(),
            rule=self.rule.data or "",
            severity=self.severity.data or "",
            result=self.result.data or "",
            kind=self.kind.data or "",
            building=self.building.data or "",
        )


def write_key(rule: str, subject: Subject) -> str:
    """Name a failure in one text: codes may hold any character."""
    return json.dumps([rule, subject.kind, subject.code], ensure_ascii=False)


class ProposalForm(EntryForm):
    """Leave to break a rule for one subject, until a day."""

    failure = SelectField(_l("Failure"), coerce=str)
    reason = TextAreaField(_l("Reason"), [InputRequired(REQUIRED), Length(max=500)])
    expires_on = DateField(_l("Last day"), [InputRequired(REQUIRED)])

    def offer(self, findings: Iterable[Finding]) -> None:
        """Offer the failures that may be exempted."""
        self.failure.choices = [
            (
                write_key(item.rule, item.subject),
                f"{item.rule} {translate(separation.name_rule(item.rule))}: "
                f"{translate(separation.KIND_WORDS[item.subject.kind])} {item.subject.code}".rstrip(),
            )
            for item in findings
            if item.result is Result.FAIL and separation.RULE_OF[item.rule].may_be_exempted
        ]

    def values(self) -> ExemptionValues:
        """Give what was entered as plain values."""
        rule, kind, code = json.loads(self.failure.data)
        return ExemptionValues(
            rule, Subject(kind, code), self.reason.data or "", self.expires_on.data
        )


class AreaForm(EntryForm):
    """Leave for radio in a secure room."""

    room = SelectField(_l("Secure room"), coerce=str)
    access_point = StringField(_l("Access point"), [Length(max=60)])
    expires_on = DateField(_l("Last day"), [Optional()])

    def offer(self, rooms: Iterable[AreaRow]) -> None:
        """Offer the secure rooms in scope."""
        self.room.choices = [
            (str(room.public_id), f"{room.code} {room.name}".rstrip()) for room in rooms
        ]
