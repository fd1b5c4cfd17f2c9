"""Lines of JSON in, a verdict on each out: what `youju verify --jsonl` reads and writes.

A line that cannot be read gets an answer as any other, with what is wrong with it; no line ends the
stream. What a verdict is, is qa/verify.py's business.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from qa.verify import Verdict, verify

_FORM = '{"sentence": "……", "evidence": "……", "date": "2023-11-09"}'


def verdicts(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The answer to each line that is not blank, in order; one with "error" to what is no pair.

    >>> list(verdicts(['{"sentence": "投资增长8%", "evidence": "投资增长8%。"}']))
    [{'supported': True, 'reasons': []}]
    """
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _answer(line, number)


def as_json(verdict: Verdict) -> dict[str, Any]:
    """The public form of a verdict."""
    return {"supported": verdict.supported, "reasons": list(verdict.reasons)}


def _answer(line: str, number: int) -> dict[str, Any]:
    try:
        return as_json(_verdict(json.loads(line)))
    except (ValueError, RecursionError) as error:
        detail = "" if isinstance(error, json.JSONDecodeError | RecursionError) else f"（{error}）"
        message = f"第 {number} 行不是一对句子和原文{detail}。每行应为：{_FORM}"
        return {"supported": False, "reasons": [], "error": message}


def _verdict(pair: object) -> Verdict:
    if not isinstance(pair, dict):
        raise ValueError("应为 JSON 对象")
    sentence, evidence = pair.get("sentence"), pair.get("evidence")
    if not isinstance(sentence, str):
        raise ValueError("sentence 应为字符串")
    given = evidence if isinstance(evidence, list) else [evidence]
    texts = [text for text in given if isinstance(text, str)]
    if len(texts) < len(given):
        raise ValueError("evidence 应为字符串，或字符串的列表")
    date, context = pair.get("date", ""), pair.get("context", "")
    if not (isinstance(date, str) and isinstance(context, str)):
        raise ValueError("date 和 context 应为字符串")
    return verify(sentence, texts, date=date, context=context)
