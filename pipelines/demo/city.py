"""All files of the fictional city."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from pipelines.demo import (
    board,
    channels,
    decisions,
    earlier,
    flows,
    names,
    opening,
    people,
    staff,
    suikei,
    survey,
    ticket_files,
    visits,
)
from pipelines.demo.world import generator

_NEIGHBOURS = ["city"] * 4 + ["town"] * 5 + ["village"] * 2
_NEIGHBOUR_SIZES = (
    *(318_000, 121_000, 46_000, 38_000),
    *(21_000, 16_500, 12_800, 9_400, 7_100),
    *(3_600, 1_900),
)


def places(seed: int) -> list[names.Place]:
    """The prefecture, the city and its eleven neighbours, in the order of their codes."""
    rng = generator(seed, "places")
    stems = names.stems()
    free = (stems[int(index)] for index in rng.permutation(len(stems)))
    prefecture = names.prefectures(rng)[0]
    return [prefecture, names.demo_city(), *names.municipalities(prefecture, _NEIGHBOURS, free)]


def population(folder: Path, members: list[names.Place], seed: int) -> None:
    """Write two rounds of projections; the prefecture is the sum of its municipalities."""
    rng = generator(seed, "population")
    sizes = np.array(_NEIGHBOUR_SIZES, dtype=np.float64)
    small = np.clip(1.3 - 0.28 * np.log10(sizes / 1000), 0.1, 1.3)
    areas = people.Areas(
        population=np.concatenate([[70_300], sizes * rng.uniform(0.97, 1.0, len(sizes))]),
        ageing=np.concatenate([[0.02], small * 0.45]),
        leaving=np.concatenate([[0.4], small]),
        child_woman=np.concatenate([[0.165], rng.uniform(0.15, 0.175, len(sizes))]),
    )
    persons = people.project(areas)
    before = earlier.persons(persons, seed)
    listed = suikei.areas_of(members)
    for write_round, name, counts in (
        (suikei.write, "suikei_kekka.xlsx", persons),
        (earlier.write, "suikei_kekka_h30.csv", before),
    ):
        whole = np.concatenate([counts.sum(axis=0, keepdims=True), counts])
        write_round(folder / name, listed, whole)


def write(folder: Path, seed: int) -> list[Path]:
    """Write all files and return them in the order in which they are to be loaded."""
    members = places(seed)
    municipalities = folder / "市区町村一覧.csv"
    decisions.write_municipalities(municipalities, members)
    population(folder, members, seed)
    tickets = visits.simulate(seed)
    ticket_files.write(tickets, folder, seed)
    board.write(tickets, folder)
    opening.write(folder)
    survey.write(folder, seed)
    staff.write(folder, seed)
    flows.write(folder, seed)
    channels.write(folder, seed)
    decisions.write_decisions(folder)
    others = sorted(path for path in folder.iterdir() if path != municipalities)
    return [municipalities, *others]
