"""The pairs that a checker of sentences is measured by are well made, and counted rightly."""

import json
import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, product
from pathlib import Path
from types import ModuleType

import pytest

from eval.cases import SetError
from eval.verify import (
    COUNTED,
    FOLDER,
    HALVES,
    OF_FIGURES,
    RIGHT,
    WRONG,
    Pair,
    judge,
    main,
    measures,
)
from eval.verify import read_pairs as read
from qa.figures import Amount, amount, figures, fold
from qa.verify import verify
from tests.conftest import ROOT


@dataclass(frozen=True)
class _Said:
    supported: bool
    reasons: tuple[str, ...] = ()


_ALL = {half: read(FOLDER / f"{half}.jsonl") for half in HALVES}
_TRUTH = {
    (pair.sentence, pair.evidence, pair.date): pair.supported
    for pairs in _ALL.values()
    for pair in pairs
}


def _oracle(sentence: str, evidence: str | Sequence[str], *, date: str = "") -> _Said:
    given = evidence if isinstance(evidence, str) else tuple(evidence)
    return _Said(_TRUTH[sentence, given, date])


def _credulous(sentence: str, evidence: str | Sequence[str], *, date: str = "") -> _Said:
    return _Said(True)


def _evidence(pair: Pair) -> str:
    return pair.evidence if isinstance(pair.evidence, str) else "\n".join(pair.evidence)


def _amounts(text: str) -> set[Amount]:
    return {amount(text, figure) for figure in figures(text)}


def _plain(text: str) -> str:
    return re.sub(r"[\W_]", "", fold(text))


@pytest.mark.parametrize("half", HALVES)
def test_every_kind_is_filled_and_about_half_is_supported(half: str) -> None:
    pairs = _ALL[half]
    kinds = Counter(pair.why for pair in pairs)
    assert set(kinds) == {*RIGHT, *WRONG}
    assert [kind for kind, count in kinds.items() if count < 5] == []
    assert len(pairs) >= 170
    assert 0.4 <= sum(pair.supported for pair in pairs) / len(pairs) <= 0.6


@pytest.mark.parametrize("half", HALVES)
def test_a_kind_is_of_right_sentences_or_of_wrong_ones(half: str) -> None:
    assert [p.id for p in _ALL[half] if p.supported != (p.why in RIGHT)] == []
    assert set(RIGHT).isdisjoint(WRONG)
    assert set(OF_FIGURES) < set(WRONG)


@pytest.mark.parametrize("half", HALVES)
def test_a_pair_has_an_id_of_its_own_a_sentence_and_evidence(half: str) -> None:
    pairs = _ALL[half]
    assert [p.id for p in pairs] == [f"{half[0]}{n:03}" for n in range(1, len(pairs) + 1)]
    assert [p.id for p in pairs if not p.sentence.endswith("。") or not _plain(_evidence(p))] == []
    assert [p.id for p in pairs if p.date and not re.fullmatch(r"20\d\d-\d\d-\d\d", p.date)] == []


@pytest.mark.parametrize("half", HALVES)
def test_what_is_told_by_the_date_of_the_document_has_one(half: str) -> None:
    told = re.compile("(?:今|去|明|前)年(?!度|均)")
    undated = [p.id for p in _ALL[half] if told.search(p.sentence) and not p.date]
    assert undated == []
    assert [p.id for p in _ALL[half] if p.why == "resolved" and not p.date] == []


@pytest.mark.parametrize("half", HALVES)
def test_what_is_the_same_stands_in_its_evidence_and_what_is_wrong_does_not(half: str) -> None:
    stands = {p.id: _plain(p.sentence) in _plain(_evidence(p)) for p in _ALL[half]}
    assert [p.id for p in _ALL[half] if p.why == "same" and not stands[p.id]] == []
    assert [p.id for p in _ALL[half] if not p.supported and stands[p.id]] == []


@pytest.mark.parametrize("half", HALVES)
def test_most_wrong_sentences_tell_no_figure_that_is_foreign_to_their_evidence(half: str) -> None:
    wrong = [pair for pair in _ALL[half] if not pair.supported]
    foreign = [p.id for p in wrong if _amounts(p.sentence) - _amounts(_evidence(p))]
    assert len(foreign) < len(wrong) / 3


def test_no_pair_stands_twice_and_the_halves_share_nothing() -> None:
    pairs = [pair for half in _ALL.values() for pair in half]
    assert len(pairs) >= 300
    asked = Counter((_plain(p.sentence), _plain(_evidence(p))) for p in pairs)
    assert [key for key, times in asked.items() if times > 1] == []
    for one, other in combinations(HALVES, 2):
        assert {_plain(p.sentence) for p in _ALL[one]}.isdisjoint(
            _plain(p.sentence) for p in _ALL[other]
        )


@pytest.mark.parametrize(("one", "other"), list(combinations(HALVES, 2)))
def test_the_halves_have_no_long_run_of_characters_in_common(one: str, other: str) -> None:
    assert _runs(one) & _runs(other) == set()


def _runs(half: str, length: int = 12) -> set[str]:
    return {
        text[at : at + length]
        for pair in _ALL[half]
        for text in (_plain(pair.sentence), _plain(_evidence(pair)))
        for at in range(len(text) - length + 1)
    }


def test_the_documentation_counts_them_rightly() -> None:
    readme = (ROOT / "eval" / "README.md").read_text(encoding="utf-8")
    for half, pairs in _ALL.items():
        supported = sum(pair.supported for pair in pairs)
        assert f"| `{half}.jsonl` | {len(pairs)} | {supported} |" in readme
    assert [kind for kind in (*RIGHT, *WRONG) if f"`{kind}`" not in readme] == []


def test_the_checker_does_as_well_as_the_documentation_says() -> None:
    readme = (ROOT / "eval" / "README.md").read_text(encoding="utf-8")
    rows = {
        "wrong_caught_of_figures": "wrong sentences with figures caught",
        "wrong_caught": "all wrong sentences caught",
        "right_rejected": "right sentences rejected",
    }
    found = [measures(judge(_ALL[half], verify)) for half in HALVES]
    for measure, row in rows.items():
        told = " | ".join(f"{some} of {of} ({some / of:.2f})" for some, of in (
            one[measure] for one in found
        ))  # fmt: skip
        assert f"| {row} | {told} |" in readme


def test_who_knows_the_truth_gets_every_measure_right_and_who_believes_all_catches_none() -> None:
    pairs = _ALL["built"]
    right, wrong = (sum(p.supported == given for p in pairs) for given in (True, False))
    of_figures = sum(p.why in OF_FIGURES for p in pairs)
    assert measures(judge(pairs, _oracle)) == {
        "wrong_caught": (wrong, wrong),
        "wrong_caught_of_figures": (of_figures, of_figures),
        "right_rejected": (0, right),
        "precision": (right, right),
        "recall": (right, right),
    }
    assert measures(judge(pairs, _credulous)) == {
        "wrong_caught": (0, wrong),
        "wrong_caught_of_figures": (0, of_figures),
        "right_rejected": (0, right),
        "precision": (right, right + wrong),
        "recall": (right, right),
    }


@pytest.fixture
def checker(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A checker that believes all, in the place of the real one."""
    module = ModuleType("qa.verify")
    module.verify = _credulous  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "qa.verify", module)
    return module


@pytest.mark.usefixtures("checker")
def test_the_table_has_a_row_for_every_kind_and_a_column_for_each_half(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([]) == 0
    rows = {line[:24].strip(): line[24:].split() for line in capsys.readouterr().out.splitlines()}
    for kind, (column, half) in product((*RIGHT, *WRONG), enumerate(HALVES)):
        of = sum(pair.why == kind for pair in _ALL[half])
        assert rows[kind][4 * column : 4 * column + 3] == [str(of * (kind in RIGHT)), "of", str(of)]
    assert rows["wrong_caught"][3] == "0.00"


@pytest.mark.usefixtures("checker")
def test_failures_are_told_of_the_built_half(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--failures", "built"]) == 0
    told = capsys.readouterr().out
    assert [p.id for p in _ALL["built"] if (f"{p.id} {p.why}" in told) == p.supported] == []


@pytest.mark.parametrize("half", COUNTED)
def test_failures_of_what_is_only_counted_are_refused(
    half: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["--failures", half])
    said = capsys.readouterr()
    assert refused.value.code == 2
    assert f"{half} 只用来计数" in said.err
    assert "--failures built" in said.err
    assert [p.id for p in _ALL[half] if p.sentence in said.out + said.err] == []


def test_without_a_checker_it_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "qa.verify", None)
    assert main([]) == 1
    assert "qa/verify.py" in capsys.readouterr().err


def test_a_malformed_pair_is_named(tmp_path: Path) -> None:
    path = tmp_path / "some.jsonl"
    row = {"id": "x", "sentence": "甲。", "evidence": ["甲。"], "supported": True, "why": "same"}
    path.write_text(json.dumps(row) + "\n" + json.dumps(row | {"supported": "maybe"}), "utf-8")
    with pytest.raises(SetError, match="第 2 行，supported"):
        read(path)
