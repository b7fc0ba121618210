"""Working lists: what stands in the URL (filters, order, columns, page) and the page made of it.

Decides how every list is asked for and shown; refuses to know what a row holds. The template
``macros/lists.html`` draws what this module prepares.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Response, redirect, render_template, request, session, url_for
from wtforms import StringField

from wlantrack.errors import NotFound, msg
from wlantrack.formats.table_writers import CSV_TYPE, XLSX_TYPE, write_csv, write_xlsx
from wlantrack.services.paging import Page
from wlantrack.web.forms import PageForm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from flask.typing import ResponseReturnValue

    from wlantrack.formats.columns import Value

Row = TypeVar("Row")

ROWS_A_PAGE = 50
LAST_PAGE = 10_000
"""What is asked for beyond this is no page that anybody has seen a link to."""
LONGEST_WORDS = 200
"""Databases refuse to look for very long words, and for very many."""

_CHOICES = "columns"
_TABLE_FORMS: dict[str, tuple[Callable[..., bytes], str]] = {
    "csv": (write_csv, CSV_TYPE),
    "xlsx": (write_xlsx, XLSX_TYPE),
}


@dataclass(frozen=True)
class ListColumn:
    """A column that a list can show.

    Attributes
    ----------
    label
        Its head, translated when it is shown.
    is_shown
        Whether it is there before the reader has chosen.
    line
        Where it stands on a phone: on the ``first`` line without its head, on the ``second`` with
        it, or not at all (``wide``).
    is_long
        Whether it holds sentences, which may take several lines; all else stays on one.
    """

    key: str
    label: Any
    is_number: bool = False
    is_sortable: bool = True
    is_shown: bool = True
    line: str = "second"
    is_long: bool = False


@dataclass(frozen=True)
class ListView:
    """A list as it was asked for."""

    columns: tuple[ListColumn, ...]
    shown: tuple[ListColumn, ...]
    sort: str
    is_descending: bool
    number: int
    args: Mapping[str, list[str]] = field(default_factory=dict)
    total: int = 0

    @property
    def page(self) -> Page:
        """Give the lines that are asked for, as queries want them."""
        return Page(self.sort, self.is_descending, ROWS_A_PAGE, (self.number - 1) * ROWS_A_PAGE)

    @property
    def page_count(self) -> int:
        """Give the number of pages, at least one."""
        return max(1, -(-self.total // ROWS_A_PAGE))

    def direction_of(self, column: ListColumn) -> str | None:
        """Tell how the list is sorted by a column: ``asc``, ``desc`` or not at all."""
        if self.sort != column.key:
            return None
        return "desc" if self.is_descending else "asc"

    def sort_url(self, column: ListColumn) -> str:
        """Give the address that sorts by a column, or turns its order round."""
        order = "desc" if self.direction_of(column) == "asc" else None
        return self.url_with(sort=column.key, order=order, page=None)

    def page_url(self, number: int) -> str:
        """Give the address of another page."""
        return self.url_with(page=number)

    def url_with(self, **changes: object) -> str:
        """Give this list's address with some of its values exchanged; None takes one out."""
        values = {**self.args, **changes}
        kept: dict[str, Any] = {
            key: value for key, value in values.items() if value not in (None, "", [])
        }
        return url_for(str(request.endpoint), **(request.view_args or {}), **kept)

    @property
    def filters(self) -> dict[str, list[str]]:
        """Give what narrows the list, without its order, columns and page."""
        shape = {"sort", "order", "columns", "page"}
        return {key: values for key, values in self.args.items() if key not in shape}

    def hidden_fields(self, *without: str) -> list[tuple[str, str]]:
        """Give what a form in the list must carry along, but for some names and the page."""
        left_out = {*without, "page"}
        return [
            (key, value)
            for key, values in self.args.items()
            for value in values
            if key not in left_out
        ]


class ListFilter(PageForm):
    """A list's filters; sent by GET, so that every view of it has a URL."""

    class Meta:
        """A search needs no token."""

        csrf = False

    def process(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as WTForms has it
        """Read the filters; of a text that is too long for any name its beginning."""
        super().process(*args, **kwargs)
        for item in self:
            if isinstance(item, StringField) and item.data:
                item.data = item.data[:LONGEST_WORDS]

    @property
    def is_set(self) -> bool:
        """Tell whether anything narrows the list."""
        return self.set_count > 0

    @property
    def set_count(self) -> int:
        """Count the filters that narrow the list."""
        return sum(bool(item.data) for item in self)


def read_list(columns: Sequence[ListColumn], sort: str = "") -> ListView:
    """Read from the URL how a list is asked for; the reader's choice of columns is remembered."""
    args = {key: [value for value in values if value] for key, values in request.args.lists()}
    number = request.args.get("page", 1, type=int)
    return ListView(
        columns=tuple(columns),
        shown=_choose_columns(columns),
        sort=request.args.get("sort", sort or columns[0].key),
        is_descending=request.args.get("order") == "desc",
        number=min(max(number, 1), LAST_PAGE),
        args={key: values for key, values in args.items() if values},
    )


def cut_page(rows: Sequence[Row]) -> tuple[ListView, Sequence[Row]]:
    """Give the view of a table without columns to choose, and the rows of the page asked for.

    A page beyond the end is the last one.
    """
    view = replace(read_list((), "rows"), total=len(rows))
    view = replace(view, number=min(view.number, view.page_count))
    return view, rows[view.page.offset : view.page.offset + view.page.limit]


def _choose_columns(columns: Sequence[ListColumn]) -> tuple[ListColumn, ...]:
    """Give the columns to show; the first one names the row and always stays."""
    name = str(request.endpoint)
    remembered: dict[str, list[str]] = session.get(_CHOICES, {})
    wanted = request.args.getlist("columns") or remembered.get(name, [])
    known = [column.key for column in columns if column.key in wanted]
    if request.args.getlist("columns"):
        others = {key: value for key, value in remembered.items() if key != name}
        session[_CHOICES] = others | ({name: known} if known else {})
    if not known:
        return tuple(column for column in columns if column.is_shown)
    return (columns[0], *(column for column in columns[1:] if column.key in known))


def send_table(
    name: str, suffix: str, heads: Sequence[str], rows: Iterable[Sequence[Value]]
) -> Response:
    """Give a table to take away, as ``csv`` or ``xlsx``.

    Raises
    ------
    NotFound
        There is no such form of tables.
    """
    if suffix not in _TABLE_FORMS:
        raise NotFound(msg("Tables are exported as csv or xlsx."))
    write, kind = _TABLE_FORMS[suffix]
    response = Response(write(heads, rows), content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{suffix}"'
    return response


def render_list(
    template: str,
    view: ListView,
    form: ListFilter,
    rows: Sequence[object],
    total: int,
    **context: object,
) -> ResponseReturnValue:
    """Show a list; a page beyond its end leads to the last one."""
    view = replace(view, total=total)
    if view.number > view.page_count:
        return redirect(view.page_url(view.page_count))
    return render_template(template, view=view, form=form, rows=rows, **context)
