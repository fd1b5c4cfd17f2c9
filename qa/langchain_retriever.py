"""A library as LangChain's retriever: what is retrieved here, for a chain of somebody else's.

Optional, as LangChain's core is: nothing else here imports this file (`pip install youju[langchain]`).
It gives passages and where they stand; whether they answer anything is not asked.
"""

from collections.abc import Collection
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as Passage
from langchain_core.retrievers import BaseRetriever

from index.types import Hit
from qa.assistant import Source


class LibraryRetriever(BaseRetriever):  # type: ignore[misc]
    """The k best chunks for a query, as LangChain's documents.

    Of each, `page_content` is `text[start:end]` of the document that `metadata` names, with its
    title, source, date and page, and the score, of which more is better. `within` are the ids of
    the documents to search; None is all.
    """

    source: Any
    k: int = 5
    within: Collection[str] | None = None

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Passage]:
        source: Source = self.source
        return [_passage(source, hit) for hit in source.retrieve(query, self.k, self.within)]


def _passage(source: Source, hit: Hit) -> Passage:
    chunk = hit.chunk
    document = source.document(chunk.document_id)
    return Passage(
        id=chunk.id,
        page_content=chunk.text,
        metadata={
            "document_id": document.id,
            "title": document.title,
            "source": document.source,
            "date": document.date,
            "page": document.page_at(chunk.span.start),
            "start": chunk.span.start,
            "end": chunk.span.end,
            "score": hit.score,
        },
    )
