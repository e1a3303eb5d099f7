"""Filters: at most four a page, each with one URL key, the same on every page.

A filter offers only what the data hold under the filters before it, so that no combination is
empty. Codes go into the URL, labels onto the screen; this module is the one place that turns one
into the other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import streamlit as st

from ui import format as fmt
from ui.components import state
from ui.format import Lang
from ui.period import Period, open_days_left
from ui.text import t
from warehouse.home import Home
from warehouse.query import Span

Value = Any
"""A code (text or number), a month (date) or a Period; None for all."""

_EVERYTHING = ""
"""Stands for None in a widget, which would draw None as nothing chosen yet."""

OWN_DATA = ("tickets", "applications", "workload_hours", "staff")
"""Metrics of files that a municipality loads itself: every page opens on the one with most."""

Ask = Callable[..., Any]
"""`ask(metric, by=…, where=…) -> Answer` of the release of this rerun."""


@dataclass(frozen=True)
class Filter:
    """One choice of the reader.

    key: name in the URL, and of its label (`common.filter.<key>`).
    dimension: dimension of the query door that it narrows.
    metric: the metric whose data decide what is offered.
    kind: `choice` of a code, one `month`, or a `period` of months.
    optional: 「すべて」 is offered, and is the default.
    newest: the default is the last of the values, not the first.
    among: further conditions that only decide what is offered (every area, not those that add up).
    """

    key: str
    dimension: str
    metric: str
    kind: str = "choice"
    optional: bool = True
    newest: bool = False
    among: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Switch:
    """A choice of how to look at one chart; the first option is the default.

    It lives in the URL like a filter, stands beside its chart, and narrows nothing.
    """

    key: str
    options: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """A choice that the page reads and checks itself, as a second area to stand beside the first.

    It lives in the URL like a filter and narrows nothing; empty where nothing is chosen.
    """

    key: str


def municipality(metric: str) -> Filter:
    """One municipality; by default the own one of config.toml, else the one with most data."""
    return Filter("m", "municipality", metric, optional=False)


def month(metric: str) -> Filter:
    """One month; by default the newest complete one."""
    return Filter("period", "month", metric, kind="month", optional=False)


def period(metric: str) -> Filter:
    """A month, a fiscal year, the last twelve months or any span; by default as `month`."""
    return Filter("period", "month", metric, kind="period", optional=False)


def department(metric: str) -> Filter:
    """One department, or all."""
    return Filter("dept", "department", metric)


def counter(metric: str) -> Filter:
    """One counter, or all."""
    return Filter("counter", "counter", metric)


@dataclass(frozen=True)
class Selected:
    """A filter with what it offers and what is chosen under the filters before it."""

    filter: Filter
    value: Value
    options: tuple[Value, ...]
    labels: Mapping[Value, str]
    default: Value
    rejected: str | None = None
    """The code of the URL that this release does not know."""

    @property
    def is_choice(self) -> bool:
        """Tell whether there is more than one value to choose from, or one to take back."""
        values = [value for value in self.options if value is not None]
        return len(values) > 1 or (None in self.options and self.value is not None)

    @property
    def label(self) -> str:
        """Return the text of the value chosen."""
        return self.labels[self.value]


@dataclass(frozen=True)
class Selection:
    """All filters of a page, resolved in order."""

    items: tuple[Selected, ...] = ()
    switches: Mapping[Switch, str] = field(default_factory=dict)
    entries: Mapping[str, str] = field(default_factory=dict)
    """What is chosen of each Entry, by URL key."""

    def __getitem__(self, key: str) -> Value:
        """Return the value of the filter with that URL key."""
        return next(item.value for item in self.items if item.filter.key == key)

    def __contains__(self, key: object) -> bool:
        """Tell whether the page has that filter."""
        return any(item.filter.key == key for item in self.items)

    def switch(self, key: str) -> tuple[Switch, str]:
        """Return the switch with that URL key, and its option chosen."""
        return next((one, code) for one, code in self.switches.items() if one.key == key)

    def where(self, without: Sequence[str] = ()) -> dict[str, Any]:
        """Return the conditions for the query door, but those of the keys in `without`."""
        return {
            item.filter.dimension: as_condition(item.value)
            for item in self.items
            if item.value is not None and item.filter.key not in without
        }


def as_condition(value: Value) -> Any:
    """Turn a value into what the query door takes: a Period becomes an inclusive Span."""
    return Span(value.start, value.end) if isinstance(value, Period) else value


def encode(value: Value) -> str:
    """Write a value as the URL carries it."""
    if isinstance(value, Period):
        return value.encode()
    return f"{value:%Y-%m}" if isinstance(value, date) else str(value)


def decode(code: str, kind: str, options: Sequence[Value]) -> Value:
    """Read a code of the URL. Raises ValueError where it is malformed or not offered.

    A month filter takes the last month of a period, so that a choice survives the way from a page
    with periods to one with months; a period filter takes any span within the months with data.
    """
    if kind == "choice":
        for option in options:
            if option is not None and encode(option) == code:
                return option
        raise ValueError(f"not offered: {code!r}")
    given = Period.decode(code)
    if kind == "month":
        if given.end in options:
            return given.end
    elif options and _bounds(options).start <= given.start <= given.end <= _bounds(options).end:
        return given
    raise ValueError(f"not offered: {code!r}")


def _bounds(periods: Sequence[Period]) -> Period:
    return Period(min(one.start for one in periods), max(one.end for one in periods))


def periods(months: Sequence[date]) -> tuple[Period, ...]:
    """Return the periods offered for these months: the last twelve, fiscal years, each month."""
    newest = max(months)
    span = Period(min(months), newest)
    years = sorted({fmt.fiscal_year_of(one) for one in months}, reverse=True)
    fiscal = [Period(date(year, 4, 1), date(year + 1, 3, 1)) for year in years]
    whole = [one for one in fiscal if span.start <= one.start and one.end <= span.end]
    last = [Period.of(newest).trail(12)] if len(span) >= 12 else []
    single = [Period.of(one) for one in sorted(months, reverse=True)]
    return tuple(dict.fromkeys([*single[:1], *last, *whole, *single[1:]]))


def period_label(value: Period, months: Sequence[date], lang: Lang) -> str:
    """Name a period: a month, a fiscal year, or from – to."""
    if value == Period.of(max(months)).trail(12) and len(value) == 12:
        return t("common.filter.last_12", lang, period=fmt.period(value.start, value.end, lang))
    if len(value) == 12 and value.start.month == 4:
        return fmt.fiscal_year(value.start.year, lang)
    return fmt.period(value.start, value.end, lang)


def newest_complete(ask: Ask, metric: str, months: Sequence[date], where: dict[str, Any]) -> date:
    """Return the newest month whose open days are over, the newest of all where none is.

    Where the metric knows no days, a month is as complete as the file that brought it.
    """
    newest = max(months)
    answer = ask(metric, where={**where, "month": newest})
    last = answer.as_of if "date" in answer.metric.dimensions else None
    earlier = [one for one in months if one < newest]
    if last and earlier and open_days_left(last) > 0:
        return max(earlier)
    return newest


def resolve(
    filters: Sequence[Filter | Switch | Entry],
    ask: Ask,
    labels: Callable[[str], Mapping[Value, str]],
    lang: Lang,
) -> Selection:
    """Resolve the filters in order: what each offers, and what the URL or the default chooses.

    A filter without any data offers nothing and has the value None.
    """
    items: list[Selected] = []
    switches: dict[Switch, str] = {}
    entries: dict[str, str] = {}
    for one in filters:
        if isinstance(one, Entry):
            entries[one.key] = state.chosen().get(one.key, "")
            continue
        if isinstance(one, Switch):
            code = state.chosen().get(one.key, "")
            switches[one] = code if code in one.options else one.options[0]
            continue
        where = {**Selection(tuple(items)).where(), **one.among}
        frame = ask(one.metric, by=(one.dimension,), where=where).frame
        frame = frame[frame[one.dimension].notna()]
        found = list(dict.fromkeys(_plain(value) for value in frame[one.dimension]))
        items.append(_select(one, found, frame, where, ask, labels, lang))
    return Selection(tuple(items), switches, entries)


def _plain(value: Any) -> Value:
    """Turn a value of a frame (Timestamp, numpy number) into a plain date, number or text."""
    if hasattr(value, "to_pydatetime"):
        return value.to_pydatetime().date()
    return value.item() if hasattr(value, "item") else value


def _select(
    one: Filter,
    found: list[Value],
    frame: Any,
    where: dict[str, Any],
    ask: Ask,
    labels: Callable[[str], Mapping[Value, str]],
    lang: Lang,
) -> Selected:
    code = state.chosen().get(one.key)
    everything = t("common.filter.all", lang)
    if not found:
        return Selected(one, None, (None,), {None: everything}, None, code)
    if one.kind == "choice":
        known = labels(one.dimension)
        names = {value: known.get(value, str(value)) for value in found}
        options = (None, *found) if one.optional else tuple(found)
        names |= {None: everything} if one.optional else {}
        default = None if one.optional else _default(one, found, frame, ask)
    else:
        newest = newest_complete(ask, one.metric, found, where)
        if one.kind == "month":
            options = tuple(sorted(found, reverse=True))
            names, default = {value: fmt.month(value, lang) for value in options}, newest
        else:
            options, default = periods(found), Period.of(newest)
            names = {value: period_label(value, found, lang) for value in options}
    value, rejected = default, None
    if code is not None:
        try:
            value = decode(code, one.kind, options)
        except ValueError:
            rejected = code
    if isinstance(value, Period) and value not in names:
        options, names = (value, *options), {value: period_label(value, found, lang), **names}
    return Selected(one, value, options, names, default, rejected)


def _default(one: Filter, found: list[Value], frame: Any, ask: Ask) -> Value:
    if one.key == "m":
        own = Home.from_env().config().municipality
        if own in found:
            return own
        for metric in OWN_DATA:
            data = ask(metric, by=("municipality",)).frame
            data = data[data["municipality"].isin(found)]
            if not data.empty:
                return data.set_index("municipality")["value"].fillna(0).idxmax()
        return frame.set_index(one.dimension)["value"].fillna(0).idxmax()
    return found[-1] if one.newest else found[0]


def bar(selection: Selection, page: str, lang: Lang) -> None:
    """Draw the filters in one row; on a phone behind one button. Alone options are not drawn."""
    shown = [item for item in selection.items if item.is_choice]
    if not shown:
        return
    changed = sum(item.filter.key in state.chosen() for item in shown)
    key = "common.filter.open_some" if changed else "common.filter.open"
    label = t(key, lang, n=changed)
    st.html(f'<label class="mado-filters"><input type="checkbox">{label}</label>')
    with st.container(horizontal=True, vertical_alignment="bottom", key="mado-filter-bar"):
        for item in shown:
            _widget(item, page, lang)
        st.button(
            "⟲",
            key=f"reset-{page}",
            help=t("common.filter.reset", lang),
            on_click=_reset,
            args=([item.filter.key for item in selection.items],),
            disabled=not changed,
        )


def _widget(item: Selected, page: str, lang: Lang) -> None:
    name = f"filter-{page}-{item.filter.key}"
    st.session_state[name] = _EVERYTHING if item.value is None else item.value
    st.selectbox(
        t(f"common.filter.{item.filter.key}", lang),
        [_EVERYTHING if value is None else value for value in item.options],
        key=name,
        format_func=lambda value: item.labels[None if value == _EVERYTHING else value],
        on_change=_changed,
        args=(name, item.filter.key),
        width=280 if item.filter.kind == "period" else 220,
    )


def _changed(widget: str, key: str) -> None:
    value = st.session_state[widget]
    state.choose(key, None if value == _EVERYTHING else encode(value))


def _reset(keys: Sequence[str]) -> None:
    for key in keys:
        state.choose(key, None)
