"""Count what became of each row of a judged file, and say it as a ledger entry."""

from __future__ import annotations

import getpass
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from pipelines import lake
from pipelines.dedupe import counts
from pipelines.entry import Entry
from pipelines.recognise import Recognised
from pipelines.replacement import Replacement, Scope
from pipelines.returned import Returned
from pipelines.sources import Source
from pipelines.stage import Staged
from warehouse.engine import Engine


class AccountingError(Exception):
    """Rows were lost or counted twice: a fault of the product, never of a file."""


@dataclass(frozen=True)
class Facts:
    """What is known of a file beside its rows.

    municipality: the code for rows that name none. before: its entry so far, where a loaded file
    is judged anew: its place in the order stays. back: where it is a returned workbook. waived:
    columns that were not checked for personal data, and why.
    """

    name: str
    sha256: str
    synthetic: bool
    municipality: str | None
    covered: Scope
    instead: Replacement
    before: Entry | None = None
    back: Returned | None = None
    waived: Mapping[str, str] = field(default_factory=dict)


def entry_of(engine: Engine, found: Recognised, staged: Staged, facts: Facts) -> Entry:
    """The entry of a judged file: `kept`, `findings`, `repeats` and `accepted` stand in `engine`.

    Raises AccountingError where a row is unaccounted for.
    """
    if facts.back is not None:
        staged = _of_returned(staged, engine, facts.back)
    became = counts(engine, single=staged.single)
    ignored = staged.ignored.total()
    if staged.rows_read != became.accepted + became.quarantined + became.duplicates + ignored:
        raise AccountingError(
            f"{facts.name}: {staged.rows_read} rows read, {ignored} ignored, {became}"
        )
    first, last = lake.period(engine, found.source, "accepted")
    repeats = engine.execute("SELECT DISTINCT sha256 FROM repeats WHERE sha256 IS NOT NULL")
    before = facts.before
    return Entry(
        sha256=facts.sha256,
        file=facts.name,
        source=found.source.id,
        profile=found.profile.id,
        municipality=_municipality(facts.covered, found.source),
        period_from=first,
        period_to=last,
        rows_read=staged.rows_read,
        accepted=became.accepted,
        quarantined=became.quarantined,
        duplicates=became.duplicates,
        ignored=ignored,
        ignored_reasons=dict(sorted(staged.ignored.items())),
        loaded_at=before.loaded_at if before else _now(),
        loaded_by=before.loaded_by if before else _user(),
        result="stored",
        synthetic=facts.synthetic,
        months=facts.covered.months,
        places=facts.covered.places,
        constants=dict(found.profile.constants),
        given_municipality=facts.municipality,
        replaces=[entry.sha256 for entry in facts.instead.replaced],
        repeats=sorted(sha256 for (sha256,) in repeats),
        corrects=facts.back.entry.sha256 if facts.back else None,
        closes=facts.back.closes if facts.back else {},
        waived=dict(facts.waived),
    )


def _municipality(covered: Scope, source: Source) -> str | None:
    """The municipality of a file's rows, where it is one."""
    if not any(column.name == "municipality" for column in source.columns):
        return None
    found = {place.split("／")[0] for place in covered.places}
    return found.pop() or None if len(found) == 1 else None


def _of_returned(staged: Staged, engine: Engine, back: Returned) -> Staged:
    """The counts of a returned workbook: its rows alone, those not judged being ignored."""
    became = counts(engine, single=staged.single)
    ignored = back.count - became.accepted - became.quarantined - became.duplicates
    reasons = Counter(staged.ignored)
    reasons.subtract(back.entry.ignored_reasons)
    reasons = +reasons
    if reasons.total() != ignored:  # the file's other rows are judged by other rules by now
        reasons = Counter({"blank": ignored})
    return replace(staged, rows_read=back.count, ignored=reasons)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a process without a name in the system's list of users
        return "unknown"
