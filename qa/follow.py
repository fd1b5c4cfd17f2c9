"""A follow-up said in full by a language model, as far as that can be checked; else by rule.

What the model says is a question of its own only if nothing is in it that was not asked: every
figure, time, place and word of it stands in the follow-up or in the question that it leans on, none
of the follow-up's own is lost, nor the time or place that it leaves unsaid. It has little time; the
rules (qa/condense.py) speak in its place at once when it is over.
"""

import re
import threading
from collections.abc import Sequence

from qa.claims import content_words
from qa.condense import DISTRICT, PRONOUN, SCOPE, leaned_on, leans, standalone
from qa.figures import fold
from qa.grounds import foreign_denials
from qa.model import Message, Writer
from qa.parts import PERIOD, parts, reckoned
from qa.prompt import in_full
from qa.question import understand
from qa.types import Turn

_SECONDS = 5.0
_LONGEST = 200
_LABEL = re.compile("^(?:改写后的?(?:完整)?问题|完整(?:的)?问题|问题|追问)[:：]\\s*")
# Numbers in any writing, and the words that make another question of one.
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*|[零〇一二两三四五六七八九十百千万亿]{2,}")
_TELLING = re.compile(
    "增长|增速|增幅|增加|提高|下降|降幅|减少|涨|跌|同比|环比|占比|比重|比例|人均|平均|累计|合计|一共|总共|总计|相差|"
    "最[高低多少大小早晚]|第[一二三]|前[三五十]|目标|计划|预计|[今去前明本上]年|[上下]半年|季度|[上本]月|以上|以下|超过|不"
)


def said_in_full(
    question: str, history: Sequence[Turn], writer: Writer | None, *, seconds: float = _SECONDS
) -> str:
    """The question standing alone: by the model if it leans on another and what it says holds."""
    base = leaned_on(history)
    by_rule = reckoned(question, [base] if base else []) or standalone(question, history)
    if writer is None or not history or not leans(question):
        return by_rule
    earlier = [turn.question for turn in history]
    said = _said(writer, in_full(question, earlier), seconds)
    # What was asked before is not asked again beside it.
    as_many = len(parts(said)) <= len(parts(by_rule))
    faithful = is_faithful(said, question, base or " ".join(earlier))
    return said if faithful and as_many else by_rule


def is_faithful(said: str, question: str, before: str) -> bool:
    """Whether a question says what a follow-up and the question before it say, and nothing else."""
    new, own, known = fold(said), fold(question), fold(f"{question} {before}")
    if not said or "\n" in said or len(said) > _LONGEST or "。" in said:
        return False
    # What was said of a district is not asked of 全市 by putting the word in: the rules leave it.
    wider, district = SCOPE.search(own), DISTRICT.search(fold(before))
    if wider and district and wider.group()[-1] != district.group()[-1]:
        return False
    # A word that only points at something gives way to its name.
    asked = PRONOUN.sub("", own)
    kept = [*content_words(asked), *_NUMBER.findall(asked)]
    return (
        all(word in known for word in (*content_words(new), *_TELLING.findall(new)))
        and set(_NUMBER.findall(new)) <= set(_NUMBER.findall(known))
        and not any(foreign_denials(new, known))
        and all(word in new for word in kept)
        and set(_TELLING.findall(asked)) <= set(_TELLING.findall(new))
        and all(_keeps(kind, new, own, fold(before)) for kind in (PERIOD, DISTRICT.pattern))
        and understand(said).ask in {understand(question).ask, understand(before).ask}
    )


def _keeps(kind: str, said: str, question: str, before: str) -> bool:
    """Whether a time or place is that of the follow-up, or of the question before where it says none."""
    wanted = [m.group() for m in re.finditer(kind, question)] or [
        m.group() for m in re.finditer(kind, before)
    ]
    return all(one in said for one in wanted)


def _said(writer: Writer, messages: Sequence[Message], seconds: float) -> str:
    """What the model says, "" if it fails or takes too long: then it is left to itself."""
    pieces: list[str] = []
    done = threading.Event()

    def listen() -> None:
        try:
            for piece in writer.write(messages):
                pieces.append(piece)
                if done.is_set() or sum(map(len, pieces)) > _LONGEST:
                    return
        except Exception:
            # Whatever goes wrong in a model, the rules have an answer.
            pieces.clear()
        finally:
            done.set()

    threading.Thread(target=listen, name="follow-up", daemon=True).start()
    if not done.wait(seconds):
        done.set()
        return ""
    return _LABEL.sub("", "".join(pieces).strip()).strip('“”"「」 ')
