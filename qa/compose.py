"""A found answer in a language model's words, of which only what the evidence bears out is shown.

The reader has decided that there is an answer and where; the model only words it. Each sentence has
to cite what it rests on and is checked against that before anybody sees it (`Check`, in practice
qa/verify.py). What fails goes back once with the reason; what fails again is dropped. An answer that
does not say what was found says it in the document's own words.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from qa.figures import amount, figures
from qa.model import Message, Metered, Writer, WritingError
from qa.prompt import again, worded
from qa.types import Answer, Citation, Sentence

# The reasons why a sentence does not stand in what it cites; () if it does.
Check = Callable[[str, Sequence[Citation]], Sequence[str]]

_MOST_SENTENCES, _MOST_CHARACTERS = 8, 800
_MARKER = re.compile(r"[\[【［](\d{1,3})[\]】］]")
# A sentence ends at its stop, with the markers that may follow.
_SENTENCE = re.compile(r"[^。！？!?\n]*(?:[。！？!?\n]+(?:\s*[\[【［]\d{1,3}[\]】］])*|$)")
_OPEN_MARKER = re.compile(r"[\[【［]\d{0,3}$")

_Rejected = tuple[str, Sequence[str]]


def compose(writer: Writer, answer: Answer, check: Check) -> Iterator[Sentence | Answer]:
    """Each sentence that holds as it comes, and at last the answer: worded, or as it was with a note."""
    writer = Metered(writer)
    messages = worded(answer.question, answer.short, answer.citations, writer.budget)
    held: list[Sentence] = []
    note = ""
    try:
        rejected: list[_Rejected] = []
        yield from _taken(writer, messages, answer, check, held, rejected)
        if rejected:
            yield from _taken(writer, again(messages, rejected), answer, check, held, [])
    except WritingError as error:
        note = f"{error}，以下是原文。"
    if not held:
        note = note or "模型的改写与原文不符，以下是原文。"
        yield replace(answer, note=note, tokens=answer.tokens + writer.tokens)
        return
    for sentence in _unsaid(answer, held):
        held.append(sentence)
        yield sentence
    text = "".join(sentence.marked for sentence in held)
    tokens = answer.tokens + writer.tokens
    yield replace(
        answer, text=text, mode="generate", sentences=tuple(held), note=note, tokens=tokens
    )


def _taken(
    writer: Writer,
    messages: Sequence[Message],
    answer: Answer,
    check: Check,
    held: list[Sentence],
    rejected: list[_Rejected],
) -> Iterator[Sentence]:
    """The sentences of one reply that hold, added to those held; the others are added to the rejected."""
    seen = {sentence.text for sentence in held}
    for said in _sentences(writer.write(messages)):
        text = _MARKER.sub("", said).strip()
        # Who says the same again has no more to say.
        if text in seen or len(seen) >= _MOST_SENTENCES:
            return
        seen.add(text)
        sentence, reasons = _checked(said, text, answer, check)
        if sentence is None:
            rejected.append((said.strip(), reasons))
        else:
            held.append(sentence)
            yield sentence


def _checked(
    said: str, text: str, answer: Answer, check: Check
) -> tuple[Sentence | None, Sequence[str]]:
    known = {citation.marker: citation for citation in answer.citations}
    markers = tuple(dict.fromkeys(int(number) for number in _MARKER.findall(said)))
    if not markers or any(marker not in known for marker in markers):
        return None, ("没有标出依据的编号，或编号不在原文里",)
    if _is_chinese(answer.question) and not _is_chinese(text):
        return None, ("没有用中文回答",)
    reasons = check(text, [known[marker] for marker in markers])
    return (None, reasons) if reasons else (Sentence(text, markers, verified=True), ())


def _sentences(pieces: Iterator[str]) -> Iterator[str]:
    """Whole sentences with their markers, as soon as it is sure that they are whole."""
    waiting, total = "", 0
    for piece in pieces:
        waiting += piece
        total += len(piece)
        *whole, waiting = _cut(waiting)
        yield from (sentence for sentence in whole if _has_words(sentence))
        if total > _MOST_CHARACTERS:
            return
    yield from (sentence for sentence in _cut(waiting) if _has_words(sentence))


def _cut(text: str) -> list[str]:
    """Sentences, and last the rest, which may go on: with a marker of the sentence before it, too."""
    found = [match.group() for match in _SENTENCE.finditer(text) if match.group()] or [""]
    if len(found) > 1 and _OPEN_MARKER.fullmatch(found[-1]):
        found[-2:] = [found[-2] + found[-1]]
    return found


def _has_words(text: str) -> bool:
    return any(character.isalnum() for character in _MARKER.sub("", text))


def _is_chinese(text: str) -> bool:
    return any("CJK" in unicodedata.name(character, "") for character in text)


def _unsaid(answer: Answer, held: Sequence[Sentence]) -> list[Sentence]:
    """The evidence itself where the sentences do not say the answer that was found."""
    said = "".join(sentence.text for sentence in held)
    if all(_says(said, part) for part in answer.short.split("、")):
        return []
    return [Sentence(c.quote, (c.marker,), verified=False) for c in answer.citations[:1]]


def _says(said: str, part: str) -> bool:
    """Whether a text says a part of a short answer, be it in other units."""
    if part in said:
        return True
    wanted = [amount(part, figure) for figure in figures(part)]
    given = [amount(said, figure) for figure in figures(said)]
    return bool(wanted) and all(one in given for one in wanted)
