"""「この数字の根拠」: definition, formula, release, query and files behind the numbers."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from ui import format as fmt
from ui.components.context import Ctx
from ui.components.head import count_text, freshness, local, period_text
from ui.export import Provenance
from warehouse.query import Answer

_MOST = 12


def _distinct(answers: Sequence[Answer]) -> list[Answer]:
    return list({answer.metric.id: answer for answer in answers}.values())


def files_of(answers: Sequence[Answer]) -> pd.DataFrame:
    """Return the source files behind some answers, each once."""
    frames = [answer.files for answer in answers if not answer.files.empty]
    if not frames:
        return pd.DataFrame()
    return pd.concat(frames, ignore_index=True).drop_duplicates("sha256")


def provenance(ctx: Ctx, title: str, answers: Sequence[Answer]) -> Provenance:
    """Say where a table's numbers come from, as lines for the second sheet of a workbook."""
    lead = answers[0]
    lines = [
        (ctx.t("common.evidence.period"), period_text(ctx, lead)),
        (ctx.t("common.evidence.count"), count_text(ctx, lead)),
        *((ctx.t("common.evidence.fresh"), text) for text in freshness(ctx, lead)),
        (ctx.t("common.evidence.release"), ctx.release.name),
    ]
    for answer in _distinct(answers):
        metric = answer.metric
        lines.append((metric.label(ctx.lang), metric.definition(ctx.lang)))
        lines.append((ctx.t("common.evidence.source"), str(metric.source)))
        if caveat := metric.caveat(ctx.lang):
            lines.append((ctx.t("common.evidence.caveat"), caveat))
        lines.append((ctx.t("common.evidence.sql"), answer.sql))
    for row in files_of(answers).itertuples():
        owner = f"{row.source_label}（{row.owner}、{row.licence}）"
        lines.append((ctx.t("common.evidence.file"), f"{row.file}　{owner}　sha256 {row.sha256}"))
    return Provenance(
        [(what, text) for what, text in lines if text],
        ctx.t("common.watermark") if ctx.release.is_demo else None,
    )


def evidence(ctx: Ctx, key: str, answers: Sequence[Answer]) -> None:
    """Draw the evidence tab."""
    st.html(f'<h3 class="mado-h3">{escape(ctx.t("common.evidence.title"))}</h3>')
    items = []
    for answer in _distinct(answers):
        metric = answer.metric
        said = [escape(metric.definition(ctx.lang))]
        said.append(f"{escape(ctx.t('common.evidence.source'))}: {escape(str(metric.source))}")
        if caveat := metric.caveat(ctx.lang):
            said.append(f"{escape(ctx.t('common.evidence.caveat'))}: {escape(caveat)}")
        items.append(f"<dt>{escape(metric.label(ctx.lang))}</dt><dd>{'<br>'.join(said)}</dd>")
    built = fmt.moment(local(pd.Timestamp(ctx.release.built_at).to_pydatetime()), ctx.lang)
    release = ctx.t("common.evidence.release_line", name=ctx.release.name, built=built)
    items.append(f"<dt>{escape(ctx.t('common.evidence.release'))}</dt><dd>{escape(release)}</dd>")
    st.html(f'<dl class="mado-proof">{"".join(items)}</dl>')
    for answer in _distinct(answers):
        st.caption(ctx.t("common.evidence.sql_of", label=answer.metric.label(ctx.lang)))
        st.code(answer.sql, language="sql", wrap_lines=True)
        if answer.parameters:
            given = ctx.t("common.list_separator").join(
                f"${name} = {value}" for name, value in answer.parameters.items()
            )
            line = f"{ctx.t('common.evidence.parameters')}: {given}"
            st.html(f'<p class="mado-small">{escape(line)}</p>')
    st.html(_files(ctx, files_of(answers)))


def _files(ctx: Ctx, files: pd.DataFrame) -> str:
    """Write the files as a table of HTML: a screen reader and a search in the page find them."""
    if files.empty:
        return f"<p>{escape(ctx.t('common.evidence.no_files'))}</p>"
    label = "source_label" if ctx.lang == "ja" else "source_label_en"
    columns = ("file", label, "owner", "licence", "loaded_at")
    words = ("file", "source_label", "owner", "licence", "loaded_at")
    head = "".join(f"<th>{escape(ctx.t(f'common.evidence.{name}'))}</th>" for name in words)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(_cell(ctx, row[name]))}</td>' for name in columns)}</tr>"
        for row in files.head(_MOST).to_dict("records")
    )
    rest = len(files) - _MOST
    more = f"<p>{escape(ctx.t('common.evidence.more', n=rest))}</p>" if rest > 0 else ""
    title = escape(ctx.t("common.evidence.files"))
    return (
        f'<h3 class="mado-h3">{title}</h3><div class="mado-scroll" tabindex="0">'
        f'<table class="mado-files"><tr>{head}</tr>{body}</table></div>{more}'
    )


def _cell(ctx: Ctx, value: Any) -> str:
    if value is None or bool(pd.isna(value)):
        return fmt.Mark.NONE.value
    if isinstance(value, str):
        return value
    return fmt.moment(local(pd.Timestamp(value).to_pydatetime()), ctx.lang)
