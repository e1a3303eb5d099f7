"""Files in, releases out, on the command line.

python -m pipelines load 10月発券ログ.csv --municipality 272060
python -m pipelines publish
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path

from tqdm import tqdm

from pipelines import demo, held, ingest, publish, status
from pipelines.errors import PipelineError
from pipelines.results import LoadResult
from pipelines.stage import Progress
from warehouse.engine import EngineError
from warehouse.home import ConfigError, Home
from warehouse.releases import ReleaseError
from warehouse.runner import BuildError

_STATUS = {"stored": "保存", "checked": "確認", "unchanged": "変更なし", "refused": "拒否"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Exit code 0: done; 1: failed; 2: refused or wrongly asked."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options, Home.from_env()))
    except (PipelineError, ConfigError) as error:
        print(f"エラー: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"エラー: 読み書きできません（{error.strerror}: {error.filename}）", file=sys.stderr)
        return 1
    except (BuildError, ReleaseError) as error:
        print(f"エラー: 公開できませんでした。前の公開版はそのままです。{error}", file=sys.stderr)
        return 1
    except EngineError as error:
        reason = str(error).splitlines()[0]
        print(
            f"エラー: 保存場所のデータを読めません。何も変えていません。{reason}", file=sys.stderr
        )
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m pipelines",
        description="ファイルを読み込み、検査し、公開します。保存場所は環境変数 MADO_HOME です。",
    )
    commands = parser.add_subparsers(
        required=True, metavar="{load,check,quarantine,publish,demo,status}"
    )
    load = commands.add_parser("load", help="種類を見分け、検査し、保存する")
    load.set_defaults(run=_load, store=True)
    check = commands.add_parser("check", help="保存せずに同じことをする")
    check.set_defaults(run=_load, store=False)
    for command in (load, check):
        command.add_argument(
            "paths", nargs="+", type=Path, metavar="PATH", help="ファイルかフォルダー"
        )
        command.add_argument("--source", metavar="ID", help="ファイルの種類（見分けさせない）")
        command.add_argument("--profile", metavar="NAME", help="プロファイルの名前")
        command.add_argument(
            "--municipality", metavar="CODE", help="団体コードのないファイルの団体コード（6桁）"
        )
        command.add_argument("--json", action="store_true", help="結果を JSON で出す")
    quarantine = commands.add_parser("quarantine", help="保留された行と理由")
    quarantine.add_argument("--file", metavar="SHA", help="ファイルの sha256（先頭の数文字でよい）")
    quarantine.add_argument("--format", choices=("csv", "json"), help="既定は1行ずつの文章")
    quarantine.set_defaults(run=_quarantine)
    commands.add_parser("publish", help="組み立て、検査し、公開する").set_defaults(run=_publish)
    made_up = commands.add_parser("demo", help="架空の市のファイルを作り、読み込み、公開する")
    made_up.add_argument("--scale", choices=("city", "nation"), default="city")
    made_up.add_argument("--seed", type=int, default=demo.SEED, metavar="N", help="乱数の種")
    made_up.set_defaults(run=_demo)
    shown = commands.add_parser("status", help="読み込み済みの種類、期間、鮮度、保留、公開版")
    shown.add_argument("--json", action="store_true", help="JSON で出す")
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
        report=_progress,
    )
    if not results:
        raise PipelineError("読み込むファイルがありません", "there is no file to load")
    if options.json:
        print(json.dumps([asdict(result) for result in results], ensure_ascii=False, indent=1))
    else:
        for result in results:
            _say(result)
    return 2 if any(result.status == "refused" for result in results) else 0


def _say(result: LoadResult) -> None:
    to = sys.stderr if result.status == "refused" else sys.stdout
    print(f"{_STATUS[result.status]} {result.file}: {result.message}", file=to)


def _quarantine(options: argparse.Namespace, home: Home) -> int:
    writers = {"csv": held.write_csv, "json": held.write_json, None: held.write_lines}
    writers[options.format](held.table(home, options.file), sys.stdout)
    return 0


def _publish(options: argparse.Namespace, home: Home) -> int:
    print(publish.publish(home))
    return 0


def _demo(options: argparse.Namespace, home: Home) -> int:
    print(demo.run(home, options.scale, options.seed, report=_progress))
    return 0


def _status(options: argparse.Namespace, home: Home) -> int:
    if options.json:
        print(json.dumps(status.report(home, date.today()), ensure_ascii=False, indent=1))
    else:
        print("\n".join(status.lines(home, date.today())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
