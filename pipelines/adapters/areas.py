"""Areas of the regional projections: codes without check digit, kinds, and what adds up to Japan.

A projection publishes one area more than once: a designated city whole and by ward, a prefecture
beside its municipalities. `finest` and `by_kind` say which rows add up to the nation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.adapters.words import plain
from pipelines.lookup import reference_municipalities
from warehouse import codes
from warehouse.inputs import reference

KINDS = {
    "a": "prefecture",
    "0": "ward",
    "1": "designated_city",
    "2": "city",
    "3": "town_village",
    "9": "hamadori",
}
"""「市などの別」 as published and as stored. Tokyo's 23 are published as 0, see `area_kinds`."""

MUNICIPAL = frozenset({"ward", "special_ward", "city", "town_village", "hamadori"})
"""Kinds that never contain each other. 浜通り stands for 13 municipalities without own figures."""

Flags = npt.NDArray[np.bool_]


def area_code(text: str) -> str | None:
    """The six-digit code of a published area code, or None where there is no such area.

    Publishers drop the leading zero and the check digit. Areas of Japan must be in the reference;
    prefecture numbers from 51 are fictional and need only be well formed.
    """
    code = codes.normalise(text)
    if code is None:
        return None
    fictional = codes.FIRST_FICTIONAL_PREFECTURE <= int(code[:2]) <= 97
    return code if fictional or code in reference_municipalities() else None


_OTHERWISE = {"town": "town_village", "village": "town_village", "projection_area": "hamadori"}
_ENDINGS = {"市": "city", "区": "ward", "町": "town_village", "村": "town_village"}


def kind_of(code: str, name: str) -> str | None:
    """Stored kind of an area where the table does not say it; None where nothing tells.

    The reference knows it; of fictional areas, which are not in it, code and name tell.
    """
    kind = reference_municipalities().get(code)
    if kind is not None:
        return _OTHERWISE.get(kind, kind)
    return "prefecture" if code[2:5] == "000" else _ENDINGS.get(name[-1:])


@cache
def _prefectures() -> Mapping[str, str]:
    rows = reference("municipality").to_pylist()
    return {row["code"][:2]: row["name"] for row in rows if row["kind"] == "prefecture"}


def prefecture_of(code: str) -> str | None:
    """Name of the prefecture that a code lies in; None for fictional ones."""
    return _prefectures().get(code[:2])


def area_kinds(words: pa.Array, area_codes: pa.Array) -> pa.Array:
    """Stored kinds of published 「市などの別」; null where a word is not one of them."""
    kinds = by_distinct(words, lambda word: KINDS.get(plain(word).lower()))
    tokyo = pc.and_kleene(
        pc.greater_equal(area_codes, "131016"), pc.less_equal(area_codes, "131237")
    )
    special = pc.fill_null(pc.and_kleene(tokyo, pc.equal(kinds, "ward")), False)
    return pc.if_else(special, "special_ward", kinds)


def by_kind(kinds: list[str | None]) -> Flags:
    """Rows that add up to the nation where every city has its wards and every prefecture its
    municipalities (R5: 0 + 2 + 3 + 9)."""
    return np.array([kind in MUNICIPAL for kind in kinds], dtype=bool)


def finest(area_codes: list[str | None], kinds: list[str | None]) -> Flags:
    """Rows that add up to the nation where some areas are published only whole.

    To the municipal kinds come the designated cities under which the table has no ward, and the
    prefectures under which it has no municipality (H30: eight cities and 福島県). A ward belongs
    to the designated city with the largest code below its own, as the codes are given out
    (14130 川崎市 before 14131 川崎区).
    """
    cities: dict[str, list[str]] = {}
    for code, kind in zip(area_codes, kinds, strict=True):
        if code and kind == "designated_city":
            cities.setdefault(code[:2], []).append(code)
    with_parts: set[str] = set()
    for code, kind in zip(area_codes, kinds, strict=True):
        if code and kind and kind != "prefecture":
            with_parts.add(code[:2])
            if kind == "ward":
                with_parts.add(max((c for c in cities.get(code[:2], ()) if c < code), default=""))
    flags = by_kind(kinds)
    for index, (code, kind) in enumerate(zip(area_codes, kinds, strict=True)):
        if code and kind == "designated_city":
            flags[index] = code not in with_parts
        elif code and kind == "prefecture":
            flags[index] = code[:2] not in with_parts
    return flags


def by_distinct(column: pa.Array, function: Callable[[str], str | None]) -> pa.Array:
    """Apply a function of text to each distinct value of a column, once."""
    encoded = column.dictionary_encode()
    results = [function(word) for word in encoded.dictionary.to_pylist()]
    return pa.array(results, pa.string()).take(encoded.indices)
