"""What goes into the API and what comes out, as its OpenAPI document tells it.

What comes out is what the values of `qa` and `index` say of themselves; here is only its form.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from qa.feedback import Rating, Reason
from qa.types import Mode, Turn

# Far beyond what is answered (Settings.max_question): that is refused in words, this as a mistake.
_LONGEST = 10_000
_Text = Annotated[str, Field(max_length=_LONGEST)]
# No document has as many characters, and SQLite still has such a number.
LARGEST = 2**31
_Id = Annotated[str, Field(min_length=1, max_length=100)]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TurnIn(_In):
    """One question of a conversation and the answer to it."""

    question: _Text
    answer: _Text = ""

    def as_turn(self) -> Turn:
        return Turn(self.question, self.answer)


class Question(_In):
    """A question, the conversation before it, and the ids of the documents to answer from."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"question": "甲区工业投资增长多少"}]}
    )

    question: _Text
    history: Annotated[list[TurnIn], Field(max_length=20)] = []
    documents: Annotated[list[_Id], Field(min_length=1, max_length=1000)] | None = None

    @property
    def turns(self) -> tuple[Turn, ...]:
        return tuple(turn.as_turn() for turn in self.history)


class SiteId(_In):
    """The public id of a site, which stands in its pages."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"site": "3f9c2a7be1d04586"}]}
    )

    site: _Id


class Place(_In):
    """The characters `[start, end)` of a document, and how many around them are wanted."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"start": 5, "end": 33, "around": 160}]}
    )

    start: Annotated[int, Field(ge=0, le=LARGEST)]
    end: Annotated[int, Field(ge=0, le=LARGEST)]
    around: Annotated[int, Field(ge=0, le=2000)] = 160


class CitationOut(BaseModel):
    """The characters `[start, end)` of a document's text that a claim rests on, and where they are."""

    marker: int
    document_id: str
    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=0)]
    quote: str
    title: str
    source: str
    publication: str
    date: str
    page: str
    section: str


class VariantOut(BaseModel):
    """Another value of the same thing, of another document."""

    short: str
    citation: CitationOut


class SentenceOut(BaseModel):
    """A sentence that a model worded; `verified`: its own words, checked against what they cite."""

    text: str
    markers: list[int]
    verified: bool


class AnswerOut(BaseModel):
    """The answer to one question. `confidence` says how likely it is right.

    `likely`: the first of `nearest` is the one sentence that may answer a question that was refused.
    """

    question: str
    answer: str
    short: str
    mode: Mode
    confidence: float
    citations: list[CitationOut]
    nearest: list[CitationOut]
    likely: bool
    missing: list[str]
    variants: list[VariantOut]
    sentences: list[SentenceOut]
    note: str
    tokens: int
    timings_ms: dict[str, float]


class Said(_In):
    """What a person says of an answer: `answer` is the whole of it, as it was given."""

    question: Annotated[str, Field(max_length=2000)]
    answer: AnswerOut
    rating: Rating
    reason: Reason = ""
    remark: Annotated[str, Field(max_length=2000)] = ""
    correction: Annotated[str, Field(max_length=2000)] = ""
    history: Annotated[list[TurnIn], Field(max_length=20)] = []


class _About(BaseModel):
    """What is told of a document wherever it stands."""

    id: str
    source: str
    title: str
    date: str
    page: str
    publication: str
    characters: int


class EntryOut(_About):
    """One line of the list of documents; `paths` are told to the administrator alone."""

    chunks: int
    added: str
    paths: list[str]


class EntriesOut(BaseModel):
    """Some of the documents, and how many there are that fit."""

    documents: list[EntryOut]
    total: int


class SectionOut(BaseModel):
    """A heading and the characters it governs."""

    heading: str
    start: int
    end: int


class DocumentOut(_About):
    """A document with its text, or with the characters `[start, end)` of it."""

    sections: list[SectionOut]
    start: int
    end: int
    text: str


class PassageOut(BaseModel):
    """The characters `[start, end)` of a document, with what stands before and after them."""

    start: int
    end: int
    before: str
    text: str
    after: str


class AddedOut(BaseModel):
    """What became of one file."""

    source: str
    status: Literal["added", "unchanged", "replaced", "failed"]
    id: str | None = None
    message: str | None = None


class RemovedOut(BaseModel):
    """A document that was removed."""

    id: str
    source: str
    title: str


class LooksOut(BaseModel):
    """How a site wants the widget to look; "" is as the widget does of itself."""

    theme: str
    accent: str
    label: str


class TokenOut(BaseModel):
    """A token for the pages of one origin, for how many seconds it holds, and the site's looks."""

    token: str
    expires_in: int
    looks: LooksOut


class StatusOut(BaseModel):
    status: str


class ReadyOut(StatusOut):
    """`search`: by the vector index, or exactly, which is slower, while it is being built."""

    documents: int
    search: Literal["index", "exact"]


class ProblemOut(BaseModel):
    """An error (RFC 9457); `detail` is for the user, `errors` name fields and what is wrong there.

    `request_id` is what the server's log knows the request by.
    """

    type: str
    title: str
    status: int
    detail: str
    request_id: str = ""
    errors: list[dict[str, str]] = []


Responses = dict[int | str, dict[str, Any]]

PROBLEMS: Responses = {
    "default": {
        "description": "错误（RFC 9457）",
        "content": {
            "application/problem+json": {
                "schema": ProblemOut.model_json_schema(),
                "example": {
                    "type": "about:blank",
                    "title": "没有找到",
                    "status": 404,
                    "detail": "没有这个文档。",
                },
            }
        },
    }
}


def example(told: object, *, media_type: str = "application/json") -> Responses:
    """How an operation's OpenAPI shows what it answers."""
    return {200: {"description": "成功", "content": {media_type: {"example": told}}}}
