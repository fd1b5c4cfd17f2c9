"""The assistant: a question in, a cited answer or a reasoned refusal out.

What is served, asked on the command line and evaluated is this one class. It retrieves, lets the
reader read, and cites; it knows neither how documents are stored nor how an answer is shown.
"""

import itertools
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from typing import Protocol

from index.errors import UnknownDocument
from index.types import Document, Hit, Retriever, Span
from qa.calculate import FEWEST_NAMES, MOST_NAMES, Calculation, calculation, names_in
from qa.compose import compose
from qa.condense import MAX_TURNS
from qa.figures import Amount, amount, figures
from qa.follow import said_in_full
from qa.formula import (
    Operand,
    alone,
    borne_out,
    distinct,
    is_of_another_count,
    objection,
    operand,
    result,
    stated,
)
from qa.grounds import objections
from qa.model import Metered, Writer
from qa.parts import parts
from qa.spelling import respelled
from qa.spoken import Groups, in_their_words, in_writing
from qa.suggest import questions_of
from qa.types import Answer, Citation, Passage, Reader, Reading, Sentence, Step, Turn, Variant
from qa.verify import Score

# A second and third source are cited only if they say the same.
_MAX_CITATIONS = 3
_MAX_NEAREST = 3
# Other values of the same thing, by how much less sure they may be.
_MAX_VARIANTS, _AS_GOOD = 2, 0.08
# Of the questions that might be suggested, so many are tried.
_TRIED = 6

# What a terminal acts on, pasted with the text.
# How often a question is begun anew while documents come and go.
_ANEW = 2
_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Source(Retriever, Protocol):
    """What the assistant needs of an archive."""

    @property
    def notice(self) -> str:
        """What somebody who asks is to know of how all documents are searched now, or ""."""
        ...

    def document(self, document_id: str) -> Document: ...


class Assistant:
    """Answers questions from one archive with one reader. Any thread may ask."""

    def __init__(
        self,
        source: Source,
        reader: Reader,
        *,
        passages: int = 12,
        max_question: int = 500,
        writer: Writer | None = None,
        score: Score | None = None,
        lexicon: Groups = (),
    ) -> None:
        """`writer` words what was found; without one, answers are the documents' own words.

        `score` is a second opinion on what it words, see qa/verify.py. `lexicon` are groups of
        words for one thing, as the organisation says them, see qa/synonyms.py.
        """
        self._lexicon = lexicon
        self._source = source
        self._reader = reader
        self._writer = writer
        self._score = score
        self._passages = passages
        self._max_question = max_question

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        within: Collection[str] | None = None,
    ) -> Answer:
        """Answer from the documents, or refuse. Never raises for what a person may type.

        A question that leans on those of `history` is first said in full, and `Answer.question`
        shows it so; what was answered before is not looked at. A slip of the input method is mended by
        the words of what was found, and a spoken word by theirs, which `Answer.question` shows too.
        A question for several things is answered part by part, and refused where a part is. What no
        document states is calculated, where the question asks for a sum, difference, share or order of
        figures that they do state.

        `within` are the ids of the documents to answer from; None is all of them.
        """
        *_, answer = self.stream(question, history, within=within)
        assert isinstance(answer, Answer)
        return answer

    def stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        within: Collection[str] | None = None,
    ) -> Iterator[Step | Sentence | Answer]:
        """As `ask`: each step as it begins, and at last the answer. Who stops listening ends it.

        Between the last step and the answer come the sentences of a model as they are checked.
        """
        started = time.perf_counter()
        asked = clean_question(question)
        refusal = self._unfit(asked, started)
        if refusal:
            yield refusal
            return
        writer = Metered(self._writer) if self._writer else None
        full = self._in_full(asked, history, writer)
        pieces = parts(full)
        answers = list[Answer]()
        for piece in pieces:
            cited = [c for answer in answers for c in answer.citations]
            answers.append(
                (yield from _settled(partial(self._reply, piece, within, started, cited)))
            )
            started = time.perf_counter()
        meant = [answer.question for answer in answers]
        shown = full if meant == list(pieces) else "；".join(meant)
        found = _merged(shown, answers) if len(pieces) > 1 else answers[0]
        if within is None:
            found = replace(found, note=self._source.notice)
        if writer:
            found = replace(found, tokens=writer.tokens)
        if self._writer is None or found.mode != "extract":
            yield found
        else:
            yield Step("write", full)
            yield from _worded(self._writer, found, self._score)

    def suggest(
        self, answer: Answer, *, most: int = 3, within: Collection[str] | None = None
    ) -> Iterator[str]:
        """Questions near to an answer or a refusal, each tried: the documents do answer them.

        Each costs what a question costs; who stops listening ends it.
        """
        tried = itertools.islice(self._near(answer), _TRIED)
        answered = (q for q in tried if self._answers_anew(q, answer, within))
        return itertools.islice(answered, most)

    def _near(self, answer: Answer) -> Iterator[str]:
        """Questions in the words of the passages that were found for an answer, best first."""
        cited = {citation.document_id for citation in answer.citations}
        hits = [hit for hit in answer.hits if not cited or hit.chunk.document_id in cited]
        asked = {answer.question}
        for hit in hits:
            document = self._source.document(hit.chunk.document_id)
            for question in questions_of(document, [hit.chunk.span]):
                if question not in asked:
                    asked.add(question)
                    yield question

    def _answers_anew(self, question: str, answer: Answer, within: Collection[str] | None) -> bool:
        """Whether a question is answered, and by something else than an answer says already."""
        found = self.ask(question, within=within)
        return not found.refused and found.short not in answer.short

    def _unfit(self, asked: str, started: float) -> Answer | None:
        """The refusal of what is no question, or too long a one."""
        # A bare number asks for nothing, and every figure would answer it.
        if not any(character.isalpha() for character in asked):
            return _refusal(asked, "请输入问题，例如：某项投资增长多少？", started)
        if len(asked) <= self._max_question:
            return None
        text = (
            f"问题有 {len(asked)} 字，上限是 {self._max_question} 字。"
            "请把问题写短一些，一次问一件事。"
        )
        return _refusal(asked[:40] + "…", text, started)

    def _in_full(self, asked: str, history: Sequence[Turn], writer: Writer | None) -> str:
        """The question standing alone; as asked, where that would be too long."""
        longest = self._max_question
        earlier = [
            Turn(clean_question(turn.question[: longest + 1]), "") for turn in history[-MAX_TURNS:]
        ]
        full = clean_question(said_in_full(asked, earlier, writer))
        return full if len(full) <= longest else asked

    def _retrieved(
        self, question: str, within: Collection[str] | None
    ) -> tuple[str, Sequence[Hit]]:
        """The question with its slips mended and in the documents' words, and what is found for it."""
        hits = self._source.retrieve(question, self._passages, within)
        written = in_writing(question, self._lexicon)
        others = (
            self._source.retrieve(written, self._passages, within) if written != question else ()
        )
        texts = [hit.chunk.text for hit in (*hits, *others)]
        meant = in_their_words(respelled(question, texts), texts, self._lexicon)
        if meant == question:
            return meant, hits
        if meant == written:
            return meant, others
        return meant, self._source.retrieve(meant, self._passages, within)

    def _reply(
        self,
        question: str,
        within: Collection[str] | None,
        started: float,
        cited: Sequence[Citation],
    ) -> Generator[Step, None, Answer]:
        """The answer to one question; `cited` is what the parts before it cite."""
        asked = calculation(question)
        found = yield from self._answer(question, within, started)
        if asked is None:
            return _unstated(found) if is_of_another_count(question, found) else found
        if not found.refused and (short := stated(asked, found)):
            return replace(found, short=short)
        if asked.kind:
            asked, within = self._of_all(asked, within)
        if not asked.is_split:
            return _unstated(found)
        answers = []
        for one in asked.questions:
            answers.append((yield from self._answer(one, within, time.perf_counter())))
        given = [self._borne_out(answer, asked, n) for n, answer in enumerate(answers)]
        given = yield from self._of_one_text(asked, given)
        clear = [
            values[0] if values else _unborne(one)
            for values, one in zip(given, answers, strict=True)
        ]
        lacking = _lacking(clear)
        if lacking:
            return _without(question, clear, lacking)
        differing = next((values[0] for values in given if len(values) > 1), None)
        if differing:
            reason = f"各文件给出的“{differing.question}”不同"
            return _not_calculated(question, clear, reason)
        before = [self._before(answer.citations[0]) for answer in clear]
        return _calculated(question, asked, clear, before, cited)

    def _of_one_text(
        self, asked: Calculation, given: list[tuple[Answer, ...]]
    ) -> Generator[Step, None, list[tuple[Answer, ...]]]:
        """The values of the one document that gives all of them, where only that may be meant.

        Elsewhere what such a document gives is held against what others give.
        """
        told = dict.fromkeys(one.citations[0].document_id for values in given for one in values)
        whole = list[list[tuple[Answer, ...]]]()
        for document_id in told if len(told) > 1 else ():
            found = list[tuple[Answer, ...]]()
            for place, values in enumerate(given):
                mine = tuple(v for v in values if v.citations[0].document_id == document_id)
                if not mine:
                    alone = self._answer(asked.questions[place], [document_id], time.perf_counter())
                    mine = self._borne_out((yield from alone), asked, place)
                if len(mine) != 1:
                    break
                found.append(mine)
            else:
                whole.append(found)
        if len(whole) == 1 and (asked.is_anonymous or asked.is_over_time):
            return whole[0]
        if asked.is_anonymous:
            return given
        return [
            distinct([*values, *(found[place][0] for found in whole)])
            for place, values in enumerate(given)
        ]

    def _borne_out(self, answer: Answer, asked: Calculation, place: int) -> tuple[Answer, ...]:
        """The values that are borne out of the answer to one question of a calculation.

        Of one figure that is but told otherwise no more is asked than of any answer.
        """
        if asked.operation == "convert":
            return alone(answer)
        others = (*asked.names[:place], *asked.names[place + 1 :])
        return borne_out(answer, asked.names[place], others, self._before)

    def _of_all(
        self, asked: Calculation, within: Collection[str] | None
    ) -> tuple[Calculation, Collection[str] | None]:
        """An order of all places of a kind that one document names: of the likely ones, the fullest."""
        hits = self._source.retrieve(asked.sought, self._passages, within)
        named = {
            document_id: names_in(self._source.document(document_id), asked)
            for document_id in dict.fromkeys(hit.chunk.document_id for hit in hits)
        }
        fullest = max(named, key=lambda document_id: len(named[document_id]), default="")
        names = named.get(fullest, ())
        if max(FEWEST_NAMES, asked.top + 1) <= len(names) <= MOST_NAMES:
            return asked.of(names), [fullest]
        return asked, within

    def _before(self, citation: Citation) -> str:
        """What the line says before a quotation."""
        text = self._source.document(citation.document_id).text
        return text[text.rfind("\n", 0, citation.span.start) + 1 : citation.span.start]

    def _answer(
        self, question: str, within: Collection[str] | None, started: float
    ) -> Generator[Step, None, Answer]:
        timings: dict[str, float] = {}
        yield Step("retrieve", question)
        with _timed(timings, "retrieve"):
            question, hits = self._retrieved(question, within)
            documents = {hit.chunk.document_id: None for hit in hits}
            texts = {document_id: self._source.document(document_id) for document_id in documents}
        yield Step("read", question)
        with _timed(timings, "read"):
            found = self._reader.read(
                question,
                [Passage(texts[hit.chunk.document_id], hit.chunk.span, hit.score) for hit in hits],
            )
        hits = _reranked(hits, found.ranking)
        timings["total"] = 1000 * (time.perf_counter() - started)
        if not found.readings:
            near = [(texts[hit.chunk.document_id], trimmed(hit)) for hit in hits[:_MAX_NEAREST]]
            nearest = tuple(
                Citation.of(number, *place)
                for number, place in enumerate(_likely_first(near, found.likely), start=1)
            )
            text = _looked_for(found.missing, empty=not hits)
            return Answer(
                question,
                text,
                "",
                "refuse",
                found.doubted,
                nearest=nearest,
                hits=hits,
                timings_ms=timings,
                missing=found.missing if hits else (),
                likely=found.likely is not None,
            )
        best, *others = found.readings
        agreeing = [best, *_agreeing(best, others)][:_MAX_CITATIONS]
        citations = tuple(
            Citation.of(number, reading.document, reading.evidence)
            for number, reading in enumerate(agreeing, start=1)
        )
        text = citations[0].quote + "".join(f"[{citation.marker}]" for citation in citations)
        variants = tuple(
            Variant(reading.short, Citation.of(number, reading.document, reading.evidence))
            for number, reading in enumerate(_differing(best, others), len(citations) + 1)
        )
        return Answer(
            question,
            text,
            best.short,
            "extract",
            best.score,
            citations,
            hits=hits,
            timings_ms=timings,
            variants=variants,
        )


def clean_question(question: str) -> str:
    """A question as it is searched and shown: NFC, no control or format characters, single spaces.

    >>> clean_question("\\u200b钱塘\\x00  投资？\\n")
    '钱塘 投资？'
    """
    kept = "".join(
        " " if character.isspace() else character
        for character in unicodedata.normalize("NFC", _ESCAPE.sub("", question))
        if character.isspace()
        or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )
    return " ".join(kept.split())


def trimmed(hit: Hit) -> Span:
    """The span of a hit without the white space around it."""
    text, start = hit.chunk.text, hit.chunk.span.start
    lead = len(text) - len(text.lstrip())
    return Span(start + lead, start + lead + len(text.strip()))


def _likely_first(
    near: Sequence[tuple[Document, Span]], likely: Reading | None
) -> list[tuple[Document, Span]]:
    """Passages near to a refused question; of one that may answer it, the sentence, before the others."""
    if likely is None:
        return list(near)
    others = [
        (document, span)
        for document, span in near
        if not (document.id == likely.document.id and span.holds(likely.evidence))
    ]
    return [(likely.document, likely.evidence), *others][:_MAX_NEAREST]


def _settled(reply: Callable[[], Generator[Step, None, Answer]]) -> Generator[Step, None, Answer]:
    """A reply, begun anew where a document that was found was replaced or removed meanwhile."""
    for _ in range(_ANEW):
        with suppress(UnknownDocument):
            return (yield from reply())
    return (yield from reply())


def _worded(writer: Writer, found: Answer, score: Score | None) -> Iterator[Sentence | Answer]:
    """A found answer in the words of a model, with the time that took."""
    started = time.perf_counter()
    for told in compose(writer, found, partial(objections, found.question, score)):
        if isinstance(told, Sentence):
            yield told
        else:
            took = 1000 * (time.perf_counter() - started)
            total = told.timings_ms.get("total", 0.0) + took
            timings = {**told.timings_ms, "write": took, "total": total}
            yield replace(told, note=told.note + found.note, timings_ms=timings)


def _reranked(hits: Sequence[Hit], ranking: Sequence[int]) -> tuple[Hit, ...]:
    """The hits in the reader's order; each keeps its place's score, so that higher stays better."""
    ordered = [hits[place] for place in ranking] if ranking else hits
    return tuple(Hit(new.chunk, old.score) for new, old in zip(ordered, hits, strict=True))


def _agreeing(best: Reading, others: Sequence[Reading]) -> Iterator[Reading]:
    """Readings of other documents that give the same short answer."""
    seen = {best.document.id}
    for reading in others:
        if reading.document.id not in seen and reading.short == best.short:
            seen.add(reading.document.id)
            yield reading


def _differing(best: Reading, others: Sequence[Reading]) -> list[Reading]:
    """Readings of other documents, as good as the best, that give the same quantity another value."""
    mine = _only_amount(best)
    return [
        other
        for other in others
        if mine
        and (theirs := _only_amount(other))
        and theirs.unit == mine.unit
        and theirs != mine
        and other.score >= best.score - _AS_GOOD
    ][:_MAX_VARIANTS]


def _only_amount(reading: Reading) -> Amount | None:
    """What an answer comes to if it is one figure."""
    found = figures(reading.short)
    return amount(reading.short, found[0]) if len(found) == 1 else None


def _merged(question: str, answers: Sequence[Answer]) -> Answer:
    """The answers to the parts of a question as one: some without the others would mislead."""
    lacking = _lacking(answers)
    if lacking:
        return _without(question, answers, lacking)
    citations = _numbered([c for answer in answers for c in answer.citations])
    markers = {(c.document_id, c.span): f"[{c.marker}]" for c in citations}
    lines = [
        answer.text
        if answer.mode == "calculate"
        else answer.citations[0].quote
        + "".join(markers[c.document_id, c.span] for c in answer.citations)
        for answer in answers
    ]
    modes = [answer.mode for answer in answers]
    differing = [variant for answer in answers for variant in answer.variants]
    return Answer(
        question,
        "\n".join(dict.fromkeys(lines)),
        "、".join(answer.short for answer in answers),
        "calculate" if "calculate" in modes else modes[0],
        min(answer.confidence for answer in answers),
        citations,
        hits=_interleaved([answer.hits for answer in answers]),
        timings_ms=_summed(answers),
        variants=tuple(
            replace(variant, citation=replace(variant.citation, marker=marker))
            for marker, variant in enumerate(differing, len(citations) + 1)
        ),
    )


def _without(question: str, answers: Sequence[Answer], lacking: Sequence[Answer]) -> Answer:
    """The refusal that says which of several questions have no answer, and shows what was found."""
    hits = _interleaved([answer.hits for answer in answers])
    known = [answer.citations[0] for answer in answers if answer not in lacking]
    others = [c for answer in lacking for c in answer.nearest][:_MAX_NEAREST]
    named = "、".join(f"“{answer.question}”" for answer in lacking)
    text = f"证据不足：{named}没有找到依据。" if hits else _looked_for((), empty=True)
    return Answer(
        question,
        text,
        "",
        "refuse",
        min(answer.confidence for answer in answers),
        nearest=_numbered([*known, *others]),
        hits=hits,
        timings_ms=_summed(answers),
        missing=tuple(dict.fromkeys(term for answer in lacking for term in answer.missing)),
    )


def _unstated(found: Answer) -> Answer:
    """A refusal in place of what answers a part of a calculation, and not what it comes to."""
    text = "证据不足：没有找到写明这个结果的原文，参与计算的数也不齐。"
    return found if found.refused else replace(_unborne(found), text=text)


def _unborne(found: Answer) -> Answer:
    """A refusal in place of an answer that its source does not bear out."""
    near = found.nearest or found.citations
    return replace(found, short="", mode="refuse", citations=(), variants=(), nearest=near)


def _calculated(
    question: str,
    asked: Calculation,
    answers: Sequence[Answer],
    before: Sequence[str],
    cited: Sequence[Citation],
) -> Answer:
    """What the answers come to, with the formula; a refusal where they may not be put together.

    Its citations are numbered after those that are `cited` already.
    """
    operands = _operands(asked, answers, before)
    reason = objection(asked, operands) if operands else "有的数在原文里含义不清楚"
    refusal = _not_calculated(question, answers, reason)
    if reason:
        return refusal
    come, own = result(asked, operands), {(c.document_id, c.span) for c in refusal.nearest}
    numbered = _numbered([*cited, *refusal.nearest])
    citations = tuple(c for c in numbered if (c.document_id, c.span) in own)
    markers = {(c.document_id, c.span): f"[{c.marker}]" for c in citations}
    formula = "".join(
        text + (markers[place.document_id, place.span] if place else "")
        for text, place in come.pieces
    )
    if asked.kind:
        formula = f"《{citations[0].title}》列出的各{asked.kind}：{formula}"
    shown = {(c.document_id, c.span) for c in cited}
    new = [c for c in citations if (c.document_id, c.span) not in shown]
    lines = [f"{formula}。", *(f"{c.quote}[{c.marker}]" for c in new)]
    return replace(
        refusal,
        text="\n".join(lines),
        short=come.short,
        mode="calculate",
        citations=citations,
        nearest=(),
        likely=False,
    )


def _not_calculated(question: str, answers: Sequence[Answer], reason: str) -> Answer:
    """The refusal of what cannot be put together, and what was found."""
    return Answer(
        question,
        f"证据不足：{reason}，没有计算。",
        "",
        "refuse",
        min(answer.confidence for answer in answers),
        nearest=_numbered([answer.citations[0] for answer in answers]),
        hits=_interleaved([answer.hits for answer in answers]),
        timings_ms=_summed(answers),
    )


def _operands(
    asked: Calculation, answers: Sequence[Answer], before: Sequence[str]
) -> list[Operand]:
    """All of the operands, or none."""
    found = [operand(*each) for each in zip(asked.names, answers, before, strict=True)]
    return [one for one in found if one] if all(found) else []


def _summed(answers: Sequence[Answer]) -> dict[str, float]:
    """The time that several answers took, by stage."""
    return dict(sum((Counter(answer.timings_ms) for answer in answers), Counter[str]()))


def _lacking(answers: Sequence[Answer]) -> list[Answer]:
    """The parts without an answer, or with the very characters that better answer another part."""
    found = [answer for answer in answers if not answer.refused]
    taken = [
        min(pair, key=lambda answer: answer.confidence)
        for pair in itertools.combinations(found, 2)
        if _one_place(*pair)
    ]
    return [answer for answer in answers if answer.refused or answer in taken]


def _one_place(one: Answer, other: Answer) -> bool:
    """Whether two answers are the same characters, and nothing says that they are of both things."""
    first, second = one.citations[0], other.citations[0]
    same = (one.short, first.document_id, first.span) == (
        other.short,
        second.document_id,
        second.span,
    )
    return same and first.quote.count(one.short) < 2 and not re.search("[均都各皆同]", first.quote)


def _numbered(citations: Sequence[Citation]) -> tuple[Citation, ...]:
    """Each place once, numbered from 1."""
    places: dict[tuple[str, Span], Citation] = {}
    for citation in citations:
        places.setdefault((citation.document_id, citation.span), citation)
    return tuple(replace(c, marker=marker) for marker, c in enumerate(places.values(), start=1))


def _interleaved(ranked: Sequence[Sequence[Hit]]) -> tuple[Hit, ...]:
    """The hits of several parts, rank by rank, each chunk once; scores fall with the place."""
    found: dict[str, Hit] = {}
    for hit in itertools.chain.from_iterable(itertools.zip_longest(*ranked)):
        if hit is not None:
            found.setdefault(hit.chunk.id, hit)
    scores = sorted((hit.score for hit in found.values()), reverse=True)
    return tuple(Hit(hit.chunk, score) for hit, score in zip(found.values(), scores, strict=True))


def _looked_for(missing: Sequence[str], *, empty: bool) -> str:
    if empty:
        return "证据不足：资料库里没有相关内容。请先用 youju add 收录文件，或换一种问法。"
    if missing:
        named = "、".join(f"“{term}”" for term in missing[:4])
        return f"证据不足：资料库里没有找到能回答这个问题的原文，没有依据的是{named}。"
    return "证据不足：资料库里没有找到能回答这个问题的原文。"


def _refusal(question: str, text: str, started: float) -> Answer:
    total = 1000 * (time.perf_counter() - started)
    return Answer(question, text, "", "refuse", 0.0, timings_ms={"total": total})


@contextmanager
def _timed(
    timings: dict[str, float], stage: str, clock: Callable[[], float] = time.perf_counter
) -> Iterator[None]:
    started = clock()
    yield
    timings[stage] = 1000 * (clock() - started)
