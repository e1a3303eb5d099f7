"""What became of each file, in words and numbers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipelines.entry import Entry
from pipelines.errors import PipelineError, Undecided
from pipelines.replacement import Replacement
from pipelines.sources import Label

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
    day = entry.loaded_at[:10]
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


_REASONS = {
    "blank": "空行",
    "header": "見出し",
    "title": "表題・注記",
    "total": "合計行",
    "subtotal": "小計行",
    "filtered": "プロファイルの指定",
    "merged": "発券と1件にまとめた呼出・取消",
    "recalled": "呼び直す前の呼出",
    "unreliable": "発券が記録されない周回の行",
    "no_reading": "値のない観測",
}


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
) -> LoadResult:
    """A file whose rows were judged: counts, and what to do about rows held back.

    skipped: names of the sheets that were not read. instead: the files that it replaces, and those
    that stay beside it although its profile replaces periods. original: the file whose rows held
    back a returned workbook brings again. hidden: rows that the workbook hides and that were read.
    """
    reasons = "、".join(
        f"{_REASONS.get(reason, reason)} {count:,}"
        for reason, count in entry.ignored_reasons.items()
    )
    ja = (
        f"{label.ja}: {entry.rows_read:,}行を読み、受理 {entry.accepted:,}、"
        f"保留 {entry.quarantined:,}、重複 {entry.duplicates:,}、対象外 {entry.ignored:,}"
    )
    en = (
        f"{label.en}: {entry.rows_read} rows read, {entry.accepted} accepted,"
        f" {entry.quarantined} held back, {entry.duplicates} duplicates, {entry.ignored} ignored"
    )
    if reasons:
        ja += f"（{reasons}）"
    if skipped:
        ja += f"。読まなかったシート: {'、'.join(skipped)}"
        en += f"; sheets not read: {', '.join(skipped)}"
    if hidden:
        ja += f"。非表示の行 {hidden:,} も読みました"
        en += f"; {hidden} hidden rows were read too"
    for column, reason in entry.waived.items():
        ja += f"。個人情報の確認を省いた列: {column}（{reason}）"
        en += f"; not checked for personal data: {column} ({reason})"
    if original is not None:
        ja += f"。{original.file} の保留 {entry.rows_read:,}行の直しとして"
        ja += "読み込みました" if stored else "読み込めます"
        en += f"; {entry.rows_read} rows held back of {original.file}, brought again"
    if instead.replaced:
        ja += f"。置き換えるファイル: {_names(instead.replaced)}"
        en += f"; replaces: {_names(instead.replaced)}"
    for other, why in instead.beside:
        ja += f"。{other.file} は{why.ja}置き換えません"
        en += f"; does not replace {other.file}: {why.en}"
    if entry.quarantined and stored:
        ja += f"。保留の理由: python -m pipelines quarantine --file {entry.sha256[:12]}"
        en += f"; see: python -m pipelines quarantine --file {entry.sha256[:12]}"
    return _result(path, entry, "stored" if stored else "checked", ja, en)


def _names(entries: tuple[Entry, ...]) -> str:
    return "、".join(f"{e.file}（{e.rows_read:,}行、{e.loaded_at[:10]}）" for e in entries)
