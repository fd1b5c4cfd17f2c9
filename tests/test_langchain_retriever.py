"""The library in a chain of LangChain's own parts."""

import pytest
from langchain_core.documents import Document as Passage
from langchain_core.language_models import FakeListChatModel
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnablePassthrough

from index.archive import Archive
from qa.langchain_retriever import LibraryRetriever

_REPORT = "甲区年报\n2024年，甲区完成工业投资12.5亿元，同比增长8.1%。\n"
_OTHER = "乙区年报\n2024年，乙区举办龙舟赛三场。\n"


@pytest.fixture
def filled(archive: Archive) -> Archive:
    archive.add("/甲.txt", "甲.txt", _REPORT.encode())
    archive.add("/乙.txt", "乙.txt", _OTHER.encode())
    return archive


def test_it_gives_what_the_library_retrieves_and_where_that_stands(filled: Archive) -> None:
    query = "甲区工业投资"
    found = LibraryRetriever(source=filled, k=2).invoke(query)
    hits = filled.retrieve(query, 2)
    assert [passage.page_content for passage in found] == [hit.chunk.text for hit in hits]
    for passage, hit in zip(found, hits, strict=True):
        told = passage.metadata
        document = filled.document(told["document_id"])
        assert passage.page_content == document.text[told["start"] : told["end"]]
        assert (told["title"], told["source"], told["score"]) == (
            document.title,
            document.source,
            hit.score,
        )
    scores = [passage.metadata["score"] for passage in found]
    assert scores == sorted(scores, reverse=True)


def test_it_searches_chosen_documents_alone(filled: Archive) -> None:
    [other] = [entry.id for entry in filled.entries() if entry.source == "乙.txt"]
    found = LibraryRetriever(source=filled, within=[other]).invoke("甲区工业投资")
    assert {passage.metadata["document_id"] for passage in found} == {other}


def test_it_stands_in_a_chain(filled: Archive) -> None:
    seen: list[str] = []

    def told(passages: list[Passage]) -> str:
        seen.extend(passage.page_content for passage in passages)
        return "\n".join(passage.page_content for passage in passages)

    prompt = ChatPromptTemplate.from_template("原文：{context}\n问题：{question}")
    chain = (
        {"context": LibraryRetriever(source=filled) | told, "question": RunnablePassthrough()}
        | prompt
        | FakeListChatModel(responses=["12.5亿元"])
        | StrOutputParser()
    )
    assert chain.invoke("甲区工业投资是多少") == "12.5亿元"
    assert any("12.5亿元" in text for text in seen)
