"""Examples to learn from: answers stand where they say, near misses hold none."""

from collections import Counter

import pytest

from index.types import Span
from train.examples import Example, ExampleMaker
from train.questions import GoldQuestion

_ABOUT = (
    "{n}图书馆位于{n}中心广场北侧。{y}年，{n}图书馆由建筑师{a}设计建成，耗资{m}万元。"
    "馆内藏书{b}万册，设有儿童阅览室和古籍室。{n}图书馆每周一闭馆整理。"
    "馆长{c}介绍，今年还将新增自习座位。读者可以凭身份证办理借书证。"
)


def _questions() -> list[GoldQuestion]:
    found = []
    for place in range(40):
        name = f"{'东南西北中'[place % 5]}{'山河湖海川林原'[place % 7]}{place}号市"
        words = {
            "n": name, "y": 1950 + place, "a": f"王{place}", "m": 300 + place, "b": 40 + place, "c": f"李{place}",
        }  # fmt: skip
        context = _ABOUT.format(**words)
        for number, (question, answer) in enumerate(
            (
                (f"{name}图书馆是谁设计的？", f"王{place}"),
                (f"{1950 + place}年建成的{name}图书馆耗资多少？", f"{300 + place}万元"),
                (f"{name}图书馆有多少藏书？", f"{40 + place}万册"),
            )
        ):
            at = context.index(answer)
            spans = (Span(at, at + len(answer)),)
            found.append(
                GoldQuestion(
                    f"{place}-{number}", f"c{place}", f"{name}图书馆", context, question, spans
                )
            )
    return found


@pytest.fixture(scope="module")
def made() -> list[Example]:
    maker = ExampleMaker(_questions())
    return [example for seed in range(4) for example in maker.epoch(seed)]


def test_the_same_seed_gives_the_same_examples() -> None:
    one, other = ExampleMaker(_questions()), ExampleMaker(_questions())
    assert one.epoch(3) == other.epoch(3)
    assert one.epoch(3) != one.epoch(4)


def test_every_question_is_there_with_its_answer(made: list[Example]) -> None:
    answers = {question.question: question.texts[0] for question in _questions()}
    seen: Counter[str] = Counter()
    for example in made:
        if example.answer is not None:
            assert example.answer.of(example.passage) == answers[example.question]
            seen[example.question] += 1
    assert set(seen.values()) == {4}
    assert len(seen) == len(answers)


def test_every_kind_of_near_miss_is_there(made: list[Example]) -> None:
    kinds = Counter(example.kind for example in made)
    assert {"elsewhere", "ranked", "cut", "exchanged", "stranger"} <= set(kinds)
    assert all((example.answer is None) == (example.kind != "answerable") for example in made)


def test_a_near_miss_does_not_hold_the_answer(made: list[Example]) -> None:
    answers = {question.question: question.texts[0] for question in _questions()}
    for example in made:
        if example.kind in {"elsewhere", "ranked", "cut", "stranger"}:
            assert answers[example.question] not in example.passage


def test_an_exchanged_question_is_another_and_its_word_is_not_stated(made: list[Example]) -> None:
    asked = {(question.question, question.context) for question in _questions()}
    exchanged = [example for example in made if example.kind == "exchanged"]
    for example in exchanged:
        assert not any(
            example.question == question and example.passage in context
            for question, context in asked
        )
    assert all(example.relevant for example in exchanged)
    years = [example for example in exchanged if "年建成" in example.question]
    assert years


def test_windows_are_whole_sentences(made: list[Example]) -> None:
    assert all(example.passage[-1] in "。" for example in made if example.kind == "answerable")
