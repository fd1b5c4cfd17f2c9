"""How growth is measured: filling that can be taken up again, what is timed, and how it is told."""

import json
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from eval import scale
from eval.cases import SetError
from eval.scale import Library, Rebuilt, Served, Size
from tests.conftest import HashEmbedder


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Twelve documents as JSON lines, and one as a file."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    lines = [
        {"id": f"{n}", "title": f"{n}号区年报", "text": f"2023年，甲区完成工业投资{n}.5亿元。"}
        for n in range(12)
    ]
    (folder / "years.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    (folder / "notice.txt").write_text("食堂通知\n周三供应面条。\n", encoding="utf-8")
    return folder


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    """One whose model is small."""
    monkeypatch.setattr(scale, "load_embedder", HashEmbedder)
    return Library(tmp_path / "out", "random")


def test_filling_stops_at_a_size_and_is_taken_up_where_it_stopped(
    corpus: Path, library: Library
) -> None:
    for chunks in (5, 5, 9, 1000):
        library.fill(scale.files_of(corpus), chunks)
        assert library.filled().chunks == min(chunks, 13)
    assert library.filled().documents == 13
    assert library.filled().seconds > 0


@pytest.mark.soak
def test_what_is_timed_is_the_library_that_was_filled(corpus: Path, library: Library) -> None:
    library.fill(scale.files_of(corpus), 1000)
    desk = library.opened()
    asked = scale.questions_for(desk)
    desk.close()
    assert asked == ["2023年工业投资是多少"] * 12
    for timed in (scale.rebuild(library, asked), scale.serve(library, asked)):
        assert min(getattr(timed, field.name) for field in fields(timed)) > 0
    desk = library.opened()
    assert len(desk.entries()) == 13
    assert desk.archive.vectors_ready
    desk.close()


def test_random_vectors_are_of_length_one_and_the_same_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(scale, "load_embedder", HashEmbedder)
    vectors = scale.RandomVectors().embed_passages(["甲", "乙", "甲"])
    assert vectors.shape == (3, 64)
    assert (vectors @ vectors.T).diagonal() == pytest.approx([1, 1, 1])
    assert (vectors[0] == vectors[2]).all()
    assert abs(float(vectors[0] @ vectors[1])) < 0.6


def test_an_empty_corpus_says_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(SetError, match="--corpus"):
        list(scale.files_of(tmp_path / "nothing"))


def _sizes() -> Sequence[Size]:
    served = Served(*range(1, 1 + len(fields(Served))))
    rebuilt = Rebuilt(*range(1, 1 + len(fields(Rebuilt))))
    one = Size(1000, 240, 1003, "random", 12.0, 9.0, served, rebuilt)
    return one, replace(one, asked_for=10_000, chunks=10_001, index_seconds=150.0)


def test_what_grows_is_drawn_and_told() -> None:
    sizes = _sizes()
    for drawing in scale.drawings(sizes).values():
        root = ElementTree.fromstring(drawing)
        lines = [e for e in root.iter() if e.get("class", "").startswith("curve")]
        assert [len(line.get("points", "").split()) for line in lines] == [2, 2]
    assert "1,003 段，240 篇（随机向量" in scale.told(sizes[0])


@pytest.mark.soak
def test_two_sizes_are_measured_and_not_again(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    given = ["--corpus", str(corpus), "--chunks", "5,12", "--out", str(out)]
    for _ in range(2):
        assert scale.main(given) == 0
        assert len((out / "sizes.jsonl").read_text("utf-8").splitlines()) == 2
        assert "12 段" in capsys.readouterr().out
    assert scale.main([*given, "--vectors", "random"]) == 1
