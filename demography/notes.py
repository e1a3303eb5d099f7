"""What a reader must know about one computation: codes with their sentences."""

from __future__ import annotations

NOTES: dict[str, dict[str, str]] = {
    "hires_implied": {
        "ja": "採用人数の実績がないため、現在30歳未満の職員数から年間の採用人数を推定しました。",
        "en": "No record of hires: the yearly number is implied by the staff younger than 30.",
    },
    "default_rates": {
        "ja": "離職率・再任用率・採用年齢は全国の統計などに基づく初期値です"
        "（60歳以上の離職率5%は仮定）。",
        "en": "Rates of separation and rehire and ages of hires are defaults from national "
        "statistics (5 % from age 60 is an assumption).",
    },
    "own_rates": {
        "ja": "離職率は、取り込んだ退職の記録から推定しました（再任用率は初期値）。",
        "en": "Rates of separation are estimated from the recorded separations (the rate of rehire "
        "is a default).",
    },
    "pooled_rates": {
        "ja": "退職の記録が少ないため、離職率は取り込んだすべての団体に共通の曲線に寄せました。",
        "en": "Few separations are recorded: rates lean on the curve that all loaded bodies share.",
    },
    "hires_recorded": {
        "ja": "年間の採用人数は、取り込んだ採用の記録の平均です。",
        "en": "Hires a year are the mean of the recorded ones.",
    },
    "no_population": {
        "ja": "将来推計人口がないため、必要な職員数は基準年だけを示します。",
        "en": "No population projection: required staff is given for the base year only.",
    },
    "no_age_detail": {
        "ja": "年齢別の推計人口がないため、人口に連動する業務量はすべて総人口に比例させました。",
        "en": "No population by age: all work that follows population follows the total.",
    },
    "no_age_bands": {
        "ja": "5歳階級の推計人口がないため、一部の業務量を総人口に比例させ、"
        "20～24歳人口は使っていません。",
        "en": "No five-year age bands: some work follows the total population, and the population "
        "20–24 is not used.",
    },
    "population_unchanged": {
        "ja": "男女別・5歳階級の推計人口が5年おきにそろわないため、人口の前提は変えていません。",
        "en": "No projection by sex and five-year band every five years: the population is left as "
        "published.",
    },
    "no_pool": {
        "ja": "20～24歳の推計人口がないため、採用人数は一定としました。",
        "en": "No projection of the population 20–24: hires are held constant.",
    },
    "no_workload": {
        "ja": "業務量調査がないため、必要な職員数は計算していません。",
        "en": "No workload survey: required staff is not computed.",
    },
    "departments_matched": {
        "ja": "業務量調査を行った課の職員だけを供給に数えました。",
        "en": "Supply counts the staff of the surveyed departments only.",
    },
    "scaled_to_survey": {
        "ja": "業務量調査の時間が職員の勤務時間の8割に満たないため、調査した時間に見合う職員だけを"
        "供給に数えました（基準年の不足はこの方法では分かりません）。",
        "en": "The survey covers less than 80 % of staff hours: supply is scaled to the surveyed "
        "hours (so a gap in the base year cannot be seen).",
    },
    "fixed_term_outside": {
        "ja": "業務量調査に会計年度任用職員の時間がないため、供給からも除きました。",
        "en": "The survey has no hours of fixed-term staff: they are left out of supply too.",
    },
    "fixed_term_from_survey": {
        "ja": "職員データに会計年度任用職員がないため、調査された時間をその供給としました。",
        "en": "No fixed-term staff in the staff file: their surveyed hours count as supply.",
    },
    "outsourced_constant": {
        "ja": "委託の時間は供給に数え、一定としました。",
        "en": "Outsourced hours count as supply and are held constant.",
    },
    "survey_year_assumed": {
        "ja": "業務量調査の年度が分からないため、職員データと同じ年度としました。",
        "en": "The survey names no year: the year of the staff file is used.",
    },
}


def note(code: str, lang: str) -> str:
    """The sentence of a note in `ja` or `en`."""
    return NOTES[code][lang]
