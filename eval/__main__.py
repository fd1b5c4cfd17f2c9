"""`youju eval`, also `python -m eval`: run a set of questions, print the table, write the report.

Exit codes: 0 done, 1 the set cannot be read, is not well made, or does not pass its gate, 2 wrong
usage, 130 interrupted (what was done is kept and reported).
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from eval import adapters, baselines
from eval.cases import OWN, Case, QuestionSet, SetError, placed, problems, read_own, write_part
from eval.compare import Comparison, compare, missed
from eval.judge import Outcome
from eval.report import read_report, table, write_report
from eval.run import Growth, Results, ask_all, grow
from eval.summary import by_system, summarise_each
from eval.systems import Youju
from index.errors import IndexingError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one evaluation and return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        if options.lint or options.place:
            return _look_over(options)
        return _evaluate(_chosen(options), options)
    except (SetError, IndexingError) as error:
        print(error, file=sys.stderr)
        return 1


def _chosen(options: argparse.Namespace) -> QuestionSet:
    """The set that was named, cut to what was asked for."""
    path = Path(options.set)
    questions = read_own(path) if path.is_dir() else adapters.read(path, options.form)
    cases = [replace(case, within=()) if options.open else case for case in questions.cases]
    if options.part:
        cases = [case for case in cases if case.part == options.part]
    if options.kind:
        cases = [case for case in cases if case.kind == options.kind]
    if not cases:
        raise SetError(f"{path}：没有符合 --part、--kind 的问题。")
    return replace(questions, cases=_some(cases, options.limit))


def _some(cases: Sequence[Case], limit: int) -> tuple[Case, ...]:
    """So many of them, evenly spread, or all."""
    if not 0 < limit < len(cases):
        return tuple(cases)
    return tuple(cases[place * len(cases) // limit] for place in range(limit))


def _evaluate(questions: QuestionSet, options: argparse.Namespace) -> int:
    names = baselines.named(options.baselines)
    results = Results(options.out, questions, resume=options.resume)
    youju = Youju(options.out / "library")
    growth: list[Growth] = []
    interrupted = False
    try:
        keys = youju.add(questions.files)
        youju.warm()
        haystack = adapters.haystack(options.haystack, options.hay) if options.haystack else ()
        growth = grow(youju, haystack, questions.cases)
        ask_all(youju, questions.cases, keys, results)
        for system in baselines.made(names):
            system.add(youju.documents())
            asked = [case for case in questions.cases if not case.within]
            ask_all(system, asked, keys, results)
    except KeyboardInterrupt:
        interrupted = True
        print("已中断：已问过的都留下了，加 --resume 可以接着做。", file=sys.stderr)
    finally:
        youju.close()
    of_youju = by_system(results.outcomes).get(Youju.name, [])
    if of_youju:
        _tell(questions, results, growth, options)
    return 130 if interrupted else _pass(of_youju, options.gate)


def _tell(
    questions: QuestionSet, results: Results, growth: Sequence[Growth], options: argparse.Namespace
) -> None:
    """Print the table and write the report."""
    of_youju = by_system(results.outcomes)[Youju.name]
    comparison = compare(read_report(options.compare), of_youju) if options.compare else None
    summaries = summarise_each(results.outcomes)
    write_report(options.out, questions.name, results.outcomes, summaries, growth, comparison)
    print(table(summaries))
    if comparison:
        print(_told(comparison))
    print(f"报告：{options.out / 'report.html'}，数据：{options.out / 'report.json'}")


def _pass(outcomes: Sequence[Outcome], gate: Path | None) -> int:
    """Whether a gate is passed, if there is one, as an exit code."""
    missing = missed(gate, outcomes) if gate else []
    for line in missing:
        print(f"未达标：{line}", file=sys.stderr)
    return 1 if missing else 0


def _told(comparison: Comparison) -> str:
    return (
        f"与上次相比（{comparison.questions} 题）：变对 {len(comparison.better)}，"
        f"变错 {len(comparison.worse)}（p = {comparison.p_right:.3f}）；"
        f"char_f1 {comparison.f1:+.3f}（p = {comparison.p_f1:.3f}）"
    )


def _look_over(options: argparse.Namespace) -> int:
    """Say what is wrong with a set of our own form; with --place, put its quotes in place first.

    The set is taken whole: what is written again must lose no question.
    """
    folder = Path(options.set)
    questions = read_own(folder)
    youju = Youju(options.out / "library")
    try:
        keys = youju.add(questions.files)
        documents = {key: youju.document(name) for key, name in keys.items()}
    finally:
        youju.close()
    if options.place:
        questions = replace(
            questions, cases=tuple(placed(case, documents) for case in questions.cases)
        )
        for part in dict.fromkeys(case.part for case in questions.cases):
            cases = [case for case in questions.cases if case.part == part]
            write_part(folder / f"{part}.jsonl", cases)
    found = problems(questions, documents)
    print("\n".join(found) if found else f"{len(questions.cases)} 题，没有问题。")
    return 1 if found else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="youju eval", description="用一套题评测 Youju，打印结果，写出报告。"
    )
    parser.add_argument(
        "set", nargs="?", default=OWN, metavar="题集", help="题集的文件夹或文件（默认自带的题集）"
    )
    parser.add_argument("--form", choices=adapters.FORMS, help="公开题集的格式（默认自动识别）")
    parser.add_argument("--open", action="store_true", help="不给出段落，在整个资料库里找")
    parser.add_argument("--haystack", type=Path, metavar="FILE", help="陪衬文档，JSON 行")
    parser.add_argument("--hay", type=int, default=0, metavar="N", help="只用前 N 篇陪衬文档")
    parser.add_argument(
        "--baselines",
        default="",
        metavar="NAMES",
        help=f"对照方法：all，或 {','.join(baselines.NAMES)}",
    )
    parser.add_argument("--part", help="只问这一部分")
    parser.add_argument("--kind", help="只问这一类")
    parser.add_argument("--limit", type=int, default=0, metavar="N", help="只问 N 题，均匀抽取")
    parser.add_argument(
        "--out", type=Path, default=Path("var/eval"), metavar="DIR", help="写到哪里"
    )
    parser.add_argument("--resume", action="store_true", help="接着上次中断的地方做")
    parser.add_argument("--compare", type=Path, metavar="JSON", help="与上次的 report.json 相比")
    parser.add_argument("--gate", type=Path, metavar="TOML", help="不达标就以 1 退出")
    parser.add_argument("--lint", action="store_true", help="只检查题集")
    parser.add_argument("--place", action="store_true", help="按引文填好字符位置，再检查题集")
    return parser


if __name__ == "__main__":
    sys.exit(main())
