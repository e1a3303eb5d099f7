"""「取り込む」 and what came of it: progress, the release, the pages that changed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from html import escape

import streamlit as st

from ui import format as fmt
from ui.components import intake, intake_job, intake_preview, states
from ui.components.intake import Desk
from ui.components.intake_job import Job
from ui.components.intake_preview import Looked

_JOB = "mado.intake.job"
"""Session key: the files being taken, or what came of the last ones."""
_LOOK_AGAIN = 0.2
"""Seconds between two looks at a running job."""

_TO_THE_TOP = "<script>document.querySelector('[data-testid=\"stMain\"]').scrollTo(0, 0)</script>"

Pages = Callable[[Iterable[str]], Sequence[tuple[str, str]]]
"""sha256 of files → (key, title) of the pages whose numbers rest on them."""


def offer(desk: Desk, files: Sequence[Looked]) -> None:
    """Draw the button that takes the files, or says why there is none to take."""
    if not files:
        return
    ready = [one for one in files if one.takeable]
    left = len(files) - len(ready)
    if desk.demo:
        states.notice(escape(desk.t(".demo.no_mixing")))
    elif left and ready:
        states.notice(escape(desk.t(".take.some", n=len(ready), left=left)))
    if st.button(
        desk.t(".take.button", n=len(ready)),
        type="primary",
        icon=":material/upload:",
        disabled=desk.demo or not ready,
        key="intake-take",
    ):
        st.session_state[_JOB] = intake_job.start(desk, ready)
        intake.next_round()
        intake_preview.forget()
        st.rerun()


def working(desk: Desk) -> None:
    """Show a running job until it ends, then run the page anew."""
    job: Job | None = st.session_state.get(_JOB)
    if job is None or not job.running:
        return
    with st.container(border=True, key="mado-block-intake-progress"):
        st.header(desk.t(".take.working"), anchor=False)
        bar = st.progress(0.0, _step(desk, job))
        while job.running:
            done = 1.0 if job.publishing else min(job.rows / max(job.total, 1), 1.0)
            bar.progress(done, _step(desk, job))
            time.sleep(_LOOK_AGAIN)
    st.rerun()


def _step(desk: Desk, job: Job) -> str:
    if job.publishing or not job.names:
        return desk.t(".take.publishing")
    at = min(max(job.at, 1), len(job.names))
    rows = fmt.number(job.rows, 0, desk.lang)
    return desk.t(".take.reading", file=job.names[at - 1], at=at, all=len(job.names), rows=rows)


def outcome(desk: Desk, changed: Pages) -> None:
    """Say what came of the last files: stored or not, published or not, where to look now.

    Raises what the job raised where the product itself was at fault.
    """
    job: Job | None = st.session_state.get(_JOB)
    if job is None:
        return
    if job.failure is not None:
        del st.session_state[_JOB]
        raise job.failure
    if not job.told:  # the button was at the foot of a page that is shorter now
        job.told = True
        st.html(_TO_THE_TOP, unsafe_allow_javascript=True)
    with st.container(border=True, key="mado-block-intake-outcome"):
        st.header(desk.t(".done.title"), anchor=False)
        for name, result in zip(job.names, job.results, strict=False):
            said = {
                "file": name,
                "accepted": fmt.number(result.accepted, 0, desk.lang),
                "held": fmt.number(result.quarantined, 0, desk.lang),
                "why": result.message if desk.lang == "ja" else result.message_en,
            }
            kind = result.status
            if kind == "stored" and result.quarantined:
                kind = "stored_held"
            st.html(f'<p class="mado-summary">{escape(desk.t(f".done.{kind}", **said))}</p>')
        if job.problem is not None:
            line = escape(desk.told(job.problem))
            st.html(f'<p class="mado-notice mado-bad" role="alert">{line}</p>')
        if job.release is not None:
            st.html(f'<p class="mado-summary mado-good">{escape(desk.t(".done.published"))}</p>')
            pages = changed(result.sha256 for result in job.results if result.sha256)
            if pages:
                st.caption(desk.t(".done.pages"))
            with st.container(horizontal=True):
                for key, title in [*pages, ("data", desk.t("data.data.title"))]:
                    states.link(key, title)


def unpublished(desk: Desk, loaded: frozenset[str], shown: frozenset[str]) -> None:
    """Offer to publish files that are loaded but in no release, as after checks that failed."""
    if loaded == shown or not loaded:
        return
    states.notice(escape(desk.t(".take.unpublished", n=len(loaded ^ shown))))
    if st.button(desk.t(".take.publish"), key="intake-publish"):
        st.session_state[_JOB] = intake_job.publish(desk)
        st.rerun()
