"""Ask for numbers on the command line: the same door as the pages.

python -m warehouse metric wait_p90 --by weekday,hour --where municipality=512010
python -m warehouse metrics
python -m warehouse sql "SELECT count(*) AS n FROM core_ticket"
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

import pandas as pd

from warehouse import output, query
from warehouse.home import ConfigError
from warehouse.query import Answer, Metric, QueryError, Span


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code (2: the question cannot be answered as asked)."""
    options = _parser().parse_args(arguments)
    try:
        text, note = options.run(options)
    except (QueryError, ConfigError) as error:
        print(f"エラー: {error}", file=sys.stderr)
        return 2
    sys.stdout.write(text)
    if note:
        print(note, file=sys.stderr)
    return 0


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"エラー: {message}（使い方: {self.prog} --help）\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m warehouse", description="公開済みのデータから数字を取り出します。"
    )
    commands = parser.add_subparsers(required=True, metavar="{metric,metrics,sql}")
    metric = commands.add_parser("metric", help="指標の値")
    metric.add_argument("id", help="指標（一覧は python -m warehouse metrics）")
    metric.add_argument("--by", default="", metavar="切り口,…", help="何ごとに分けるか")
    metric.add_argument(
        "--where",
        action="append",
        default=[],
        metavar="切り口=値",
        help="絞り込み。値は a,b で複数、a..b で範囲（端を含む）。くり返し書けます",
    )
    metric.add_argument("--order", metavar="value|-value", help="値の順に並べる")
    metric.set_defaults(run=_metric)
    metrics = commands.add_parser("metrics", help="指標の一覧")
    metrics.set_defaults(run=_metrics)
    sql = commands.add_parser("sql", help="SELECT 文を実行する（読み取り専用）")
    sql.add_argument("text", metavar="SQL")
    sql.set_defaults(run=_sql)
    for command in (metric, metrics, sql):
        command.add_argument("--format", choices=output.FORMATS, default="table")
    return parser


def _metric(options: argparse.Namespace) -> tuple[str, str]:
    by = [name.strip() for name in options.by.split(",") if name.strip()]
    release = query.open_release()
    where = _where(options.where)
    answer = query.metric(options.id, by=by, where=where, release=release, order=options.order)
    frame = _dated(answer)
    if options.format == "json":
        return output.as_json(_described(answer, frame)) + "\n", ""
    if options.format == "table":
        frame = _labelled(answer, frame, release)
    return output.write(frame, options.format), _note(answer, options.format)


def _where(given: Iterable[str]) -> dict[str, Any]:
    where: dict[str, Any] = {}
    for text in given:
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            raise QueryError(f"--where {text}: 「切り口=値」の形で書いてください")
        if name in where:
            raise QueryError(
                f"--where {name} が2回あります。複数の値は {name}=a,b と書いてください"
            )
        where[name.strip()] = _value(value.strip())
    return where


def _value(text: str) -> Any:
    """`a..b` is a span, `a,b` a list, an empty text null."""
    if ".." in text:
        first, _, last = text.partition("..")
        return Span(first or None, last or None)
    if "," in text:
        return [one.strip() for one in text.split(",")]
    return text or None


def _dated(answer: Answer) -> pd.DataFrame:
    """Months as 2026-10, days as 2026-10-01, counts as whole numbers."""
    frame = answer.frame.copy()
    if answer.metric.integer:
        frame["value"] = frame["value"].astype("Int64")
    for name in answer.by:
        form = {"month": "%Y-%m", "date": "%Y-%m-%d"}.get(query.dimensions()[name].kind)
        if form:
            frame[name] = frame[name].dt.strftime(form)
    return frame


def _labelled(answer: Answer, frame: pd.DataFrame, release: query.Release) -> pd.DataFrame:
    """For people: a column with the label after each code that has one, shares in percent."""
    if answer.metric.format == "share":
        frame["value"] = [
            None if pd.isna(value) else f"{value * 100:.{answer.metric.decimals}f}%"
            for value in frame["value"]
        ]
    for name in answer.by:
        dimension = query.dimensions()[name]
        if dimension.values or dimension.table:
            labels = query.labels(name, release)
            column = frame[name].map(labels).astype(object)
            frame.insert(list(frame.columns).index(name) + 1, dimension.label(), column)
    return frame


def _described(answer: Answer, frame: pd.DataFrame) -> dict[str, Any]:
    metric = answer.metric
    return {
        "metric": metric.id,
        "label": metric.label(),
        "unit": _unit(metric, "json"),
        "by": list(answer.by),
        "rows": output.records(frame),
        "value": answer.value,
        "n": answer.n,
        "period": answer.period,
        "as_of": answer.as_of,
        "updated": answer.updated,
        "reporters": answer.reporters._asdict() if answer.reporters else None,
        "release": answer.release,
        "is_demo": answer.is_demo,
        "definition": metric.definition(),
        "source": metric.source,
        "caveat": metric.caveat(),
        "sql": answer.sql,
        "parameters": answer.parameters,
        "files": output.records(answer.files),
    }


def _unit(metric: Metric, form: str) -> str:
    """The unit of the values as written: shares are fractions for programs, percent for people."""
    return "割合（0～1）" if metric.format == "share" and form != "table" else metric.unit()


def _note(answer: Answer, form: str) -> str:
    """One line: what the numbers are, how many cases, of when, from which release and files."""
    metric = answer.metric
    parts = [f"{metric.label()} 単位 {_unit(metric, form)}"]
    if answer.is_demo:
        parts.append("模擬データ")
    parts.append("データなし" if answer.period is None else f"期間 {_period(answer)}")
    parts.append(f"n={answer.n}")
    if answer.as_of is not None:
        parts.append(f"時点 {answer.as_of}")
    if answer.reporters:
        parts.append(f"{answer.reporters.of}団体中{answer.reporters.reported}団体")
    parts.append(f"リリース {answer.release}")
    names = list(dict.fromkeys(answer.files["file"]))
    more = f" ほか{len(names) - 3}ファイル" if len(names) > 3 else ""
    parts.append(f"ファイル {'、'.join(names[:3]) or 'なし'}{more}")
    return " | ".join(parts)


def _period(answer: Answer) -> str:
    first, last = answer.period or ("", "")
    return f"{first}" if first == last else f"{first}～{last}"


def _metrics(options: argparse.Namespace) -> tuple[str, str]:
    rows = [
        {
            "id": metric.id,
            "label": metric.label(),
            "unit": metric.unit(),
            "dimensions": ",".join(metric.dimensions),
            "definition": metric.definition(),
        }
        for metric in query.catalogue()
    ]
    frame = pd.DataFrame(rows)
    if options.format == "table":
        frame = frame.drop(columns="definition")
    return output.write(frame, options.format), ""


def _sql(options: argparse.Namespace) -> tuple[str, str]:
    release = query.open_release()
    frame = query.sql(options.text, release)
    mark = " | 模擬データ" if release.is_demo else ""
    return output.write(frame, options.format), f"リリース {release.name} | {len(frame)}行{mark}"


if __name__ == "__main__":
    sys.exit(main())
