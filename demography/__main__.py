"""`python -m demography gap`: required, available and missing posts, of one municipality or all."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

import pandas as pd
import yaml

from demography.asked import Lists, asked
from demography.closing import automation_to_close
from demography.drivers import DriverError
from demography.gap import GapResult, InputError, fiscal_year, project
from demography.inputs import GapInputs
from demography.notes import note
from demography.scenario import BASELINE, PRESETS, Scenario, ScenarioError
from demography.scenario_file import from_mapping
from demography.waterfall import waterfall
from warehouse import query

_USERS_ERRORS = (InputError, ScenarioError, DriverError, OSError)
REPORT_YEARS = (2030, 2035, 2040, 2045)
COLUMNS = {
    "year": "年",
    "required_fte": "必要",
    "available_fte": "確保",
    "gap_fte": "不足",
    "gap_share": "不足率",
    "gap_low80": "80%下限",
    "gap_high80": "80%上限",
    "gap_low95": "95%下限",
    "gap_high95": "95%上限",
}


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"エラー: {message}（使い方: {self.prog} --help）\n")


def parser() -> argparse.ArgumentParser:
    """Options of the command line."""
    top = _Parser(prog="python -m demography", description="必要な職員数と確保できる職員数の見込み")
    commands = top.add_subparsers(required=True, metavar="{gap}")
    gap = commands.add_parser("gap", help="必要人員・確保人員・不足（区間つき）")
    which = gap.add_mutually_exclusive_group(required=True)
    which.add_argument("--municipality", metavar="CODE", help="団体コード")
    which.add_argument("--all", action="store_true", help="職員データのあるすべての団体")
    gap.add_argument("--year", type=int, default=2040, help="見たい年（既定は2040）")
    known = "、".join(preset.label_ja for preset in PRESETS)
    gap.add_argument("--scenario", metavar="FILE", help=f"用意した{known}か、保存した名前か、YAML")
    gap.add_argument("--format", choices=("table", "json", "csv"), default="table")
    gap.add_argument("--out", metavar="FILE", type=Path, help="--all の書き出し先（.csv .parquet）")
    return top


def read_scenario(given: str | None) -> Scenario:
    """A preset or a saved scenario (name, or name@version), that of a YAML file, or the baseline.

    Raises ScenarioError naming the file.
    """
    if given is None:
        return BASELINE
    for preset in PRESETS:
        if given in (preset.name, preset.label_ja):
            return preset
    name, _, version = given.partition("@")
    if any(name == saved.name for saved in query.saved_scenarios()):
        wanted = int(version) if version.isdigit() else None
        return from_mapping(query.saved_scenario(name, wanted).content)
    path = Path(given)
    try:
        return from_mapping(yaml.safe_load(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise ScenarioError(
            f"{path}: ファイルがありません。場所と名前を確認してください"
        ) from error
    except OSError as error:
        raise ScenarioError(f"{path}: 読めません（{error.strerror}）") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        reason = str(error).splitlines()[0]
        raise ScenarioError(f"{path}: UTF-8 の YAML として読めません（{reason}）") from error
    except ScenarioError as error:
        raise ScenarioError(f"{path}: {error}") from error


def lists(release: query.Release) -> Lists:
    """What the gap rests on beside metrics."""
    return Lists(
        query.reference("category"),
        query.reference("driver"),
        query.driver_changes(),
        query.life_table(release),
        query.population_assumptions(release),
        query.tested_projections(release),
        query.workforce_rates(release),
        release.config["annual_hours_per_fte"],
    )


def inputs_of(release: query.Release, municipalities: str | list[str]) -> GapInputs:
    """Ask for staff, workload and population of some municipalities counted in the same year."""

    def ask(metric: str, by: Sequence[str], where: Mapping[str, Any] | None = None) -> query.Answer:
        return query.metric(
            metric,
            by=tuple(by),
            where={**(where or {}), "municipality": municipalities},
            release=release,
        )

    try:
        return asked(ask, lists(release)).inputs
    except InputError as error:
        raise InputError(f"{municipalities}: {error}") from error


def everywhere(release: query.Release, scenario: Scenario) -> pd.DataFrame:
    """The gap of every municipality with staff and year: rows of GapResult.gap, with scenario."""
    counted = query.metric("staff", by=("municipality", "as_of"), release=release).frame
    if counted.empty:
        raise InputError("職員データがありません。年齢別職員数を取り込んでください")
    base = counted["as_of"].map(lambda day: fiscal_year(pd.Timestamp(str(day)).date()))
    found = [
        project(inputs_of(release, sorted(alike["municipality"])), scenario).gap
        for _, alike in counted.groupby(base)
    ]
    frame = pd.concat(found, ignore_index=True).sort_values(["municipality", "year"])
    names = query.labels("municipality", release)
    frame.insert(1, "name", frame["municipality"].map(names))
    return frame.assign(scenario=scenario.name, is_demo=release.is_demo)


def write_all(frame: pd.DataFrame, to: Path | None) -> None:
    """Write a frame as CSV (UTF-8 with BOM) or Parquet by the name of the file, or to stdout."""
    if to is None:
        print(frame.to_csv(index=False).rstrip("\n"))
    elif to.suffix == ".parquet":
        frame.to_parquet(to, index=False)
    elif to.suffix == ".csv":
        frame.to_csv(to, index=False, encoding="utf-8-sig")
    else:
        raise InputError(f"{to}: .csv か .parquet で終わる名前にしてください")


def held_back(release: query.Release, municipality: str) -> list[str]:
    """A note where rows of the workload survey are held back: required posts are too few then."""
    answer = query.metric("workload_hours", where={"municipality": municipality}, release=release)
    held = int(answer.files["quarantined"].sum())
    if not held:
        return []
    return [f"業務量調査の{held:,}行を保留しているため、必要な職員数は実際と違うことがあります。"]


def drivers_of_gap(inputs: GapInputs, scenario: Scenario, year: int) -> dict[str, Any]:
    """What drives the gap of a year, in parts that add up to it, and the automation to close it."""
    parts = waterfall(inputs, scenario)
    parts = parts[parts["year"] == year]
    (needed,) = automation_to_close(inputs, scenario, year, "clerical").needed
    return {
        "parts": {row["part"]: round(row["fte"], 3) for row in parts.to_dict("records")},
        "clerical_share_to_close": None if pd.isna(needed) else round(float(needed), 4),
    }


def report(release: query.Release, result: GapResult, year: int) -> dict[str, Any]:
    """The year asked for, the years of the report beside it, and what to know about them.

    Raises InputError where the year is not computed.
    """
    gap, scope = result.gap.set_index("year", drop=False), result.scope.iloc[0]
    municipality = str(scope["municipality"])
    if gap.empty:
        reasons = "".join(note(code, "ja") for code in result.notes if code == "no_workload")
        raise InputError(f"{municipality}: 不足を計算できません。{reasons}")
    if year not in gap.index:
        first, last = gap.index.min(), gap.index.max()
        if first == last:
            raise InputError(
                f"{municipality}: {year}年は計算できません。"
                f"{first}年より後の推計人口がないので、将来推計人口を取り込んでください"
            )
        raise InputError(
            f"{municipality}: {year}年は計算できません。{first}～{last}年から選んでください"
        )
    years = sorted({result.base_year, *REPORT_YEARS, year} & set(gap.index))
    wanted = [*COLUMNS, "is_interpolated"]
    rows = json.loads(gap.loc[years, wanted].round(3).to_json(orient="records"))
    return {
        "municipality": municipality,
        "name": query.labels("municipality", release).get(municipality, municipality),
        "scenario": result.scenario.name,
        "scenario_label": result.scenario.label_ja,
        **next(row for row in rows if row["year"] == year),
        "base_year": result.base_year,
        "base_gap_fte": rows[0]["gap_fte"],
        "years": rows,
        "coverage": None if pd.isna(scope["coverage"]) else round(float(scope["coverage"]), 3),
        "staff_share": round(float(scope["staff_share"]), 3),
        "notes": [note(code, "ja") for code in result.notes],
        "release": release.name,
        "is_demo": release.is_demo,
    }


def as_table(content: dict[str, Any]) -> str:
    """The report for a terminal: one line per year, then what to know."""
    head = f"{content['name']}（{content['municipality']}） シナリオ: {content['scenario_label']}"
    lines = [head + ("  【模擬データ】" if content["is_demo"] else "")]
    lines.append("常勤換算の人数。不足 = 必要 − 確保。△は余り")
    lines.append("".join(_padded(label) for label in COLUMNS.values()))
    for row in content["years"]:
        lines.append("".join(_padded(_written(key, row[key])) for key in COLUMNS))
    lines.append(
        f"基準年（{content['base_year']}年度）の不足: {_written('', content['base_gap_fte'])}"
    )
    lines.append(f"{content['year']}年の内訳: " + "　".join(_parts(content["parts"])))
    share = content["clerical_share_to_close"]
    if share is not None and content["gap_fte"] > 0:
        lines.append(
            f"{content['year']}年の不足を省力化だけで埋めるには、事務作業の{share:.0%}削減が必要"
            + ("（全部を減らしても足りません）" if share > 1 else "")
        )
    lines += [f"・{sentence}" for sentence in content["notes"]]
    return "\n".join(lines)


PARTS_JA = {
    "base": "基準年の不足",
    "population": "人口の変化",
    "ageing": "退職と今までどおりの採用",
    "population_scenario": "人口の前提",
    "hiring": "採用の前提",
    "conditions": "離職・再任用の前提",
    "hours": "勤務時間の前提",
    "dx": "DX",
}


def _parts(parts: dict[str, float]) -> list[str]:
    """Parts that are not nothing, each with its sign: + adds to the shortage."""
    return [
        f"{PARTS_JA[name]} {'+' if value > 0 else ''}{_written('', value)}"
        for name, value in parts.items()
        if abs(value) >= 0.05
    ]


def _written(key: str, value: float) -> str:
    if key == "year":
        return str(value)
    text = f"{abs(value):.1%}" if key == "gap_share" else f"{abs(value):,.1f}"
    return f"△{text}" if value < 0 else text


def _padded(text: str) -> str:
    """Right-aligned in nine columns of a terminal, where Japanese characters take two."""
    width = sum(2 if ord(character) > 0x2E7F else 1 for character in text)
    return " " * max(1, 9 - width) + text


def as_csv(content: dict[str, Any]) -> str:
    """One line per year, with the municipality, the scenario and the mark of demo data."""
    frame = pd.DataFrame(content["years"])
    frame.insert(0, "municipality", content["municipality"])
    frame.insert(1, "scenario", content["scenario"])
    frame["is_demo"] = content["is_demo"]
    return frame.to_csv(index=False).rstrip("\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it answered, 2 with one line on stderr when it could not."""
    options = parser().parse_args(arguments)
    try:
        scenario = read_scenario(options.scenario)
        release = query.open_release()
        if options.all:
            write_all(everywhere(release, scenario), options.out)
            return 0
        inputs = inputs_of(release, options.municipality)
        content = report(release, project(inputs, scenario), options.year)
        content |= drivers_of_gap(inputs, scenario, options.year)
        content["notes"] += held_back(release, options.municipality)
    except (*_USERS_ERRORS, query.QueryError, query.DecisionError) as error:
        print(f"エラー: {error}", file=sys.stderr)
        return 2
    if options.format == "json":
        print(json.dumps(content, ensure_ascii=False, indent=2))
    else:
        print(as_csv(content) if options.format == "csv" else as_table(content))
    return 0


if __name__ == "__main__":
    sys.exit(main())
