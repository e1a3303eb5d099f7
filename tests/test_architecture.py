"""The rules of the architecture, read from the code itself (docs/architecture.md says why)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("pages", "pipelines", "warehouse", "demography", "frontyard", "ui")


def python_files(*roots: str) -> list[Path]:
    found: list[Path] = []
    for root in roots:
        path = ROOT / root
        found += [path] if path.is_file() else sorted(path.rglob("*.py"))
    return found


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, absolute, `from a import b` giving both a and a.b."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parent = path.relative_to(ROOT).parent.parts
                parent = parent[: len(parent) - node.level + 1]
                base = ".".join((*parent, base)) if base else ".".join(parent)
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def within(module: str, *packages: str) -> bool:
    return any(module == package or module.startswith(package + ".") for package in packages)


def offenders(files: list[Path], forbidden: tuple[str, ...]) -> list[str]:
    return [
        f"{name(path)} imports {module}"
        for path in files
        for module in imports(path)
        if within(module, *forbidden)
    ]


def test_only_the_screen_imports_streamlit() -> None:
    allowed = {name(path) for path in python_files("app.py", "pages", "ui/components")}
    files = [path for path in python_files("app.py", *PACKAGES) if name(path) not in allowed]
    assert files
    assert offenders(files, ("streamlit",)) == []


def test_only_the_engine_imports_a_database() -> None:
    files = [p for p in python_files("app.py", *PACKAGES) if name(p) != "warehouse/engine.py"]
    assert offenders(files, ("duckdb", "pyspark")) == []
    assert "duckdb" in set(imports(ROOT / "warehouse/engine.py"))


def test_nothing_imports_pages_but_the_app() -> None:
    files = python_files("pipelines", "warehouse", "demography", "frontyard", "ui")
    assert offenders(files, ("pages", "app")) == []


def takes_files(path: Path) -> bool:
    """True for the one page that loads files, and its components: they have a door of their own."""
    return name(path) == "pages/data/intake.py" or name(path).startswith("ui/components/intake")


def through_the_intake_door(path: Path, module: str) -> bool:
    return takes_files(path) and (module == "pipelines" or within(module, "pipelines.door"))


def test_pages_reach_data_through_the_query_door_only() -> None:
    own = [
        f"{name(path)} imports {module}"
        for path in python_files("pages")
        for module in imports(path)
        if within(module, *PACKAGES)
        and not within(module, "ui", "warehouse.query", "demography", "frontyard", "pages")
        and module != "warehouse"
        and not through_the_intake_door(path, module)
    ]
    assert own == []


def test_ui_knows_neither_pipelines_nor_the_inside_of_the_warehouse() -> None:
    own = [
        f"{name(path)} imports {module}"
        for path in python_files("ui")
        for module in imports(path)
        if within(module, "pipelines", "warehouse")
        and not within(module, "warehouse.query", "warehouse.home", "warehouse.formula")
        and module != "warehouse"
        and not through_the_intake_door(path, module)
    ]
    assert own == []


def test_warehouse_stands_below_everything() -> None:
    forbidden = ("pages", "pipelines", "ui", "demography", "frontyard")
    assert offenders(python_files("warehouse"), forbidden) == []


def test_pipelines_know_no_screen() -> None:
    assert offenders(python_files("pipelines"), ("ui", "pages", "plotly")) == []
    publish = {"pipelines/publish.py", "pipelines/models.py"}
    rest = [path for path in python_files("pipelines") if name(path) not in publish]
    assert offenders(rest, ("demography", "frontyard")) == []


MODEL_PACKAGES = [package for package in ("demography", "frontyard") if (ROOT / package).exists()]


@pytest.mark.parametrize("package", MODEL_PACKAGES)
def test_models_are_pure(package: str) -> None:
    """Arrays and frames in, frames out: no database, no files, no screen."""
    pure = {"numpy", "pandas", "scipy", "statsmodels", "ciw", "ortools", package}
    standard = {"__future__", "collections", "dataclasses", "enum", "functools", "itertools"}
    standard |= {"math", "typing", "types", "datetime", "logging", "warnings"}
    found = []
    for path in python_files(package):
        door = {"argparse", "json", "sys", "pathlib", "yaml", "warehouse"}
        extra = door if path.name == "__main__.py" else set()
        for module in imports(path):
            top = module.split(".")[0]
            if top not in pure | standard | extra:
                found.append(f"{name(path)} imports {module}")
            if top == "warehouse" and not within(module, "warehouse.query") and module != top:
                found.append(f"{name(path)} imports {module}")
    assert found == []


def test_no_script_directly_in_pages() -> None:
    """Streamlit would run pages/x.py on a cold server without app.py, past any access check."""
    assert [p.name for p in (ROOT / "pages").glob("*.py")] == ["__init__.py"]


def test_app_stays_short() -> None:
    assert len((ROOT / "app.py").read_text(encoding="utf-8").splitlines()) < 100


def test_modules_stay_small() -> None:
    long = {
        name(path): lines
        for path in python_files("app.py", *PACKAGES)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}


def test_no_sql_in_pages() -> None:
    sql = re.compile(r"\bselect\b.+\bfrom\b", re.IGNORECASE | re.DOTALL)
    found = [
        f"{name(path)}:{text.lineno}"
        for path in python_files("app.py", "pages", "ui")
        for text in literals(ast.parse(path.read_text(encoding="utf-8")))
        if sql.search(str(text.value))
    ]
    assert found == []


def literals(tree: ast.Module) -> Iterator[ast.Constant]:
    """Every text in the code but the docstrings."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        if node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docstrings
        ):
            yield node


def test_the_screen_fetches_nothing() -> None:
    """Municipal networks have no internet: no stylesheet, font or script by address."""
    remote = re.compile(r"(src|href|url|@import)\s*[=(]?\s*[\"'(]?\s*https?://", re.IGNORECASE)
    files = [*python_files("app.py", "pages", "ui"), *(ROOT / ".streamlit").glob("*")]
    files += sorted((ROOT / "ui").rglob("*.css"))
    assert [name(p) for p in files if remote.search(p.read_text(encoding="utf-8"))] == []


# --- SQL that two engines read alike ---------------------------------------------------------

BANNED = {
    '"': "double quotes are a string literal on Spark",
    r"\bdayofweek\b": "weekday bases differ; use core_date",
    r"\bdate_diff\b": "compute durations at ingest",
    r"\bquantile_cont\b": "use percentile_cont … WITHIN GROUP",
    r"\bstrftime\b": "formats differ",
    r"\bgenerate_series\b": "use core_date",
    r"\bcolumns\s*\(": "DuckDB only",
    r"\bpivot\b": "DuckDB only",
    r"\blog\s*\(": "base 10 on DuckDB, e on Spark",
    r"\bregexp_replace\b": "replaces the first match on DuckDB, all on Spark",
    r"\bsubstr(ing)?\s*\([^()]*,\s*0\b": "position 0 differs",
    r"\bvarchar\b": "Spark wants STRING or VARCHAR(n)",
    r"\bconcat\s*\(": "NULL is skipped on DuckDB, wins on Spark",
}
SQL_FILES = sorted((ROOT / "warehouse/sql").rglob("*.sql"))


def code_of(path: Path) -> str:
    """The SQL without its comments, literals emptied."""
    text = re.sub(r"--[^\n]*", "", path.read_text(encoding="utf-8"))
    return re.sub(r"'(?:[^']|'')*'", "''", text)


def order_items(sql: str) -> Iterator[str]:
    """Each item of each ORDER BY but that of WITHIN GROUP, where NULLs do not count."""
    for match in re.finditer(r"order\s+by\s+", sql, re.IGNORECASE):
        if re.search(r"within\s+group\s*\(\s*$", sql[: match.start()], re.IGNORECASE):
            continue
        depth, item = 0, ""
        for token in re.findall(r"\brows\b|\brange\b|\blimit\b|.", sql[match.end() :], re.S | re.I):
            if depth == 0 and (token in ")" or token.lower() in {"rows", "range", "limit"}):
                break
            depth += (token == "(") - (token == ")")
            if token == "," and depth == 0:
                yield item
                item = ""
            else:
                item += token
        yield item


@pytest.mark.parametrize("path", SQL_FILES, ids=lambda path: path.name)
def test_sql_is_portable(path: Path) -> None:
    sql = code_of(path)
    problems = [why for pattern, why in BANNED.items() if re.search(pattern, sql, re.IGNORECASE)]
    problems += [
        f"ORDER BY without NULLS LAST: {' '.join(item.split())}"
        for item in order_items(sql)
        if not re.search(r"\bnulls\s+(last|first)\b", item, re.IGNORECASE)
    ]
    problems += [
        f"divisor without NULLIF: {match.group(0)}"
        for match in re.finditer(r"/\s*(\S{1,20})", sql)
        if not re.match(r"(nullif\s*\(|[1-9])", match.group(1), re.IGNORECASE)
    ]
    if re.search(r"group\s+by\s+all", sql, re.IGNORECASE) and re.search(r"\bqualify\b", sql, re.I):
        problems.append("GROUP BY ALL with QUALIFY")
    assert problems == []


@pytest.mark.parametrize("path", SQL_FILES, ids=lambda path: path.name)
def test_sql_says_its_grain(path: Path) -> None:
    first = path.read_text(encoding="utf-8").lstrip().splitlines()[0]
    assert first.startswith("--") and len(first) > 20


def test_sql_files_exist() -> None:
    folders = {path.parent.name for path in SQL_FILES}
    assert folders == {"core", "mart", "checks"}
