"""Why a file is not recognised, in one line that says what to do."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.errors import Refused, Undecided
from pipelines.headers import factor_of
from pipelines.profile import Profile
from pipelines.read import Sheet
from pipelines.recognised import HEADLESS, Recognised, Table
from pipelines.shape import is_data
from pipelines.sources import Column, Source, load_sources

_PROPOSE_JA = "python -m pipelines profile ファイル名 でプロファイルの案を作れます"
_PROPOSE_EN = "python -m pipelines profile FILE proposes a profile"


def ambiguous(found: Sequence[Recognised]) -> Undecided:
    """More than one source, or more than one profile of a source, fits."""
    sources = {one.source.id: one.source.label.ja for one in found}
    if len(sources) > 1:
        names = "、".join(f"{label}（--source {key}）" for key, label in sources.items())
        return Undecided(
            f"どの種類のファイルか決められません。次のどれかを指定してください: {names}",
            f"more than one source fits; name one with --source: {', '.join(sources)}",
            "source",
            tuple(sources),
        )
    profiles = tuple(one.profile.id for one in found)
    names = "、".join(f"--profile {name}" for name in profiles)
    return Undecided(
        f"合うプロファイルが複数あります。次のどれかを指定してください: {names}",
        f"more than one profile fits; name one: {names}",
        "profile",
        profiles,
    )


def misfit(profile: Profile, column: Column) -> Refused:
    """A headerless profile is meant, by its name or the file's, but the first rows differ.

    column: the first that does not fit.
    """
    at = profile.positions[column.name]
    return Refused(
        f"プロファイル「{profile.id}」の positions に合いません。最初の数行の{at}列目が"
        f"「{column.label.ja}」の値ではありません",
        f"does not have the shape of the profile {profile.id}: cell {at} of the first rows"
        f" is no {column.name}",
    )


def _found(table: Table, source: Source) -> list[Column]:
    """Required columns that a table has. A municipality code is in files of every kind."""
    columns = (source.column(name) for name in table.match.cells)
    return [column for column in columns if column.needed and column.name != "municipality"]


def _nearest(near: Sequence[tuple[Source, Table]]) -> list[tuple[Source, Table]]:
    """The tables that lack the least of what they need; several where they lack alike."""

    def rank(pair: tuple[Source, Table]) -> tuple[int, int]:
        source, table = pair
        return len(_found(table, source)) - len(table.match.missing), len(table.match.used)

    best = max(map(rank, near), default=None)
    nearest = {pair[0].id: pair for pair in reversed(near) if rank(pair) == best}
    return list(nearest.values())[::-1]


def unknown(
    near: Sequence[tuple[Source, Table]], sheets: Sequence[Sheet], asked: str | None
) -> Refused:
    """No source fits. near: tables that lack columns; asked: the source that was named.

    A source is named as the nearest only where a file has more of its required columns than it
    lacks, and no other source is as near: a wrong name would lead the reader astray.
    """
    nearest = _nearest(near)
    if asked is None:
        nearest = [(s, t) for s, t in nearest if len(_found(t, s)) > len(t.match.missing)]
    if len(nearest) == 1:
        return _lacking(*nearest[0])
    if nearest:
        names = "、".join(f"{s.label.ja}（--source {s.id}）" for s, _ in nearest)
        return Undecided(
            f"列が足りず、どの種類か決められません。次のどれかを指定してください: {names}",
            "columns are missing, and more than one source is near; name one with --source: "
            + ", ".join(source.id for source, _ in nearest),
            "source",
            tuple(source.id for source, _ in nearest),
        )
    row = next((r for s in sheets for r in s.head if any(c.strip() for c in r)), [])
    if is_data(row):
        return Undecided(
            "見出しの行がなく、合うプロファイルもありません。推測では読み込みません。"
            f"{_PROPOSE_JA}",
            f"there is no header, and no profile fits; nothing is guessed. {_PROPOSE_EN}",
            "profile",
        )
    if asked is not None:
        label = load_sources()[asked].label
        return Refused(
            f"「{label.ja}」の列が見つかりません。見出しの行があるか、列名を確かめてください。"
            f"列名が違う場合は {_PROPOSE_JA}",
            f"no column of {asked} was found; check the header. {_PROPOSE_EN}",
        )
    known = list(dict.fromkeys(_known_headers(near)))
    listed = "".join(f"「{' '.join(text.split())}」" for text in known[:5])
    return Undecided(
        "どの種類のファイルか分かりません"
        + (f"（分かった見出しは{listed}だけです）" if known else "")
        + f"。見出しの行があるか確かめるか、--source で種類を指定してください。{_PROPOSE_JA}",
        "the kind of file is unknown"
        + (f" (only these headers are known: {', '.join(known[:5])})" if known else "")
        + f"; check its header, or name it with --source. {_PROPOSE_EN}",
        "source",
    )


def _known_headers(near: Sequence[tuple[Source, Table]]) -> list[str]:
    """Texts of the cells that some source understands, most telling table first."""
    tables = sorted((table for _, table in near), key=lambda t: -len(t.match.used))
    return [t.sheet.head[t.header][at] for t in tables for at in sorted(t.match.used)]


def _lacking(source: Source, table: Table) -> Refused:
    missing = "、".join(f"「{column.label.ja}」" for column in table.match.missing)
    where = f"シート「{table.sheet.name}」の" if table.sheet.name else ""
    return Refused(
        f"「{source.label.ja}」として読むには{missing}の列が足りません（"
        f"{where}{table.header + 1}行目を見出しとみなしました）。"
        f"列名が違う場合はプロファイルに書いてください。{_PROPOSE_JA}",
        f"as {source.id} the file lacks the columns "
        + ", ".join(column.name for column in table.match.missing)
        + f" (row {table.header + 1} taken as the header); map other names in a profile."
        + f" {_PROPOSE_EN}",
    )


def refuse_doubtful(found: Recognised) -> None:
    """Raise Refused where a needed header stands twice, or gives numbers in another unit."""
    for table in found.tables:
        for name in table.match.twice:
            raise Refused(
                f"「{name}」という列が2つあります。どちらを使うか分かるように列名を直してください",
                f"the column {name} stands twice; rename one",
            )
        if table.header == HEADLESS:
            continue
        for name, at in table.match.cells.items():
            header = table.sheet.head[table.header][at]
            factor = factor_of(header, found.source.column(name))
            if factor is not None and name not in found.profile.units:
                label = found.source.column(name).label.ja
                raise Refused(
                    f"「{' '.join(header.split())}」は「{label}」と単位が違います。"
                    f"プロファイルに units: {{{name}: {units_text(factor)}}} と書いてください",
                    f"the unit of {header} is not that of {name};"
                    f" write units: {{{name}: {units_text(factor)}}} in a profile",
                )


def units_text(factor: float) -> str:
    """A factor as a user would write it: 1/60, 1000."""
    if factor < 1:
        return f"1/{round(1 / factor)}"
    return f"{factor:g}" if factor < 1e6 else f"{factor:.0f}"
