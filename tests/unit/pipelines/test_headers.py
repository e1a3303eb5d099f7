"""Properties of matching headers: whatever a row holds, no cell is two columns, none is lost."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from pipelines.headers import HeaderMatch, factor_of, match_header, match_positions
from pipelines.plain import plain_header, unit_of, without_unit
from pipelines.profile import Profile, standard
from pipelines.sources import Source, load_sources

PLAIN = [source for source in load_sources().values() if source.adapter is None]
SOURCES = st.sampled_from(PLAIN)


@st.composite
def rows(draw: st.DrawFn) -> tuple[Source, list[str]]:
    """A source, and a row of its own headers, other ones and blanks in any order."""
    source = draw(SOURCES)
    names = [
        name for column in source.read_columns for name in (*column.headers, *column.date_headers)
    ]
    cells = st.one_of(st.sampled_from(names), st.text(max_size=6), st.just(""))
    return source, draw(st.lists(cells, max_size=12))


def check(match: HeaderMatch, row: list[str], source: Source) -> None:
    at = [*match.cells.values(), *(position for position, _ in match.spread)]
    assert len(set(at)) == len(at), "no cell holds two columns"
    assert all(0 <= position < len(row) for position in match.used)
    others = {position for position, _ in match.other}
    filled = {position for position, text in enumerate(row) if text.strip()}
    assert not others & match.used
    assert filled - match.used == others, "every cell with text is used or told"
    missing = {column.name for column in match.missing}
    assert not missing & set(match.cells)
    assert set(match.dates) <= set(match.cells)


@given(rows())
def test_every_cell_is_one_column_or_told(drawn: tuple[Source, list[str]]) -> None:
    source, row = drawn
    check(match_header(row, source, standard(source)), row, source)


@given(rows(), st.integers(0, 3))
def test_blank_cells_between_change_nothing_but_places(
    drawn: tuple[Source, list[str]], blanks: int
) -> None:
    source, row = drawn
    plain = match_header(row, source, standard(source))
    moved = match_header([*[""] * blanks, *row], source, standard(source))
    assert moved.cells == {name: at + blanks for name, at in plain.cells.items()}
    assert moved.missing == plain.missing and moved.twice == plain.twice


@given(SOURCES, st.data())
def test_width_blanks_and_marks_do_not_count(source: Source, data: st.DataObject) -> None:
    names = [column.headers[0] for column in source.read_columns if column.headers]
    joint = data.draw(st.sampled_from(["", " ", "　", "\n", "・", "＊"]))
    wide = str.maketrans({chr(c): chr(c + 0xFEE0) for c in range(0x21, 0x7F)})
    row = [joint.join(name).translate(wide) for name in names]
    plain = match_header(names, source, standard(source))
    assert match_header(row, source, standard(source)).cells == plain.cells


@given(SOURCES, st.data())
def test_the_names_of_a_profile_win(source: Source, data: st.DataObject) -> None:
    """A profile may give any column any header, even one that another column knows."""
    columns = data.draw(st.permutations(source.read_columns))
    headers = [column.headers[0] for column in source.read_columns if column.headers]
    pairs = dict(zip((column.name for column in columns), headers, strict=False))
    profile = Profile("p", source.id, "p", "p", columns={k: (v,) for k, v in pairs.items()})
    match = match_header(headers, source, profile)
    if len({plain_header(one) for one in headers}) == len(headers):
        assert {name: headers[at] for name, at in match.cells.items() if name in pairs} == pairs


@given(SOURCES, st.data())
def test_positions_are_taken_as_they_are(source: Source, data: st.DataObject) -> None:
    names = [column.name for column in source.read_columns]
    chosen = data.draw(st.lists(st.sampled_from(names), unique=True, min_size=1))
    width = data.draw(st.integers(len(names), len(names) + 3))
    places = data.draw(st.permutations(range(1, width + 1)))
    positions = dict(zip(chosen, places, strict=False))
    profile = Profile("p", source.id, "p", "p", positions=positions)
    row = ["x"] * width
    match = match_positions(row, source, profile)
    check(match, row, source)
    assert match.cells == {name: at - 1 for name, at in positions.items()}


@given(st.text(max_size=12))
def test_plain_headers_are_stable(text: str) -> None:
    plain = plain_header(text)
    assert plain_header(plain) == plain
    assert plain_header(unicodedata.normalize("NFKC", text)) == plain
    assert without_unit(plain) in plain
    if unit := unit_of(plain):
        assert plain.endswith(f"({unit})")


def test_units_of_headers() -> None:
    source = load_sources()["applications"]
    minutes, count = source.column("minutes_per_case"), source.column("applications")
    assert factor_of("処理時間（分）", minutes) is None
    assert factor_of("処理時間（秒）", minutes) == 1 / 60
    assert factor_of("処理時間(時間)", minutes) == 60
    assert factor_of("件数（件）", count) is None
    assert factor_of("件数（百万件）", count) == 1e6
    assert factor_of("件数（千）", count) == 1e3
    assert factor_of("割合（百分率）", count) is None
    assert factor_of("手続（千）", source.column("procedure")) is None
