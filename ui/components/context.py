"""The context of one rerun of one page: release, language, filters, viewer.

    ctx = start("frontyard.waits", [filters.municipality("tickets"), filters.period("tickets")])
    p90 = ctx.metric("wait_p90")

The release is opened once per rerun and passed to every metric, so that a page is never half old
and half new.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from ui import format as fmt
from ui.components import state, states
from ui.components.filters import (
    Entry,
    Filter,
    Selection,
    Switch,
    Value,
    as_condition,
    resolve,
)
from ui.format import Lang
from ui.period import Period
from ui.text import t
from warehouse import query

NATION = "000000"
"""The area of a projection for the nation as a whole; no municipality has this code."""


@dataclass(frozen=True)
class Ctx:
    """What a page needs to ask and to speak.

    page, section: id and section of the page; texts of the page start with `<section>.<page>`.
    viewer: who is looking, for the query door; None while there is no sign-in.
    """

    page: str
    section: str
    lang: Lang
    release: query.Release
    selection: Selection
    viewer: Any = None

    def t(self, key: str, **values: Any) -> str:
        """Return a text; a key that starts with a dot belongs to this page."""
        full = f"{self.section}.{self.page}{key}" if key.startswith(".") else key
        return t(full, self.lang, **values)

    def metric(
        self,
        name: str,
        by: Sequence[str] = (),
        where: Mapping[str, Any] | None = None,
        order: Any = None,
    ) -> query.Answer:
        """Ask the query door; without `where` under all filters of the page."""
        conditions = self.where() if where is None else dict(where)
        return query.metric(
            name,
            by=tuple(by),
            where=conditions,
            viewer=self.viewer,
            release=self.release,
            order=order,
        )

    def where(self, without: Iterable[str] = (), **changes: Any) -> dict[str, Any]:
        """Return the conditions of the filters, but `without` URL keys, with `changes`.

        Changes are by dimension (`month=period.year_before()`); None takes a condition away.
        """
        conditions = self.selection.where(tuple(without))
        for dimension, value in changes.items():
            if value is None:
                conditions.pop(dimension, None)
            else:
                conditions[dimension] = as_condition(value)
        return conditions

    def __getitem__(self, key: str) -> Value:
        """Return the value of the filter with that URL key (None: all)."""
        return self.selection[key]

    @property
    def period(self) -> Period | None:
        """Return the months chosen, None where the page has no such filter or no data."""
        if "period" not in self.selection or self.selection["period"] is None:
            return None
        value = self.selection["period"]
        return value if isinstance(value, Period) else Period.of(value)

    @property
    def period_label(self) -> str:
        """Return the months chosen as text, empty where there are none."""
        if self.period is None:
            return ""
        return fmt.period(self.period.start, self.period.end, self.lang)

    def labels(self, dimension: str) -> Mapping[Value, str]:
        """Return code → label of a dimension in the language of the page."""
        return labels(self.release, dimension, self.lang)


def labels(release: query.Release, dimension: str, lang: Lang) -> Mapping[Value, str]:
    """Return code → label as the release knows it; a survey is named by its fiscal year."""
    names = query.labels(dimension, release, lang)
    if dimension == "municipality":
        return {NATION: t("common.nation", lang), **names}
    if dimension != "survey":
        return names
    return {code: fmt.fiscal_year(int(code), lang) if code.isdigit() else code for code in names}


def start(name: str, filters: Sequence[Filter | Switch | Entry] = ()) -> Ctx:
    """Open the release, resolve the filters, and write the reader's choices into the URL.

    name: `<section>.<page>`, as the page's texts. Stops the page with a note of what to do where
    nothing has been published yet.
    """
    section, page = name.split(".")
    lang = state.language()
    try:
        release = query.open_release()
    except query.NoRelease:
        states.title(t(f"{name}.title", lang))
        states.no_release(lang)
        st.stop()

    def ask(metric: str, by: Sequence[str] = (), where: Mapping[str, Any] | None = None) -> Any:
        return query.metric(metric, by=tuple(by), where=dict(where or {}), release=release)

    selection = resolve(filters, ask, lambda one: labels(release, one, lang), lang)
    rejected = {item.filter.key for item in selection.items if item.rejected is not None}
    state.write_url(one.key for one in filters if one.key not in rejected)
    for item in selection.items:  # a month or place may still exist on another page
        if item.rejected is not None and item.filter.optional:
            state.choose(item.filter.key, None)
    return Ctx(page, section, lang, release, selection)
