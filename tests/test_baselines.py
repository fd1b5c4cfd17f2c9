"""The pipelines to compare with: real ones, small documents; what they show is the document's own."""

from collections.abc import Callable

import pytest

from eval.baselines import NAMES, Bm25, Finder, LangChain, LlamaIndex, Pipeline, Txtai, named
from eval.cases import SetError
from index.types import Document
from tests.conftest import HashEmbedder

_TEXTS = {
    "a": "甲区年报\n\n2024年，甲区完成工业投资12.5亿元，同比增长8.1%。\n年末常住人口30.2万人。\n",
    "b": "食堂通知\n\n食堂周三供应面条，周四供应米饭。\n",
    "c": "  前后有空白的一行  \n" + "公园里有一棵很老的银杏树。\n" * 40,
}
_DOCUMENTS = [Document(name, f"{name}.txt", name, text) for name, text in _TEXTS.items()]


@pytest.fixture(params=NAMES)
def pipeline(request: pytest.FixtureRequest) -> Pipeline:
    finders: dict[str, Callable[[], Finder]] = {
        "langchain": lambda: LangChain(HashEmbedder()),
        "llamaindex": lambda: LlamaIndex(HashEmbedder()),
        "txtai": lambda: Txtai(HashEmbedder()),
        "bm25": Bm25,
    }
    made = Pipeline(request.param, finders[request.param]())
    made.add(_DOCUMENTS[:2])
    made.add(_DOCUMENTS[2:])
    return made


def test_the_right_document_comes_first_and_is_cited_exactly(pipeline: Pipeline) -> None:
    answer = pipeline.ask("甲区工业投资增长多少", (), None)
    assert answer.hits[0].chunk.document_id == "a"
    assert not answer.refused
    for hit in answer.hits:
        assert hit.chunk.text == hit.chunk.span.of(_TEXTS[hit.chunk.document_id])
        assert hit.chunk.text.strip()
    for citation in answer.citations:
        assert citation.quote == citation.span.of(_TEXTS[citation.document_id])
    scores = [hit.score for hit in answer.hits]
    assert scores == sorted(scores, reverse=True)
    assert answer.timings_ms["total"] > 0


def test_an_unknown_pipeline_is_named() -> None:
    assert named("") == ()
    assert named("all") == NAMES
    assert named("bm25,txtai") == ("bm25", "txtai")
    with pytest.raises(SetError, match=r"colour.*langchain"):
        named("colour")


def test_one_that_is_not_installed_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eval.baselines.find_spec", lambda package: None)
    with pytest.raises(SetError, match=r"bm25.*make baselines"):
        named("bm25")
