"""Outcomes summed up, compared with an earlier run, and held against a gate."""

from dataclasses import replace
from pathlib import Path

import pytest

from eval.cases import SetError
from eval.compare import compare, missed
from eval.judge import Outcome
from eval.summary import MEASURES, by_system, counts, summarise

_ANSWERED = Outcome(
    system="youju", id="1", part="basic", kind="figure", question="多少", history=(),
    answerable=True, answers=("3亿元",), gold=("投资3亿元。",), short="3亿元", cited=("投资3亿元。",),
    refused=False, confidence=0.9, right=True, lost="", ranks=(1,),
    measures={"recall_at_1": 1.0, "char_f1": 1.0, "citation_exact": 1.0, "ungrounded_figures": 0.0},
    timings_ms={"total": 10.0},
)  # fmt: skip
_WRONG = replace(
    _ANSWERED, id="2", short="4亿元", right=False, lost="misread", confidence=0.4,
    measures={"recall_at_1": 0.0, "char_f1": 0.5, "citation_exact": 1.0, "ungrounded_figures": 1.0},
    timings_ms={"total": 30.0},
)  # fmt: skip
_REFUSED = replace(
    _ANSWERED, id="3", short="", refused=True, right=False, lost="wrongly_refused", confidence=0.2,
    measures={"recall_at_1": 1.0, "char_f1": 0.0}, timings_ms={"total": 20.0},
)  # fmt: skip
_RIGHTLY_REFUSED = replace(
    _ANSWERED, id="4", part="wider", kind="refuse_year", short="", answerable=False, refused=True,
    confidence=0.1, answers=(), gold=(), cited=(), ranks=(), measures={},
)  # fmt: skip
_INVENTED = replace(
    _RIGHTLY_REFUSED, id="5", short="9%", refused=False, right=False, lost="should_have_refused",
    confidence=0.8, measures={"citation_exact": 0.0},
)  # fmt: skip
_ALL = [_ANSWERED, _WRONG, _REFUSED, _RIGHTLY_REFUSED, _INVENTED]


def test_counts_tell_what_became_of_the_questions() -> None:
    assert counts(_ALL) == {
        "all": 5, "right": 2, "not_retrieved": 0, "outranked": 0, "misread": 1, "wrongly_refused": 1,
        "should_have_refused": 1, "wrong": 1, "refused": 1, "ungrounded_figures": 1,
        "inexact_citations": 1,
    }  # fmt: skip


def test_a_summary_takes_each_measure_over_the_questions_that_have_it() -> None:
    found = summarise(_ALL)
    told = {name: (mean.mean, mean.n) for name, mean in found.measures.items()}
    assert told["accuracy"] == (2 / 5, 5)
    assert told["answered_rightly"] == (1 / 3, 3)
    assert told["char_f1"] == ((1 + 0.5 + 0) / 3, 3)
    assert told["refusal_precision"] == (1 / 2, 2)
    assert told["refusal_recall"] == (1 / 2, 2)
    assert told["wrongly_refused"] == (1 / 3, 3)
    assert "figure_accuracy" not in told
    assert list(told) == [name for name in MEASURES if name in told]
    # Answerable 0.9, 0.4, 0.2 over others 0.1, 0.8: four of six pairs.
    assert found.auroc == pytest.approx(4 / 6)
    assert found.curve is not None
    assert found.curve[-1] == pytest.approx(4 / 5)
    assert (found.latency["total"].p50, found.kinds["refuse_year"].mean) == (10, 1 / 2)
    assert found.parts["wider"]["all"] == 2


def test_without_unanswerable_questions_there_is_nothing_to_tell_apart() -> None:
    assert summarise([_ANSWERED, _WRONG]).auroc is None
    found = summarise([replace(_ANSWERED, right=None)])
    assert (found.curve, found.risk_area) == (None, None)
    assert not {"accuracy", "wrongly_refused"} & set(found.measures)


def test_systems_are_told_apart() -> None:
    other = replace(_ANSWERED, system="bm25")
    assert by_system([_ANSWERED, other, _WRONG]) == {"youju": [_ANSWERED, _WRONG], "bm25": [other]}


def test_a_comparison_is_of_the_questions_of_both_runs() -> None:
    mended = replace(_WRONG, short="3亿元", right=True, lost="", measures={"char_f1": 1.0})
    broken = replace(_ANSWERED, short="", refused=True, right=False, measures={"char_f1": 0.0})
    reworded = replace(_INVENTED, short="8%")
    new = replace(_ANSWERED, id="6")
    found = compare(_ALL, [broken, mended, _REFUSED, reworded, new])
    assert found.questions == 4
    assert [change.after for change in found.better] == [mended]
    assert [change.before for change in found.worse] == [_ANSWERED]
    assert [change.after for change in found.other] == [reworded]
    assert found.p_right == 1
    assert found.f1 == pytest.approx((0.5 - 1 + 0) / 3)


def _gate(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "gate.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_gate_tells_what_is_not_reached(tmp_path: Path) -> None:
    gate = _gate(
        tmp_path,
        "[basic]\nwrong = { most = 1 }\nright = { least = 2 }\n"
        "[all]\nungrounded_figures = { most = 0 }\nchar_f1 = { least = 0.5, most = 0.6 }\n",
    )
    assert missed(gate, _ALL) == [
        "[basic] right = 1，不得低于 2",
        "[all] ungrounded_figures = 1，不得高于 0",
    ]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[all]\ncolour = { most = 1 }\n", "colour.*recall_at_1"),
        ("[all]\nwrong = 1\n", "least"),
        ("[all]\nwrong = { max = 1 }\n", "least"),
        ("wrong = 1\n", "least"),
        ("[none]\nwrong = { most = 1 }\n", r"\[none\]"),
        ("[all\n", "读不了"),
    ],
)
def test_a_gate_that_says_nothing_sensible_is_refused(
    tmp_path: Path, text: str, named: str
) -> None:
    with pytest.raises(SetError, match=named):
        missed(_gate(tmp_path, text), _ALL)
