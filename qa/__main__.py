"""The command line: add, list, show, remove, ask, verify, doctor, serve, backup, restore, eval,
feedback, site, key.

Each command works through the server that owns the library, if one runs, else it owns the library
itself for as long as it takes. Exit codes: 0 done, 1 something failed (its message is on standard
error or in the line of its file), 2 wrong usage, 130 interrupted, 143 asked to stop.
"""

import argparse
import io
import json
import os
import runpy
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import asdict, replace
from pathlib import Path
from types import FrameType
from typing import IO, TYPE_CHECKING, Any, TextIO

from index.errors import IndexingError, LibraryBusy
from index.types import Added
from qa.files import Found, files_under, read_file
from qa.remote import RemoteDesk
from qa.settings import Settings

if TYPE_CHECKING:
    from qa.desk import Desk

# Commands that stand above this floor: their modules, and what those are told before the options,
# which they read themselves.
_ABOVE: dict[str, tuple[str, ...]] = {
    "eval": ("eval",),
    "feedback": ("eval.feedback",),
    "site": ("web.api.administration", "site"),
    "key": ("web.api.administration", "key"),
}

# How long a command waits for another that owns the library to end, or for a server to come up.
_PATIENCE_SECONDS = 20


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr, sys.stdin):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    given = list(sys.argv[1:] if argv is None else argv)
    if given and given[0] in _ABOVE:
        module, *command = _ABOVE[given[0]]
        return _run_above(module, [*command, *given[1:]])
    arguments = _parser().parse_args(given)
    run: Callable[[argparse.Namespace, Settings], int] = arguments.run
    try:
        return run(arguments, _settings(arguments))
    except (IndexingError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    except sqlite3.DatabaseError as error:
        print(f"资料库读不出来：{error}。请运行 youju doctor，看看怎么办。", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # The reader of our output went away, as head does.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("已中断。已收录的内容都在。", file=sys.stderr)
        return 130


def add(arguments: argparse.Namespace, settings: Settings) -> int:
    """Take in files and folders, one line a file the moment it is durable."""
    # Imported here: a bar is of no use to the other commands.
    from tqdm import tqdm

    files = list(files_under(arguments.paths))
    failed = 0
    bar = tqdm(files, unit="个文件", desc="收录", disable=None, file=sys.stderr)
    with open_desk(settings) as desk, _asked_to_stop() as stopped, bar:
        for found in bar:
            added = _add_one(desk, found, settings)
            failed += added.status == "failed"
            bar.write(_line_of(added, as_json=arguments.json), file=sys.stdout)
            sys.stdout.flush()
            if stopped():
                return 143
    if not files:
        print("没有找到可收录的文件。", file=sys.stderr)
    return 1 if failed or not files else 0


def list_documents(arguments: argparse.Namespace, settings: Settings) -> int:
    """List the documents, the latest added first."""
    with open_desk(settings) as desk:
        entries = desk.entries()
    if arguments.json:
        print(json.dumps([asdict(entry) for entry in entries], ensure_ascii=False, indent=1))
        return 0
    for entry in entries:
        print(
            f"{entry.id}  {entry.date or '-':10}  {entry.chunks:4} 段  {entry.title}（{entry.source}）"
        )
    if not entries:
        print("资料库是空的。请用 youju add 收录文件。")
    return 0


def show(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the text of a document, and nothing else: citations count its characters."""
    with open_desk(settings) as desk:
        document = desk.document(arguments.id)
    if arguments.json:
        print(json.dumps(asdict(document), ensure_ascii=False, indent=1))
    else:
        sys.stdout.write(document.text)
    return 0


def remove(arguments: argparse.Namespace, settings: Settings) -> int:
    """Forget a document."""
    with open_desk(settings) as desk:
        document = desk.remove(arguments.id)
    print(f"已移除：{document.title}（{document.source}，{document.id}）")
    return 0


def ask(arguments: argparse.Namespace, settings: Settings) -> int:
    """Answer one question, or one a line of standard input."""
    if (arguments.question is None) != arguments.jsonl:
        raise ValueError(
            '请给出一个问题：youju ask "问题"；或从标准输入逐行提问：youju ask --jsonl < 问题.txt'
        )
    with open_desk(settings) as desk:
        if arguments.question is not None:
            answer = desk.ask(arguments.question)
            print(
                json.dumps(answer, ensure_ascii=False)
                if arguments.json
                else _readable(answer, arguments.question)
            )
            return 0
        for line in sys.stdin:
            if line.strip():
                print(json.dumps(desk.ask(line.rstrip("\n")), ensure_ascii=False), flush=True)
    return 0


def back_up(arguments: argparse.Namespace, settings: Settings) -> int:
    """Write the data folder to one file."""
    from index.backup import into

    def fill(stream: IO[bytes]) -> None:
        with open_desk(settings) as desk:
            desk.back_up(stream)

    manifest = into(arguments.file, fill, force=arguments.force)
    print(
        f"已备份 {manifest.documents} 个文档、{manifest.originals} 个原文件"
        f"（{manifest.size / 1e6:.1f} MB）：{arguments.file}\n"
        "其中有资料原文和令牌的签名密钥，请像资料库一样妥善保管。"
    )
    return 0


def restore(arguments: argparse.Namespace, settings: Settings) -> int:
    """Make an empty data folder the one that a backup was made of."""
    # Imported here: it brings Chroma.
    from index.archive import restore

    manifest = restore(arguments.file, settings.data)
    print(
        f"已恢复 {manifest.documents} 个文档、{manifest.originals} 个原文件"
        f"（备份于 {manifest.made}）到 {settings.data}。向量索引在下次启动时重建。"
    )
    return 0


def verify_sentences(arguments: argparse.Namespace, settings: Settings) -> int:
    """Judge one sentence by its evidence, or one pair a line of a file or of standard input."""
    # Imported here: the words are cut by a dictionary that the other commands do not need.
    from qa.verdicts import as_json, verdicts
    from qa.verify import verify

    if arguments.jsonl:
        failed = False
        with _lines_of(arguments.sentence) as lines:
            for answer in verdicts(lines):
                failed |= "error" in answer
                print(json.dumps(answer, ensure_ascii=False), flush=True)
        return 1 if failed else 0
    if not (arguments.sentence and arguments.evidence):
        raise ValueError(
            '请给出句子和原文：youju verify "句子" --evidence "原文"；'
            "或逐行核对：youju verify --jsonl < 句子.jsonl"
        )
    verdict = verify(arguments.sentence, arguments.evidence, date=arguments.date)
    if arguments.json:
        print(json.dumps(as_json(verdict), ensure_ascii=False))
    else:
        print("\n".join(["〔有据〕" if verdict.supported else "〔无据〕", *verdict.reasons]))
    return 0


def doctor(arguments: argparse.Namespace, settings: Settings) -> int:
    """Say what is set, check everything, and mend what can be mended."""
    # Imported here: it brings what the other commands do not need.
    from qa.doctor import examine, settings_shown

    given = frozenset(arguments.__dict__) & {"data", "host", "port"}
    shown = settings_shown(settings, given)
    if arguments.json:
        checks = list(examine(settings, open_desk, repair=arguments.repair))
        sound = all(check.sound for check in checks)
        told = {
            "sound": sound,
            "settings": [asdict(one) for one in shown],
            "checks": [asdict(check) for check in checks],
        }
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return 0 if sound else 1
    for one in shown:
        print(f"设置  {one.name} = {one.value}（{one.origin}）")
    sound = True
    for check in examine(settings, open_desk, repair=arguments.repair):
        sound &= check.sound
        mended = f"（{check.mended}）" if check.mended else ""
        advice = f"。请运行：{check.advice}" if check.advice and not check.sound else ""
        mark = "正常" if check.sound else "问题"
        print(f"{mark}  {check.name}：{check.told}{mended}{advice}", flush=True)
    return 0 if sound else 1


def _lines_of(path: str | None) -> AbstractContextManager[TextIO]:
    """The lines of a file, or of standard input; bytes that are no UTF-8 harm their own line only."""
    if path is None:
        return nullcontext(sys.stdin)
    try:
        return Path(path).open(encoding="utf-8", errors="replace")
    except OSError as error:
        raise ValueError(f"打不开 {path}：{error.strerror}。请检查路径。") from error


def serve(arguments: argparse.Namespace, settings: Settings) -> int:
    """Serve the web chat."""
    options = {"--data": settings.data, "--host": settings.host, "--port": settings.port}
    given = [str(part) for option in options.items() for part in option]
    if arguments.samples:
        given += ["--samples", arguments.samples]
    return _run_above("app", given)


def _run_above(module: str, arguments: Sequence[str]) -> int:
    """Run a program that stands above this floor, which may not be imported. It exits by itself."""
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
    return 0


@contextmanager
def open_desk(settings: Settings) -> Iterator["Desk"]:
    """The desk of the server that owns the library, or our own; in turn with other commands."""
    desk = _wait_for_desk(settings)
    try:
        yield desk
    finally:
        desk.close()


def _wait_for_desk(settings: Settings) -> "Desk":
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        remote = RemoteDesk.connect(settings.data)
        if remote is not None:
            return remote
        # Imported here: it brings Chroma, which a command beside a server has no use for.
        from qa.desk import LocalDesk

        try:
            return LocalDesk.open(settings)
        except LibraryBusy:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.3)


def _add_one(desk: "Desk", found: Found, settings: Settings) -> Added:
    if found.problem:
        return Added(found.shown, "failed", message=found.problem)
    try:
        data = read_file(found.path, settings.max_file_mb)
        added = desk.add(found.key, Path(found.shown).name, data)
    except (IndexingError, ValueError) as error:
        return Added(found.shown, "failed", message=str(error))
    return replace(added, path=found.shown)


_STATUS = {"added": "已收录", "unchanged": "未变动", "replaced": "已更新", "failed": "未收录"}


def _line_of(added: Added, *, as_json: bool) -> str:
    if as_json:
        return json.dumps(asdict(added), ensure_ascii=False)
    parts = f"（{added.chunks} 段）" if added.chunks else ""
    message = f"：{added.message}" if added.message else ""
    return f"{_STATUS[added.status]}  {added.path}{parts}{message}"


_MODE = {
    "extract": "原文摘录",
    "generate": "模型改写",
    "calculate": "计算得出",
    "refuse": "证据不足",
}


def _readable(answer: dict[str, Any], asked: str) -> str:
    """An answer for a terminal."""
    lines = [f"〔{_MODE[answer['mode']]}〕{answer['short']}", answer["answer"]]
    if answer["note"]:
        lines.append(f"（{answer['note']}）")
    if answer["question"].split() != asked.split():
        lines.insert(0, f"理解为：{answer['question']}")
    for cited in answer["citations"]:
        lines.append(f"  [{cited['marker']}] {_whereabouts(cited)}")
    if answer["nearest"]:
        lines.append("相近段落（不是答案）：")
        lines += [
            f"  · {_whereabouts(near)}：{_shortened(near['quote'])}" for near in answer["nearest"]
        ]
    return "\n".join(lines)


def _whereabouts(cited: dict[str, Any]) -> str:
    page = f"第{cited['page']}版" if cited["publication"] else f"第{cited['page']}页"
    parts = [
        f"《{cited['title']}》", cited["publication"], cited["date"], page if cited["page"] else "",
        cited["section"], cited["source"], f"{cited['document_id']} 字符 {cited['start']}–{cited['end']}",
    ]  # fmt: skip
    return " · ".join(part for part in parts if part)


def _shortened(text: str, limit: int = 60) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= limit else plain[: limit - 1] + "…"


@contextmanager
def _asked_to_stop() -> Iterator[Callable[[], bool]]:
    """Whether SIGTERM has come: the file under way is finished first, so that nothing is half done."""
    asked = False

    def note(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        asked = True

    before = signal.signal(signal.SIGTERM, note)
    try:
        yield lambda: asked
    finally:
        signal.signal(signal.SIGTERM, before)


def _settings(arguments: argparse.Namespace) -> Settings:
    settings = Settings.from_environment()
    given = {
        name: value
        for name in ("data", "host", "port")
        if (value := getattr(arguments, name, None)) is not None
    }
    return replace(settings, **given)


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        default=argparse.SUPPRESS,
        help="数据目录（默认 var/library，或环境变量 YOUJU_DATA）",
    )
    parser = argparse.ArgumentParser(
        prog="youju", description="有据：每个答案都指到原文的那几个字。", parents=[shared]
    )
    commands = parser.add_subparsers(required=True, metavar="命令")

    def command(
        name: str, run: Callable[[argparse.Namespace, Settings], int], text: str
    ) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text, parents=[shared])
        added.set_defaults(run=run)
        return added

    adding = command("add", add, "收录文件或文件夹；未变动的文件不再处理")
    adding.add_argument("paths", nargs="+", metavar="PATH", help="文件或文件夹")
    adding.add_argument("--json", action="store_true", help="每个文件一行 JSON")
    listing = command("list", list_documents, "列出已收录的文档")
    listing.add_argument("--json", action="store_true", help="输出 JSON")
    showing = command("show", show, "显示一个文档的正文，引文的字符位置以它为准")
    showing.add_argument("id", metavar="ID", help="文档编号，或其开头几位")
    showing.add_argument("--json", action="store_true", help="输出 JSON，含题名、日期、章节")
    removing = command("remove", remove, "移除一个文档")
    removing.add_argument("id", metavar="ID", help="文档编号，或其开头几位")
    asking = command("ask", ask, "提问")
    asking.add_argument("question", nargs="?", metavar="问题")
    asking.add_argument("--json", action="store_true", help="输出 JSON")
    asking.add_argument("--jsonl", action="store_true", help="从标准输入逐行读问题，逐行输出 JSON")
    verifying = command("verify", verify_sentences, "核对一个句子是否有原文为据")
    verifying.add_argument("sentence", nargs="?", metavar="句子", help="句子；用 --jsonl 时是文件")
    verifying.add_argument(
        "--evidence", action="append", metavar="原文", help="所依据的原文，可以给几段"
    )
    verifying.add_argument("--date", default="", help="原文的日期（2023-11-09），用来认今年、去年")
    verifying.add_argument("--json", action="store_true", help="输出 JSON")
    verifying.add_argument(
        "--jsonl", action="store_true", help="从文件或标准输入逐行读 JSON，逐行输出"
    )
    backing_up = command("backup", back_up, "把数据目录备份成一个文件；服务运行时也可以")
    backing_up.add_argument("file", type=Path, metavar="FILE", help="备份文件，例如 youju.zip")
    backing_up.add_argument("--force", action="store_true", help="文件已存在时覆盖它")
    restoring = command("restore", restore, "把备份恢复到一个空的数据目录")
    restoring.add_argument("file", type=Path, metavar="FILE", help="备份文件")
    checking = command("doctor", doctor, "检查设置、模型和资料库，说明有什么问题、怎么办")
    checking.add_argument("--repair", action="store_true", help="修复能修复的")
    checking.add_argument("--json", action="store_true", help="输出 JSON")
    serving = command("serve", serve, "启动网页问答")
    serving.add_argument("--host", help="监听地址（默认 127.0.0.1）")
    serving.add_argument("--port", type=int, help="端口（默认 7860）")
    serving.add_argument("--samples", metavar="DIR", help="资料库为空时，先收录这个文件夹")
    # Told here, read in `main`: its options are its own.
    commands.add_parser("eval", help="用一套题评测，写出报告；选项见 youju eval --help")
    commands.add_parser("feedback", help="把使用者的反馈变成一套题：youju feedback export")
    commands.add_parser("site", help="登记可以提问的网站；选项见 youju site --help")
    commands.add_parser("key", help="管理员和程序的密钥；选项见 youju key --help")
    return parser


if __name__ == "__main__":
    sys.exit(main())
