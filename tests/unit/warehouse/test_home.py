"""config.toml: what is read, and what is said where it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from warehouse.home import Config, ConfigError, Home, Waiver


def config(folder: Path, text: str) -> Config:
    (folder / "config.toml").write_text(text, encoding="utf-8")
    return Home(folder).config()


def test_without_a_file_every_setting_has_its_default(tmp_path: Path) -> None:
    assert Home(tmp_path).config() == Config()


def test_whole_numbers_stand_for_numbers(tmp_path: Path) -> None:
    assert config(tmp_path, "wait_target_minutes = 10").wait_target_minutes == 10.0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a =", "TOML として読めません"),
        ("colour = 1", "「colour」という設定はありません"),
        ('suppression_threshold = "10"', "int で書いてください"),
        ("wait_target_minutes = true", "float で書いてください"),
    ],
)
def test_a_slip_names_the_file_and_the_setting(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says) as error:
        config(tmp_path, text)
    assert "config.toml" in str(error.value)


WAIVER = (
    '[[waiver]]\nsource = "ticket_log"\ncolumn = "担当"\nreason = "係の名前で、人の名前ではない"\n'
)


def test_waivers_hold_for_one_source(tmp_path: Path) -> None:
    found = config(tmp_path, WAIVER + WAIVER.replace("ticket_log", "event"))
    assert found.waiver[0] == Waiver("ticket_log", "担当", "係の名前で、人の名前ではない")
    assert found.waived("event") == {"担当": "係の名前で、人の名前ではない"}
    assert found.waived("opening") == {}


@pytest.mark.parametrize(
    "text",
    [
        WAIVER.replace("reason", "why"),
        WAIVER.replace('"担当"', '" "'),
        WAIVER.replace('"担当"', "3"),
        "\n".join(line for line in WAIVER.splitlines() if "reason" not in line),
        'waiver = "担当"',
        "waiver = [1]",
    ],
)
def test_a_waiver_without_source_column_or_reason_is_told(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match="waiver"):
        config(tmp_path, text)
