"""What became of each file, in words and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.clock import day_in_japan
from pipelines.entry import Entry
from pipelines.errors import PipelineError, Undecided
from pipelines.replacement import Replacement
from pipelines.sources import Label
from warehouse.engine import Engine

STATUS = {"stored": "保存", "checked": "確認", "unchanged": "変更なし", "refused": "拒否"}
"""Names of what can become of a file."""


@dataclass(frozen=True)
class LoadResult:
    """What became of one file. status: stored, checked (by `check`), unchanged or refused.

    ask: what a refused file lacks, where naming it is enough (see Undecided). replaces: sha256 of
    the files that it supersedes.
    """

    file: str
    sha256: str | None
    source: str | None
    rows_read: int
    accepted: int
    quarantined: int
    duplicates: int
    ignored: int
    status: str
    message: str
    message_en: str
    ask: str | None = None
    replaces: tuple[str, ...] = ()


def refused(path: Path, sha256: str | None, error: PipelineError) -> LoadResult:
    """A file that was not taken."""
    ask = error.ask if isinstance(error, Undecided) else None
    return LoadResult(str(path), sha256, None, 0, 0, 0, 0, 0, "refused", error.ja, error.en, ask)


def _result(path: Path, entry: Entry, status: str, message: str, english: str) -> LoadResult:
    return LoadResult(
        str(path),
        entry.sha256,
        entry.source,
        entry.rows_read,
        entry.accepted,
        entry.quarantined,
        entry.duplicates,
        entry.ignored,
        status,
        message,
        english,
        replaces=tuple(entry.replaces),
    )


def unchanged(
    path: Path,
    entry: Entry,
    source: str | None = None,
    profile: str | None = None,
    later: Entry | None = None,
) -> LoadResult:
    """A file whose bytes are in the ledger already.

    source, profile: what was asked for; where it is not what the file was taken as, the message
    says so. later: the file that replaces it.
    """
    day = day_in_japan(entry.loaded_at)
    ja = f"同じ内容が {day} に読み込み済みです（{entry.file}）。何も変えていません"
    en = f"the same content was loaded on {day} as {entry.file}; nothing changed"
    if source not in (None, entry.source) or profile not in (None, entry.profile):
        taken = f"{entry.source}、プロファイル {entry.profile}"
        again = f"python -m pipelines forget {entry.sha256[:12]}"
        ja += f"。取込元 {taken} として読み込まれています。読み直すには先に {again}"
        en += f"; it was taken as {entry.source} with the profile {entry.profile}. First: {again}"
    if later is not None:
        again = f"python -m pipelines forget {later.sha256[:12]}"
        ja += f"。{later.file} に置き換えられています。こちらに戻すには {again}"
        en += f"; {later.file} replaces it. To go back to this one: {again}"
    return _result(path, entry, "unchanged", ja, en)


IGNORED = {
    "blank": Label("空行", "blank"),
    "header": Label("見出し", "repeated header"),
    "title": Label("表題・注記", "title or note"),
    "total": Label("合計行", "total"),
    "subtotal": Label("小計行", "subtotal"),
    "filtered": Label("プロファイルの指定", "filtered by the profile"),
    "merged": Label("発券と1件にまとめた呼出・取消", "call or cancellation put with its ticket"),
    "recalled": Label("呼び直す前の呼出", "call before the last one"),
    "unreliable": Label("発券が記録されない周回の行", "lap without recorded issues"),
    "no_reading": Label("値のない観測", "observation without a value"),
    "corrected": Label("直した行として受け取り済み", "corrected since"),
}
"""Why rows are ignored: every reason that the ledger may name."""

NAMED = 3
"""So many reasons for which rows are held back are named in a message."""


@dataclass(frozen=True)
class HeldRows:
    """Rows of a file that are held back for one reason: the first of them, and how many.

    clash: where it differs from a row of the same key.
    """

    sheet: str
    row: int
    column: str
    reason: Label
    count: int
    clash: bool = False


def held_rows(engine: Engine) -> list[HeldRows]:
    """The first reasons, in the order of the file, for which its `findings` hold rows back."""
    rows = engine.execute(
        'SELECT first(sheet ORDER BY row_id), first(source_row ORDER BY row_id), "column",'
        " first(message_ja ORDER BY row_id), first(message_en ORDER BY row_id),"
        " count(DISTINCT row_id), rule = 'conflict'"
        ' FROM findings GROUP BY "column", rule ORDER BY min(row_id), "column"'
        f" LIMIT {NAMED}"
    )
    return [
        HeldRows(sheet or "", row, column or "", Label(ja, en), count, clash)
        for sheet, row, column, ja, en, count, clash in rows
    ]


def judged(
    path: Path,
    entry: Entry,
    label: Label,
    *,
    stored: bool,
    skipped: tuple[str, ...],
    instead: Replacement,
    original: Entry | None = None,
    hidden: int = 0,
    held: Sequence[HeldRows] = (),
) -> LoadResult:
    """A file whose rows were judged: counts, which rows are held back and what to do about them.

    skipped: names of the sheets that were not read. instead: the files that it replaces, and those
    that stay beside it although its profile replaces periods. original: the file whose rows held
    back a returned workbook brings again. hidden: rows that the workbook hides and that were read.
    held: the first reasons for which rows are held back.
    """
    reasons = _reasons(entry)
    ja = (
        f"{label.ja}: {entry.rows_read:,}行を読み、受理 {entry.accepted:,}、"
        f"保留 {entry.quarantined:,}、重複 {entry.duplicates:,}、対象外 {entry.ignored:,}"
    )
    en = (
        f"{label.en}: {_rows(entry.rows_read)} read, {entry.accepted:,} accepted,"
        f" {entry.quarantined:,} held back, {entry.duplicates:,}"
        f" duplicate{'' if entry.duplicates == 1 else 's'}, {entry.ignored:,} ignored"
    )
    if reasons.ja:
        ja += f"（{reasons.ja}）"
        en += f" ({reasons.en})"
    if skipped:
        ja += f"。読まなかったシート: {'、'.join(skipped)}"
        en += f"; sheets not read: {', '.join(skipped)}"
    if hidden:
        ja += f"。非表示の行 {hidden:,} も読みました"
        en += f"; {hidden:,} hidden row{' was' if hidden == 1 else 's were'} read too"
    for column, reason in entry.waived.items():
        ja += f"。個人情報の確認を省いた列: {column}（{reason}）"
        en += f"; not checked for personal data: {column} ({reason})"
    if original is not None:
        ja += f"。{original.file} の保留 {entry.rows_read:,}行の直しとして"
        ja += "読み込みました" if stored else "読み込めます"
        en += f"; {_rows(entry.rows_read)} held back of {original.file}, brought again"
    if instead.replaced:
        ja += f"。置き換えるファイル: {_names(instead.replaced)}"
        en += f"; replaces: {_names(instead.replaced)}"
    for other, why in instead.beside:
        ja += f"。{other.file} は{why.ja}置き換えません"
        en += f"; does not replace {other.file}: {why.en}"
    if entry.quarantined:
        said = _held(held, stored, f"python -m pipelines quarantine --file {entry.sha256[:12]}")
        ja += f"。{said.ja}"
        en += f"; {said.en}"
        if any(one.clash and entry.file not in one.reason.ja for one in held):
            ja += (
                "。訂正されたファイルなら、前のファイルを python -m pipelines forget で取り消すか、"
                "プロファイルに replace: period と書いてから読み込んでください"
            )
            en += (
                "; if this file corrects the other, take that one out with python -m pipelines"
                " forget, or write replace: period in a profile, before you load it"
            )
    return _result(path, entry, "stored" if stored else "checked", ja, en)


def _rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"


def _reasons(entry: Entry) -> Label:
    """Why rows were ignored, and how many for each reason."""
    known = [
        (IGNORED.get(reason, Label(reason, reason)), count)
        for reason, count in entry.ignored_reasons.items()
    ]
    return Label(
        "、".join(f"{label.ja} {count:,}" for label, count in known),
        ", ".join(f"{label.en} {count:,}" for label, count in known),
    )


def _held(held: Sequence[HeldRows], stored: bool, command: str) -> Label:
    """Which rows are held back and why, and where to see them all."""
    ja, en = [], []
    for one in held:
        sheet = f"［{one.sheet}］" if one.sheet else ""
        rest = f"（同じ理由がほかに {one.count - 1:,}行）" if one.count > 1 else ""
        column = "" if one.column in one.reason.ja else f"{one.column}: "
        ja.append(f"{sheet}{one.row}行目 {column}{one.reason.ja}{rest}")
        more = f" ({one.count - 1:,} more for the same reason)" if one.count > 1 else ""
        place = f"{f'[{one.sheet}] ' if one.sheet else ''}row {one.row} {one.column}".rstrip()
        en.append(f"{place}: {one.reason.en}{more}")
    if stored:
        where = Label(f"すべて見る: {command}", f"to see all: {command}")
    else:
        where = Label(
            f"すべて見る: 画面「データ取込」に置くか、読み込んでから {command}",
            f"to see all: hand it in on the page Load data, or load it and then {command}",
        )
    return Label(
        f"保留の理由: {' ／ '.join(ja)}。{where.ja}", f"held back: {' / '.join(en)}; {where.en}"
    )


def _names(entries: tuple[Entry, ...]) -> str:
    return "、".join(f"{e.file}（{e.rows_read:,}行、{day_in_japan(e.loaded_at)}）" for e in entries)
