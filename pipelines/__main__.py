"""Files in, releases out, on the command line.

python -m pipelines load 10月発券ログ.csv --municipality 272060
python -m pipelines publish
"""

from __future__ import annotations

import argparse
import io
import json
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path

import pyarrow as pa
from tqdm import tqdm

from pipelines import (
    demo,
    forget,
    held,
    ingest,
    ledger,
    propose,
    publish,
    returnable,
    status,
    templates,
    watch,
)
from pipelines.errors import PipelineError, no_room
from pipelines.lock import Held
from pipelines.results import STATUS, LoadResult
from pipelines.stage import Progress
from warehouse.engine import EngineError
from warehouse.home import ConfigError, Home
from warehouse.releases import ReleaseError
from warehouse.runner import BuildError

WAIT_SECONDS = 10
"""How long a command waits for another writer; a month's file takes less."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Exit code 0: done; 1: failed; 2: refused or wrongly asked."""
    options = _parser().parse_args(arguments)
    return _told(lambda: int(options.run(options, Home.from_env())))


def _told(run: Callable[[], int]) -> int:
    """Run something; what fails is one line. Returns the exit code."""
    try:
        return run()
    except (PipelineError, ConfigError) as error:
        print(f"エラー: {error}", file=sys.stderr)
        return 2
    except (BuildError, ReleaseError) as error:
        print(f"エラー: 公開できませんでした。前の公開版はそのままです。{error}", file=sys.stderr)
    except (OSError, EngineError, pa.ArrowException) as error:
        print(f"エラー: {_system_trouble(error)}", file=sys.stderr)
    return 1


def _system_trouble(error: Exception) -> str:
    if full := no_room(error):
        return full.ja
    if isinstance(error, OSError) and error.strerror:
        return f"読み書きできません（{error.strerror}: {error.filename}）"
    reason = str(error).splitlines()[0]
    return f"保存場所のデータを読めません。何も変えていません。{reason}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m pipelines",
        description="ファイルを読み込み、検査し、公開します。保存場所は環境変数 MADO_HOME です。",
    )
    commands = parser.add_subparsers(
        required=True,
        metavar="{load,check,profile,quarantine,publish,forget,watch,template,demo,status}",
    )
    load = commands.add_parser("load", help="種類を見分け、検査し、保存する")
    load.set_defaults(run=_load, store=True)
    check = commands.add_parser("check", help="保存せずに同じことをする")
    check.set_defaults(run=_load, store=False)
    watched = commands.add_parser("watch", help="フォルダーに置かれたファイルを読み込み、公開する")
    watched.add_argument("folder", type=Path, metavar="DIR", help="ファイルが置かれるフォルダー")
    often = watched.add_mutually_exclusive_group()
    often.add_argument("--once", action="store_true", help="1回だけ見て終わる（既定）")
    often.add_argument("--interval", type=float, metavar="SECONDS", help="この間隔で見続ける")
    watched.set_defaults(run=_watch)
    for command in (load, check):
        command.add_argument(
            "paths", nargs="+", type=Path, metavar="PATH", help="ファイルかフォルダー"
        )
    for command in (load, check, watched):
        command.add_argument("--source", metavar="ID", help="ファイルの種類（見分けさせない）")
        command.add_argument("--profile", metavar="NAME", help="プロファイルの名前")
        command.add_argument(
            "--municipality", metavar="CODE", help="団体コードのないファイルの団体コード（6桁）"
        )
        command.add_argument("--json", action="store_true", help="結果を JSON で出す")
    proposed = commands.add_parser("profile", help="ファイルからプロファイルの案を作る")
    proposed.add_argument("file", type=Path, metavar="FILE")
    proposed.add_argument("--source", metavar="ID", help="ファイルの種類（見分けさせない）")
    proposed.add_argument("--out", type=Path, metavar="FILE", help="書き出す先（既定は標準出力）")
    proposed.set_defaults(run=_profile)
    quarantine = commands.add_parser("quarantine", help="保留された行と理由")
    quarantine.add_argument("--file", metavar="SHA", help="ファイルの sha256（先頭の数文字でよい）")
    quarantine.add_argument(
        "--format",
        choices=("csv", "json", "xlsx"),
        help="既定は1行ずつの文章。xlsx は直して戻すブック",
    )
    quarantine.add_argument(
        "--out", type=Path, metavar="FILE", help="書き出すファイル（xlsx に必要）"
    )
    quarantine.set_defaults(run=_quarantine)
    published = commands.add_parser("publish", help="組み立て、検査し、公開する")
    published.set_defaults(run=_publish)
    forgotten = commands.add_parser("forget", help="読み込んだファイルを取り消す")
    forgotten.add_argument("file", metavar="SHA", help="ファイルの sha256（先頭の数文字でよい）")
    forgotten.add_argument("--yes", action="store_true", help="確かめずに取り消す")
    forgotten.set_defaults(run=_forget)
    for command in (load, watched, published, forgotten):
        command.add_argument(
            "--wait",
            type=float,
            default=WAIT_SECONDS,
            metavar="SECONDS",
            help=f"別の処理が書き込み中のとき待つ秒数（既定 {WAIT_SECONDS}）",
        )
    empty = commands.add_parser("template", help="自治体が作るファイルのひな形を書き出す")
    empty.add_argument("source", metavar="SOURCE", help="ファイルの種類（docs/sources.md の記号）")
    empty.add_argument("--format", choices=templates.FORMATS, default=templates.FORMATS[0])
    empty.add_argument(
        "--out", type=Path, metavar="FILE", help="書き出す先（既定は今のフォルダー）"
    )
    empty.set_defaults(run=_template)
    made_up = commands.add_parser("demo", help="架空の市のファイルを作り、読み込み、公開する")
    made_up.add_argument("--scale", choices=("city", "nation"), default="city")
    made_up.add_argument("--seed", type=int, default=demo.SEED, metavar="N", help="乱数の種")
    made_up.set_defaults(run=_demo)
    shown = commands.add_parser("status", help="読み込み済みの種類、期間、鮮度、保留、公開版")
    shown.add_argument("--json", action="store_true", help="JSON で出す")
    shown.add_argument(
        "--files", action="store_true", help="ファイルごとに、どの期間に使われているかも出す"
    )
    shown.set_defaults(run=_status)
    return parser


def _progress(path: Path) -> Progress:
    """A bar for one file, on a terminal only."""
    bar = tqdm(desc=path.name, unit="行", disable=not sys.stderr.isatty(), leave=False)

    def advance(rows: int) -> None:
        bar.update(rows)

    return advance


def _load(options: argparse.Namespace, home: Home) -> int:
    results = ingest.load(
        options.paths,
        home,
        source=options.source,
        profile=options.profile,
        municipality=options.municipality,
        store=options.store,
        wait=options.wait if options.store else 0,
        report=_progress,
    )
    if not results:
        raise PipelineError("読み込むファイルがありません", "there is no file to load")
    return _tell(results, options.json)


def _tell(results: Sequence[LoadResult], as_json: bool) -> int:
    """Print what became of each file. Returns the exit code."""
    if as_json:
        print(json.dumps([asdict(result) for result in results], ensure_ascii=False, indent=1))
    else:
        for result in results:
            _say(result)
    return 2 if any(result.status == "refused" for result in results) else 0


def _say(result: LoadResult) -> None:
    to = sys.stderr if result.status == "refused" else sys.stdout
    print(f"{STATUS[result.status]} {result.file}: {result.message}", file=to)


def _watch(options: argparse.Namespace, home: Home) -> int:
    if options.interval is None:
        return _pass(options, home)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    while not stop.is_set():
        _told(lambda: _pass(options, home))
        stop.wait(options.interval)
    return 0


def _pass(options: argparse.Namespace, home: Home) -> int:
    """One pass over the folder. Another writer at work is no failure: the next pass comes."""
    try:
        done = watch.once(
            home,
            options.folder,
            source=options.source,
            profile=options.profile,
            municipality=options.municipality,
            wait=options.wait,
            report=_progress,
        )
    except Held as error:
        print(f"何もしていません: {error}", file=sys.stderr)
        return 0
    code = _tell(done.results, options.json) if done.results or options.json else 0
    if done.release:
        print(f"公開 {done.release}", file=sys.stderr if options.json else sys.stdout)
    return code


def _profile(options: argparse.Namespace, home: Home) -> int:
    name = options.out.stem if options.out else None
    proposal = propose.propose(options.file, home, options.source, name)
    if options.out is None:
        print(proposal.text, end="")
    else:
        propose.write(proposal, options.out)
    for line in proposal.open:
        print(line, file=sys.stderr)
    return 0


def _quarantine(options: argparse.Namespace, home: Home) -> int:
    if options.format == "xlsx":
        return _quarantine_workbook(options, home)
    writers = {"csv": held.write_csv, "json": held.write_json, None: held.write_lines}
    rows = held.table(home, options.file)
    if options.out is None:
        writers[options.format](rows, sys.stdout)
    else:
        text = io.StringIO()
        writers[options.format](rows, text)
        mark = "\ufeff" if options.format == "csv" else ""  # a spreadsheet asks for it
        ledger.write_text(options.out, mark + text.getvalue())
    return 0


def _quarantine_workbook(options: argparse.Namespace, home: Home) -> int:
    if options.out is None or options.file is None:
        waiting = [entry for entry in held.open_entries(home) if entry.quarantined]
        files = "、".join(f"--file {e.sha256[:12]}（{e.file}）" for e in waiting) or "ありません"
        names = ", ".join(f"--file {e.sha256[:12]} ({e.file})" for e in waiting) or "none"
        raise PipelineError(
            "直して戻すブックはファイルごとです。--file と --out FILE.xlsx を指定してください。"
            f"保留のあるファイル: {files}",
            "a workbook to correct is made for one file; give --file and --out FILE.xlsx."
            f" Files with rows held back: {names}",
        )
    content = returnable.workbook(home, options.file)
    ledger.write_atomically(options.out, lambda path: _write_bytes(path, content))
    print(f"{options.out} に書き出しました。直して python -m pipelines load で読み込んでください")
    return 0


def _write_bytes(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _template(options: argparse.Namespace, home: Home) -> int:
    one = templates.template(options.source)
    out = options.out or Path(one.file_name(options.format))
    _write_bytes(out, templates.write(one, options.format))
    print(out)
    return 0


def _publish(options: argparse.Namespace, home: Home) -> int:
    print(publish.publish(home, options.wait))
    return 0


def _forget(options: argparse.Namespace, home: Home) -> int:
    if not options.yes:
        print("\n".join(forget.plan(home, options.file).lines()), file=sys.stderr)
        if not sys.stdin.isatty():
            raise PipelineError(
                "何も変えていません。取り消すには --yes を付けてください",
                "nothing was changed; add --yes to do it",
            )
        print("取り消しますか [y/N] ", end="", file=sys.stderr, flush=True)
        if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
            print("何も変えていません", file=sys.stderr)
            return 2
    print("\n".join(forget.forget(home, options.file, options.wait).lines(done=True)))
    print("公開版に反映するには python -m pipelines publish を実行してください")
    return 0


def _demo(options: argparse.Namespace, home: Home) -> int:
    print(demo.run(home, options.scale, options.seed, report=_progress))
    return 0


def _status(options: argparse.Namespace, home: Home) -> int:
    if options.json:
        print(json.dumps(status.report(home, date.today()), ensure_ascii=False, indent=1))
    else:
        print("\n".join(status.lines(home, date.today(), files=options.files)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
