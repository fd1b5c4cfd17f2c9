"""The shipped reading network: it finds answers, never reads by its neighbours, loads safely."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from index.errors import ModelError
from index.pairs import Pair
from index.reading import SHIPPED, ReadingModel, read_logits
from index.types import Span
from tests.conftest import ROOT

_PASSAGE = (
    "甲区上半年完成工业投资12.5亿元，同比增长8.1%。常务副区长周敏介绍，全区有高新技术企业310家。"
    "项目签约仪式定于2024年10月18日在会展中心举行。"
)


_IMPOSSIBLE = {"figure": 1.0, "formed": 0.5, "open": 0.5}


@pytest.fixture(scope="session")
def model() -> ReadingModel:
    return ReadingModel()


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("甲区上半年工业投资多少？", "12.5亿元"),
        ("全区有多少家高新技术企业？", "310家"),
        ("签约仪式在什么地方举行？", "会展中心"),
    ],
)
def test_the_answer_is_among_the_likeliest(model: ReadingModel, question: str, answer: str) -> None:
    read = model.read(question, [("甲区简报", _PASSAGE)])[0]
    assert any(answer in found.span.of(_PASSAGE) for found in read.best(3))


def test_a_passage_that_answers_scores_higher_than_one_that_does_not(model: ReadingModel) -> None:
    other = "图书馆周一闭馆，周二至周日九时开放，读者凭借书证入馆。"
    right, wrong = model.read("甲区工业投资增长多少", [("", _PASSAGE), ("", other)])
    assert right.answerable > wrong.answerable
    assert right.relevant > wrong.relevant


def test_a_reading_never_depends_on_what_is_read_beside_it(model: ReadingModel) -> None:
    alone = model.read("周敏是什么职务", [("", _PASSAGE)])[0]
    beside = model.read("周敏是什么职务", [("年报", _PASSAGE * 3), ("", _PASSAGE)])[1]
    assert alone.best(5) == beside.best(5)
    assert alone.answerable == beside.answerable


@pytest.mark.parametrize("text", ["", " ", "？", "\x00", "𠀀" * 3000, "a" * 5000])
def test_any_text_can_be_read(model: ReadingModel, text: str) -> None:
    for read in model.read(text, [("", text), (text, _PASSAGE)]):
        assert np.isfinite(read.answerable)
        assert all(found.score <= 0 for found in read.best(3))


def test_scores_are_log_probabilities_over_the_passage_and_nothing() -> None:
    row = Pair((0, 9, 2, 2, 7, 8, 2), (0, 0, 0, 1, 1, 1, 1), 4, ((0, 1), (1, 3)))
    logits = np.array([1.0, 50.0, 50.0, 50.0, 2.0, 3.0, 50.0], dtype=np.float32)
    read = read_logits(row, logits, logits, np.array([0.5, -0.5], dtype=np.float32))
    total = np.exp([1.0, 2.0, 3.0]).sum()
    assert read.nothing == pytest.approx(2 * (1.0 - np.log(total)), abs=1e-5)
    best = read.best(3)
    assert best[0].span == Span(1, 3)
    assert best[0].score == pytest.approx(2 * (3.0 - np.log(total)), abs=1e-5)
    assert read.score_of(Span(1, 2)) == best[0].score
    assert read.score_of(Span(5, 9)) == read.nothing


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_changed_file_is_refused(name: str, tmp_path: Path) -> None:
    shutil.copytree(SHIPPED, tmp_path / "model")
    with (tmp_path / "model" / name).open("r+b") as file:
        file.seek(1000)
        file.write(b"!")
    with pytest.raises(ModelError, match=r"not the file the model was made with.*restore"):
        ReadingModel(tmp_path / "model")


@pytest.mark.parametrize(
    "change",
    [
        {"thresholds": {}},
        {"thresholds": {"figure": 1.0, "formed": 0.5, "open": 0.5}},
        {"sha256": {}},
        {"x": 1},
    ],
)
def test_an_unusable_config_is_refused(change: dict[str, object], tmp_path: Path) -> None:
    config = json.loads((SHIPPED / "config.json").read_bytes())
    (tmp_path / "config.json").write_text(json.dumps({**config, **change}), encoding="utf-8")
    with pytest.raises(ModelError, match=r"config\.json"):
        ReadingModel(tmp_path)


def test_reading_loads_neither_pytorch_nor_sentence_transformers() -> None:
    code = (
        "import sys; from index.reading import ReadingModel; import qa.read; "
        "ReadingModel().read('谁', [('', '周敏')]); "
        "print([m for m in ('torch', 'sentence_transformers', 'transformers') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
