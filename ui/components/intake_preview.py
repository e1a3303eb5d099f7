"""One file on the page データ取込: what it was taken for, as written beside as understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from pipelines import door
from ui import format as fmt
from ui.components import intake_held, states
from ui.components.intake import Desk, on_disk
from ui.components.layout import side_by_side
from ui.text import has

_SEEN = "mado.intake.seen"
"""Session key: (file, choices, what is loaded) → preview, so that a rerun judges nothing twice."""
MARKS = {"stored": "ready", "refused": "refused", "unchanged": "known"}


@dataclass(frozen=True)
class Looked:
    """A file handed in, what the reader decided about it, and what was found."""

    file: UploadedFile
    choice: Mapping[str, str | None]
    preview: door.Preview | None

    @property
    def takeable(self) -> bool:
        """True where the file can be taken as it is."""
        return self.preview is not None and self.preview.result.status == "stored"


def card(desk: Desk, file: UploadedFile) -> Looked:
    """Draw one file and return what was found."""
    choice = {part: _decided(file, part) for part in ("source", "profile", "municipality")}
    with st.container(border=True, key=f"mado-block-intake-{file.file_id}"):
        st.header(file.name, anchor=False)
        try:
            with st.spinner(desk.t(".look.looking")):
                found = _seen(desk, file, choice)
        except door.PipelineError as error:
            states.notice(escape(desk.told(error)))
            _choices(desk, file, None)
            return Looked(file, choice, None)
        _verdict(desk, found)
        _choices(desk, file, found)
        if found.result.status == "stored":
            _described(desk, file, found)
    return Looked(file, choice, found)


def _seen(desk: Desk, file: UploadedFile, choice: Mapping[str, str | None]) -> door.Preview:
    """Judge a file once for what it is asked to be and what is loaded already."""
    seen: dict[Any, door.Preview] = st.session_state.setdefault(_SEEN, {})
    now = (file.file_id, *choice.values(), door.loaded(desk.home))
    if now not in seen:
        for old in [key for key in seen if key[0] == file.file_id]:
            del seen[old]
        with on_disk(file) as path:
            seen[now] = door.preview(path, desk.home, **choice)
    return seen[now]


def forget() -> None:
    """Drop what was found of the files handed in."""
    st.session_state.pop(_SEEN, None)


def _verdict(desk: Desk, found: door.Preview) -> None:
    """Say in one line whether the file can be taken, and if not, why and what to do."""
    result = found.result
    if result.ask:
        mark, text = "ask", desk.t(f".look.asks.{result.ask}")
    elif result.status == "stored":
        assert found.source is not None
        kind = ".look.corrected" if found.corrects else ".look.taken_for"
        source = desk.say(found.source.label)
        mark, text = "ready", desk.t(kind, source=source, file=found.corrects)
    else:
        mark = MARKS[result.status]
        text = result.message if desk.lang == "ja" else result.message_en
    colour = {"ready": "mado-good", "known": "mado-flat"}.get(mark, "mado-bad")
    role = "alert" if colour == "mado-bad" else "status"
    mark = "readable" if desk.demo and mark == "ready" else mark
    word = f'<strong class="{colour}">{escape(desk.t(f".look.{mark}"))}</strong>'
    st.html(f'<p class="mado-summary" role="{role}">{word}　{escape(text)}</p>')


def _choices(desk: Desk, file: UploadedFile, found: door.Preview | None) -> None:
    """Let the reader say what could not be decided, or decide otherwise."""
    if found is not None and (found.result.status == "unchanged" or found.corrects):
        return
    ask, options = (found.result.ask, found.options) if found else (None, ())
    names: dict[str, Mapping[str, door.Label]] = {
        "source": door.sources(),
        "profile": door.profiles(desk.home, _decided(file, "source")),
        "municipality": door.municipalities(desk.home),
    }
    if ask is not None:
        asked = {key: names[ask][key] for key in options if key in names[ask]} or names[ask]
        _select(desk, file, ask, asked, blank="choose")
    with st.expander(desk.t(".choice.title"), expanded=found is None):
        for part in names:
            if part != ask:
                _select(desk, file, part, names[part])


def _decided(file: UploadedFile, part: str) -> str | None:
    decided: str | None = st.session_state.get(f"intake-{part}-{file.file_id}")
    return decided


def _select(
    desk: Desk, file: UploadedFile, part: str, names: Mapping[str, door.Label], blank: str = ""
) -> None:
    """Draw one choice. blank: text that stands where nothing is chosen, of `choice`."""
    key = f"intake-{part}-{file.file_id}"
    if st.session_state.get(key) not in names:  # of a source that is no longer chosen
        st.session_state[key] = None
    st.selectbox(
        desk.t(f".choice.{part}"),
        list(names),
        index=None,
        format_func=lambda one: desk.say(names[one]),
        placeholder=desk.t(f".choice.{blank or f'{part}_none'}"),
        key=key,
    )


def _described(desk: Desk, file: UploadedFile, found: door.Preview) -> None:
    _how(desk, found)
    if found.replaces:
        names = desk.t("common.list_separator").join(found.replaces)
        states.notice(escape(desk.t(".look.replaces", files=names)))
    _counts(desk, found)
    st.html(f'<h3 class="mado-h3">{escape(desk.t(".look.rows"))}</h3>')
    if found.paired:
        _row_by_row(desk, file, found)
    else:
        _table_by_table(desk, file, found)
    if found.result.quarantined:
        title = desk.t(".held.count", n=fmt.number(found.result.quarantined, 0, desk.lang))
        st.html(f'<h3 class="mado-h3">{escape(title)}</h3>')
        intake_held.preview(desk, file, found)


def _how(desk: Desk, found: door.Preview) -> None:
    """Say how the file was read: encoding, sheets, header row, profile, period, what was left."""
    comma = desk.t("common.list_separator")
    entry = found.entry
    assert entry is not None and found.profile is not None and found.source is not None
    profiles = door.profiles(desk.home, found.source.id)
    said = {
        "encoding": (found.encoding or "").upper(),
        "sheets": comma.join(found.sheets),
        "header": desk.t(".look.nth", n=found.header_row) if found.header_row else "",
        "profile": desk.say(profiles[found.profile]),
        "municipality": _place(desk, entry.municipality),
        "period": _period(desk, entry.period_from, entry.period_to),
        "unused": comma.join(found.unused),
        "skipped": comma.join(found.skipped),
    }
    parts = "".join(
        f"<div><dt>{escape(desk.t(f'.look.how.{name}'))}</dt><dd>{escape(text)}</dd></div>"
        for name, text in said.items()
        if text
    )
    st.html(f'<dl class="mado-how">{parts}</dl>')


def _place(desk: Desk, code: str | None) -> str:
    known = door.municipalities(desk.home)
    return desk.say(known[code]) if code and code in known else code or ""


def _period(desk: Desk, first: str | None, last: str | None) -> str:
    if not first or not last:
        return ""
    days = [fmt.day(date.fromisoformat(one), desk.lang) for one in (first, last)]
    return days[0] if first == last else "～".join(days)


def _counts(desk: Desk, found: door.Preview) -> None:
    """Account for every row that was read."""
    assert found.entry is not None
    names = ("rows_read", "accepted", "quarantined", "duplicates", "ignored")
    cells = "".join(
        f"<div><dt>{escape(desk.t(f'.count.{name}'))}</dt>"
        f"<dd>{fmt.number(getattr(found.result, name), 0, desk.lang)}</dd></div>"
        for name in names
    )
    st.html(f'<dl class="mado-counts">{cells}</dl>')
    if reasons := found.entry.ignored_reasons:
        said = desk.t("common.list_separator").join(
            desk.t(".count.reason", reason=_reason(desk, reason), n=n)
            for reason, n in reasons.items()
        )
        st.html(f'<p class="mado-foot">{escape(desk.t(".count.why", reasons=said))}</p>')


def _reason(desk: Desk, reason: str) -> str:
    known = f"data.intake.ignored.{reason}"
    return desk.t(known if has(known) else ".ignored.other")


def _row_by_row(desk: Desk, file: UploadedFile, found: door.Preview) -> None:
    """Show one row at a time: each value as written beside as understood."""
    if not found.rows:
        return
    marks = {row.number: "▲ " if row.reasons else "" for row in found.rows}
    chosen = st.segmented_control(
        desk.t(".look.which"),
        list(marks),
        default=found.rows[0].number,
        format_func=lambda n: marks[n] + desk.t(".look.nth", n=n),
        key=f"row-{file.file_id}",
        label_visibility="collapsed",
        required=True,
    )
    row = next(row for row in found.rows if row.number == chosen)
    for reason in row.reasons:
        states.notice(escape(desk.t(".look.held_row", reason=desk.say(reason))))
    record = row.records[0] if row.records else None
    lines = []
    for item in found.items:
        if item.header is None and (record is None or record[item.name] is None):
            continue
        if record is None:
            value = fmt.Mark.NONE.value
        elif item.stored:
            value = understood(desk, item, record[item.name])
        else:
            value = desk.t(".look.used")
        header = desk.t(".look.filled") if item.header is None else item.header
        cells = (desk.say(item.label), header, _written(row, item), value)
        lines.append("".join(f"<td>{escape(cell)}</td>" for cell in cells))
    head = "".join(
        f"<th>{escape(desk.t(f'.look.column.{name}'))}</th>"
        for name in ("item", "header", "written", "understood")
    )
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    st.html(
        f'<div class="mado-scroll" tabindex="0"><table class="mado-files mado-pairs">'
        f"<tr>{head}</tr>{body}</table></div>"
    )


def _written(row: door.Row, item: door.Item) -> str:
    if item.position is None or item.position >= len(row.cells):
        return ""
    return row.cells[item.position]


def understood(desk: Desk, item: door.Item, value: Any) -> str:
    """Write a stored value as readers do; a word as clerks write it."""
    if value is None:
        return fmt.Mark.NONE.value
    if isinstance(value, bool):
        return desk.t(f".look.bool.{str(value).lower()}")
    if isinstance(value, datetime):
        return f"{fmt.day(value.date(), desk.lang)} {value:%H:%M:%S}"
    if isinstance(value, date):
        writes = fmt.month if item.type == "month" else fmt.day
        return writes(value, desk.lang)
    if isinstance(value, float):
        return f"{value:,.10g}"
    if isinstance(value, int):
        return str(value)
    if has(known := f"data.intake.look.word.{item.name}.{value}"):
        return desk.t(known)
    return item.words.get(value, value) if desk.lang == "ja" else value


def _table_by_table(desk: Desk, file: UploadedFile, found: door.Preview) -> None:
    """Show the first rows and the first records: they do not stand one for one."""
    width = max((len(row.cells) for row in found.rows), default=0)
    headers = [found.headers[at] if at < len(found.headers) else "" for at in range(width)]
    names = [f"{at + 1} {text}".strip() for at, text in enumerate(headers)]
    written = pd.DataFrame(
        [[*row.cells, *[""] * (width - len(row.cells))] for row in found.rows],
        columns=names,
        index=[row.number for row in found.rows],
    )
    kept = [
        item
        for item in found.items
        if item.stored and any(one[item.name] is not None for one in found.records)
    ]
    records = pd.DataFrame(
        [[understood(desk, item, one[item.name]) for item in kept] for one in found.records],
        columns=[desk.say(item.label) for item in kept],
        index=[one["source_row"] for one in found.records],
    )
    for place, name, frame in zip(
        side_by_side(), ("written", "understood"), (written, records), strict=True
    ):
        with place:
            st.caption(desk.t(f".look.column.{name}"))
            st.dataframe(frame, key=f"{name}-{file.file_id}", alt=desk.t(f".look.column.{name}"))
