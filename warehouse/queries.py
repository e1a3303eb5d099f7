"""SQL files: one file is one table or one check.

`<table>.sql`: a comment that says grain and meaning, whose last line may say by which columns the
table falls into parts (`Parts: …`, see warehouse.parts), then one SELECT.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from warehouse.engine import Engine, EngineError

SQL = Path(__file__).parent / "sql"
PARTS = "Parts: "


class BuildError(Exception):
    """A release cannot be built. The message names the file and the reason."""


@dataclass(frozen=True)
class Query:
    """One SQL file: its name is the table's name, its first comments say what it is.

    parts: the columns by which its rows fall into parts; empty where they do not.
    """

    name: str
    file: str
    comment: str
    text: str
    reads: frozenset[str]
    parts: tuple[str, ...] = ()


def queries(folder: Path, engine: Engine) -> list[Query]:
    """Read every .sql file of a folder. Raises BuildError naming the file that does not parse."""
    found = []
    for path in sorted(folder.glob("*.sql")):
        text = path.read_text(encoding="utf-8").strip().removesuffix(";")
        lines = [line.strip() for line in text.splitlines()]
        head = lines[: next((i for i, line in enumerate(lines) if not line.startswith("--")), 0)]
        head = [line.removeprefix("--").strip() for line in head]
        parts = tuple(head.pop().removeprefix(PARTS).split(", ")) if _says_parts(head) else ()
        file = f"{folder.name}/{path.name}"
        try:
            reads = frozenset(engine.tables_read(text))
        except EngineError as error:
            raise BuildError(f"{file}: {error.reason}") from error
        found.append(Query(path.stem, file, "\n".join(head), text, reads, parts))
    return found


def _says_parts(head: list[str]) -> bool:
    return bool(head) and head[-1].startswith(PARTS)
