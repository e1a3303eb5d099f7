"""Write docs/metrics.md and docs/sources.md from the YAML that declares metrics and sources.

`make docs` runs this; `tests/test_docs.py` fails where the files are older than the YAML.
"""

from __future__ import annotations

from pathlib import Path

from pipelines.sources import Column, Source, load_sources
from warehouse import query

HERE = Path(__file__).parent

SCHEDULES = {"monthly": "毎月", "yearly": "毎年", "once": "公表のつど"}

TYPES = {
    "text": "文字",
    "int": "整数",
    "long": "整数",
    "float": "数",
    "bool": "真偽",
    "date": "日付",
    "month": "年月",
    "timestamp": "日時",
    "time": "時刻",
    "municipality": "団体コード",
    "area": "地域コード",
}

DIRECTIONS = {"up_good": "大きいほど良い", "down_good": "小さいほど良い", "neutral": "−"}


def metrics_page() -> str:
    """The catalogue of metrics as Markdown, in the order of the registry."""
    lines = [
        "# 指標の一覧",
        "",
        "この一覧は `warehouse/metrics/*.yml` から `make docs` で作られます。"
        "画面・出力・コマンドは、すべてこの定義で計算します。",
        "",
    ]
    for metric in query.catalogue():
        unit = metric.unit("ja")
        lines += [
            f"## {metric.label('ja')}（`{metric.id}`）",
            "",
            f"{metric.label('en')}{f'・単位 {unit}' if unit else ''}・"
            f"{DIRECTIONS[metric.direction]}",
            "",
            f"- 定義：{metric.definition('ja')}",
            f"- Definition: {metric.definition('en')}",
            f"- 出典：{metric.source}",
        ]
        if caveat := metric.caveat("ja"):
            lines.append(f"- 注意：{caveat}")
        dimensions = "、".join(f"`{dimension}`" for dimension in metric.dimensions)
        lines += [f"- 切り口：{dimensions}", ""]
    return "\n".join(lines)


def sources_page() -> str:
    """The catalogue of sources as Markdown: every column, and the header names it is read by."""
    lines = [
        "# 読み込めるファイル",
        "",
        "この一覧は `pipelines/sources/*.yml` から `make docs` で作られます。"
        "見出しはどれか1つがあれば見分けられます。全角・半角の違いは問いません。"
        "必須の○は列も値も要るもの、△は列は要るが値のない行があってよいものです。",
        "",
        "列名や書き方が違うファイルは、`MADO_HOME/profiles/名前.yml` に違いだけを書けば読めます"
        "（[プロファイルの書き方](profiles-ja.md)）。",
        "",
        "```yaml",
        "source: ticket_log          # 取込元（下の一覧の記号）",
        'file: "北支所*.csv"          # この書き方を使うファイル名',
        "columns: {counter: [受付口]}  # 列: 追加の見出し",
        "constants: {office: 北支所}   # 列: ファイル全体に入れる値",
        "values: {state: {served: [了]}} # 列: {保存する値: ファイルの書き方}",
        'settings: {closing_time: "17:15"}',
        "```",
        "",
    ]
    for source in load_sources().values():
        lines += source_section(source)
    return "\n".join(lines)


def source_section(source: Source) -> list[str]:
    """One source: whose it is, its key, its columns and its rules."""
    lines = [
        f"## {source.label.ja}（`{source.id}`）",
        "",
        f"{source.label.en}・{SCHEDULES[source.schedule]}・{source.owner}・{source.licence}",
        "",
    ]
    if source.forms:
        lines += [" ".join(source.forms.ja.split()), ""]
    if source.landing_page:
        lines += [f"公表ページ：<{source.landing_page}>", ""]
    lines += ["| 列 | 記号 | 型 | 必須 | 見出し |", "|---|---|---|---|---|"]
    lines += [column_row(column) for column in source.read_columns]
    lines.append("")
    for column in source.read_columns:
        if column.values and column.headers:
            written = "、".join(words[0] for _, words in column.values if words)
            lines += [f"「{column.label.ja}」に書ける値：{written}", ""]
    if source.rules:
        lines += ["保留になる行：", ""]
        lines += [f"- {rule.message.ja}（`{rule.id}`）" for rule in source.rules]
        lines.append("")
    return lines


def column_row(column: Column) -> str:
    """One column as a row of a Markdown table."""
    headers = "、".join((*column.headers, *column.date_headers)) or "−"
    need = "○" if column.required else "△" if column.in_header else ""
    return f"| {column.label.ja} | `{column.name}` | {TYPES[column.type]} | {need} | {headers} |"


PAGES = {"metrics.md": metrics_page, "sources.md": sources_page}
"""File under docs/ → the function that writes its text."""


def main() -> None:
    """Write every catalogue."""
    for name, page in PAGES.items():
        (HERE / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
