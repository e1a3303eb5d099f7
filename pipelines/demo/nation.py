"""A fictional nation: 47 prefectures, 1,741 municipalities in the five population bands."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipelines.demo import decisions, earlier, names, nation_files, people, suikei
from pipelines.demo.world import generator

BANDS = (
    (529, 900, 9_700),
    (692, 10_400, 48_500),
    (239, 51_500, 97_000),
    (196, 103_000, 291_000),
    (85, 309_000, 2_400_000),
)
"""Municipalities of each band, and the smallest and largest of them in 2020.

The bounds keep away from those of the bands, so that whole numbers cannot cross them.
"""
CITY_POPULATION = 70_300
_CITY_BAND = 2
_LARGEST_ARE_RARE = 2.6


@dataclass(frozen=True)
class Nation:
    """Places of all prefectures, each followed by its municipalities, and what they have.

    members: per prefecture its municipalities. population: persons in 2020 of all municipalities
    in that order.
    """

    prefectures: list[names.Place]
    members: list[list[names.Place]]
    population: NDArray[np.float64]

    @property
    def municipalities(self) -> list[names.Place]:
        """All municipalities in the order of `population`."""
        return [place for group in self.members for place in group]

    @property
    def places(self) -> list[names.Place]:
        """Each prefecture followed by its municipalities."""
        return [
            place
            for prefecture, group in zip(self.prefectures, self.members, strict=True)
            for place in (prefecture, *group)
        ]


def _sizes(rng: np.random.Generator) -> NDArray[np.float64]:
    """Population of every municipality but the demo city, largest band first."""
    found = []
    for number, (count, low, high) in enumerate(BANDS):
        drawn = rng.random(count - (number == _CITY_BAND))
        if number == len(BANDS) - 1:
            drawn = drawn**_LARGEST_ARE_RARE
        found.append(low * (high / low) ** drawn)
    return np.concatenate(found[::-1])


def _kind(population: float, rng: np.random.Generator) -> str:
    """Large ones are cities; of the others the larger, the more likely."""
    if population >= 50_000 or (population >= 20_000 and rng.random() < population / 45_000):
        return "city"
    return "village" if population < 9_000 and rng.random() < 0.33 else "town"


def found(seed: int) -> Nation:
    """Return the nation of a seed."""
    rng = generator(seed, "nation")
    sizes = _sizes(rng)
    weights = rng.dirichlet(np.full(names.PREFECTURES, 6.0))
    largest = BANDS[-1][0]
    home = np.concatenate(
        [
            np.arange(largest) % names.PREFECTURES,
            rng.choice(names.PREFECTURES, len(sizes) - largest, p=weights),
        ]
    )
    prefectures = names.prefectures(rng)
    taken = {prefecture.name.removesuffix("県") for prefecture in prefectures}
    stems = [stem for stem in names.stems() if stem[0] not in taken]
    free = (stems[int(index)] for index in rng.permutation(len(stems)))
    members, population = [], []
    for number, prefecture in enumerate(prefectures):
        own = sizes[home == number]
        kinds = [_kind(size, rng) for size in own]
        group = names.municipalities(prefecture, kinds, free)
        pairs = list(zip(group, own.tolist(), strict=True))
        if number == 0:
            pairs.append((names.demo_city(), float(CITY_POPULATION)))
        pairs.sort(key=lambda pair: pair[0].code)
        members.append([place for place, _ in pairs])
        population += [size for _, size in pairs]
    return Nation(prefectures, members, np.array(population))


def persons(nation: Nation, seed: int) -> NDArray[np.int64]:
    """Return whole persons of all municipalities, shape (municipalities, years, 2, 20).

    The smaller a municipality, the older it is and the more of its young people leave.
    """
    rng = generator(seed, "nation population")
    count = len(nation.population)
    small = np.clip(1.6 - 0.33 * np.log10(nation.population / 1000) * 1.6, -0.35, 1.5)
    areas = people.Areas(
        population=nation.population,
        ageing=np.clip(0.36 * small - 0.09 + rng.normal(0, 0.12, count), -0.3, 1.0),
        leaving=np.clip(0.8 * small - 0.45 + rng.normal(0, 0.25, count), -1.2, 1.8),
        child_woman=np.clip(rng.normal(0.168, 0.013, count), 0.12, 0.22),
    )
    return people.project(areas)


def _with_prefectures(nation: Nation, counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Put each prefecture, the sum of its municipalities, before them."""
    parts, start = [], 0
    for group in nation.members:
        own = counts[start : start + len(group)]
        parts += [own.sum(axis=0, keepdims=True), own]
        start += len(group)
    return np.concatenate(parts)


def write(folder: Path, seed: int) -> list[Path]:
    """Write all files and return them in the order in which they are to be loaded."""
    nation = found(seed)
    municipalities = folder / "市区町村一覧.csv"
    decisions.write_municipalities(municipalities, nation.places)
    counts, listed = persons(nation, seed), suikei.areas_of(nation.places)
    suikei.write(folder / "suikei_kekka.xlsx", listed, _with_prefectures(nation, counts))
    before = _with_prefectures(nation, earlier.persons(counts, seed))
    earlier.write(folder / "suikei_kekka_h30.csv", listed, before)
    codes = np.array([place.code for place in nation.municipalities])
    nation_files.write(folder, codes, nation.population, seed)
    others = sorted(path for path in folder.iterdir() if path != municipalities)
    return [municipalities, *others]
