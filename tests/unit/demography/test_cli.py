"""`python -m demography gap` on a small release built by the real runner."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from demography.__main__ import main
from demography.scenario import PRESETS, Scenario
from pipelines.models import compute
from tests.spec.lake import Lake
from warehouse import query

CITY, VILLAGE = "272060", "293865"  # 泉大津市: staff, survey, population; 野迫川村: staff alone
STAFF = "\n".join(
    [
        "municipality | as_of | department | age | kind | headcount | fte",
        *(f"{CITY} | 2026-04-01 | 市民課 | {age} | regular | 5 | 5" for age in range(22, 62)),
        f"{CITY} | 2026-04-01 | 市民課 | 45 | fixed_term | 40 | 25",
        f"{VILLAGE} | 2026-04-01 | - | 40 | regular | 12 | -",
    ]
)
SURVEY = f"""
municipality | survey | department | category     | staff_kind | hours
{CITY}       | 2025   | 市民課     | reception    | regular    | 372000
{CITY}       | 2025   | 市民課     | data_entry   | fixed_term | 46500
{CITY}       | 2025   | 市民課     | consultation | outsourced | 9300
{CITY}       | 2019   | 市民課     | reception    | regular    | 1
"""
POPULATION = "\n".join(
    [
        "projection | area | area_kind | year | sex | age_from | age_to | population | is_actual"
        " | counts_in_nation | base_year",
        *(
            f"ipss_r5 | {CITY} | city | {year} | {sex} | {age} | {age + 4 if age < 95 else '-'}"
            f" | {2000 - 10 * (year - 2020)} | {'yes' if year == 2020 else 'no'} | yes | 2020"
            for year in range(2020, 2051, 5)
            for sex in ("male", "female")
            for age in range(0, 100, 5)
        ),
    ]
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lake = Lake(tmp_path_factory.mktemp("gap"))
    lake.add("staff_age", STAFF)
    lake.add("workload_survey", SURVEY)
    lake.add("ipss_r5_suikei", POPULATION)
    lake.build(compute)
    return lake.home.root


@pytest.fixture(autouse=True)
def _here(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MADO_HOME", str(home))


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["gap", "--municipality", CITY, *arguments]) == 0
    return capsys.readouterr().out


def test_json_says_the_year_asked_for_and_those_beside_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    content = json.loads(run(capsys, "--format", "json", "--year", "2033"))
    assert (content["municipality"], content["name"]) == (CITY, "泉大津市")
    assert (content["year"], content["base_year"]) == (2033, 2026)
    assert [row["year"] for row in content["years"]] == [2026, 2030, 2033, 2035, 2040, 2045]
    # 230 FTE in 2025, when each band held 1,950; in 2030 each holds 1,900.
    in_2030 = content["years"][1]
    assert in_2030["required_fte"] == pytest.approx(230 * 1900 / 1950, abs=0.001)
    assert content["gap_fte"] == pytest.approx(
        content["required_fte"] - content["available_fte"], abs=0.002
    )
    bounds = [content[f"gap_{end}"] for end in ("low95", "low80", "high80", "high95")]
    assert bounds == sorted(bounds)
    assert content["notes"] and not content["is_demo"]


def test_default_year_and_the_release_agree(capsys: pytest.CaptureFixture[str]) -> None:
    """Command and release compute from the same rows: not a digit apart in the baseline."""
    content = json.loads(run(capsys, "--format", "json"))
    where = {"municipality": CITY, "year": 2040}
    assert content["year"] == 2040
    for name, key in (
        ("required_fte", "required_fte"),
        ("available_fte", "available_fte"),
        ("staff_gap_fte", "gap_fte"),
    ):
        assert content[key] == pytest.approx(query.metric(name, where=where).value, abs=0.001)
    stored = query.metric("staff_gap_fte", by=("year",), where=where).frame.iloc[0]
    for end in ("low80", "high80", "low95", "high95"):
        assert content[f"gap_{end}"] == pytest.approx(stored[end], abs=0.001)


def test_csv_and_table(capsys: pytest.CaptureFixture[str]) -> None:
    frame = pd.read_csv(io.StringIO(run(capsys, "--format", "csv")), dtype={"municipality": str})
    assert frame["year"].tolist() == [2026, 2030, 2035, 2040, 2045]
    assert set(frame["municipality"]) == {CITY}
    table = run(capsys)
    assert "泉大津市（272060）" in table
    assert "2040" in table and "・" in table


def test_five_digits_and_names_are_understood(capsys: pytest.CaptureFixture[str]) -> None:
    asked = []
    for written in ("272060", "27206", "泉大津市"):
        assert main(["gap", "--municipality", written, "--format", "json"]) == 0
        asked.append(capsys.readouterr().out)
    assert len(set(asked)) == 1


def test_scenario_file_changes_the_answer(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "plan.yml"
    file.write_text(
        "name: 省力化\nhiring: {rule: pool, number: 4}\ndx: {year: 2035, share: {clerical: 0.5}}\n",
        encoding="utf-8",
    )
    base = json.loads(run(capsys, "--format", "json"))
    plan = json.loads(run(capsys, "--format", "json", "--scenario", str(file)))
    assert plan["scenario_label"] == "省力化"
    assert plan["required_fte"] < 0.6 * base["required_fte"]
    assert plan["available_fte"] < base["available_fte"]


@pytest.mark.parametrize("preset", PRESETS[1:], ids=lambda preset: preset.name)
def test_a_preset_answers_by_its_name(capsys: pytest.CaptureFixture[str], preset: Scenario) -> None:
    base = json.loads(run(capsys, "--format", "json"))
    named = json.loads(run(capsys, "--format", "json", "--scenario", preset.label_ja))
    assert named == json.loads(run(capsys, "--format", "json", "--scenario", preset.name))
    assert named["scenario"] == preset.name
    changed = "required_fte" if preset.dx_share else "available_fte"
    assert named[changed] != base[changed]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--municipality", "999999"], "999999"),
        (["--municipality", "271004"], "職員データがありません"),
        (["--municipality", VILLAGE], "業務量調査がない"),
        (["--municipality", CITY, "--year", "2060"], "2026～2050年"),
        (["--municipality", CITY, "--scenario", "nowhere.yml"], "nowhere.yml"),
    ],
)
def test_mistakes_are_one_line_on_stderr(
    capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert main(["gap", *arguments]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert said in output.err
    assert output.err.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hiring: [", "YAML として読めません"),
        ("speed: 3", "「speed」"),
        ("dx: {share: {x: 1}}", "「x」"),
    ],
)
def test_a_wrong_scenario_file_is_one_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "plan.yml"
    file.write_text(text, encoding="utf-8")
    assert main(["gap", "--municipality", CITY, "--scenario", str(file)]) == 2
    assert said in capsys.readouterr().err


def test_nothing_published_says_what_to_do(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MADO_HOME", str(tmp_path))
    assert main(["gap", "--municipality", CITY]) == 2
    assert "publish" in capsys.readouterr().err


def test_parts_of_the_gap_add_up_and_what_closes_it_is_said(
    capsys: pytest.CaptureFixture[str],
) -> None:
    content = json.loads(run(capsys, "--format", "json", "--scenario", "DX加速"))
    assert sum(content["parts"].values()) == pytest.approx(content["gap_fte"], abs=0.01)
    assert content["parts"]["dx"] < 0
    assert content["clerical_share_to_close"] is not None
    table = run(capsys)
    assert "2040年の内訳: 基準年の不足" in table


def test_a_saved_scenario_answers_by_its_name_and_version(
    capsys: pytest.CaptureFixture[str], home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(home, tmp_path / "home")
    monkeypatch.setenv("MADO_HOME", str(tmp_path / "home"))
    for number in (3, 30):
        query.save_scenario("採用計画", {"hiring": {"number": number}}, "人事課", "試算")
    few = json.loads(run(capsys, "--format", "json", "--scenario", "採用計画@1"))
    many = json.loads(run(capsys, "--format", "json", "--scenario", "採用計画"))
    assert few["gap_fte"] > many["gap_fte"]
    assert many["scenario"] == "採用計画"
    (tmp_path / "home" / "scenarios" / "採用計画.yml").write_text("- 1\n", encoding="utf-8")
    assert main(["gap", "--municipality", CITY, "--scenario", "採用計画"]) == 2
    assert "採用計画.yml" in capsys.readouterr().err


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_all_municipalities_go_to_one_file(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, suffix: str
) -> None:
    to = tmp_path / f"gap{suffix}"
    assert main(["gap", "--all", "--out", str(to)]) == 0
    read = pd.read_parquet(to) if suffix == ".parquet" else pd.read_csv(to, dtype={0: str})
    assert set(read["municipality"]) == {CITY}, "without a survey nothing is required"
    assert read["year"].tolist() == list(range(2026, 2051))
    assert set(read["name"]) == {"泉大津市"} and not read["is_demo"].any()
    one = json.loads(run(capsys, "--format", "json"))
    row = read.set_index("year").loc[2040]
    for key in ("required_fte", "available_fte", "gap_fte", "gap_low95", "gap_high95"):
        assert row[key] == pytest.approx(one[key], abs=0.001)
    assert main(["gap", "--all", "--out", str(tmp_path / "gap.txt")]) == 2
    assert ".csv か .parquet" in capsys.readouterr().err


def test_no_share_to_close_is_said_where_nothing_is_missing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "plan.yml"
    file.write_text(
        "name: 余り\nhiring: {rule: fixed, number: 3}\ndx: {year: 2030, share: {clerical: 0.9}}\n",
        encoding="utf-8",
    )
    content = json.loads(run(capsys, "--format", "json", "--scenario", str(file)))
    assert content["gap_fte"] < 0 < content["clerical_share_to_close"]
    assert "削減が必要" not in run(capsys, "--scenario", str(file))
    file.write_text("name: 不足\nhiring: {rule: fixed, number: 0}\n", encoding="utf-8")
    assert "削減が必要" in run(capsys, "--scenario", str(file))


def test_a_release_without_projection_says_what_to_load(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = Lake(tmp_path)
    lake.add("staff_age", STAFF)
    lake.add("workload_survey", SURVEY)
    lake.build(compute)
    monkeypatch.setenv("MADO_HOME", str(lake.home.root))
    assert main(["gap", "--municipality", CITY]) == 2
    message = capsys.readouterr().err
    assert message.count("\n") == 1
    assert "2040年は計算できません" in message and "将来推計人口を取り込んで" in message
