"""The language model that words answers, if one is set. The only importer of chat models.

Any that LangChain knows: an endpoint in OpenAI's form by its address (vLLM, Ollama, llama.cpp,
DeepSeek, Qwen), or a name of `init_chat_model`. What is asked of it is in qa/prompt.py, what becomes
of what it says in qa/compose.py; it is never trusted.
"""

import os
import queue
import threading
import time
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from qa import local_model
from qa.settings import Settings

_TABLES = Path(__file__).parent.parent / "models" / "tiktoken"

# An answer is a few sentences: what goes on beyond this goes round in circles.
_MAX_TOKENS = 600
# Between a prompt and the roles it is sent under.
_OVERHEAD = 16

Message = tuple[str, str]


class WritingError(Exception):
    """The model gave nothing that can be used; its text, for the user, says why."""


class Writer(Protocol):
    """The seam where a language model goes."""

    @property
    def budget(self) -> int:
        """How many tokens a prompt may have, as `count_tokens` counts."""
        ...

    def write(self, messages: Sequence[Message]) -> Iterator[str]:
        """What it says to messages of (role, text), piece by piece; WritingError if it fails."""
        ...


class ChatModel:
    """A chat model of LangChain that is done in time, or fails."""

    def __init__(self, model: Any, *, timeout: float, budget: int) -> None:  # noqa: ANN401
        self._model = model
        self._timeout = timeout
        self.budget = budget

    def write(self, messages: Sequence[Message]) -> Iterator[str]:
        """The pieces of one reply; together they take no longer than the timeout."""
        deadline = time.monotonic() + self._timeout
        pieces: queue.Queue[str | Exception | None] = queue.Queue()
        unwanted = threading.Event()
        # A server that sends a byte now and then holds a reader for ever: it reads by itself.
        reader = threading.Thread(
            target=self._read, args=(messages, pieces, unwanted), name="write", daemon=True
        )
        reader.start()
        try:
            while (piece := _next(pieces, deadline)) is not None:
                yield piece
        finally:
            unwanted.set()

    def _read(
        self,
        messages: Sequence[Message],
        pieces: "queue.Queue[str | Exception | None]",
        unwanted: threading.Event,
    ) -> None:
        try:
            for chunk in self._model.stream(list(messages)):
                if unwanted.is_set():
                    return
                pieces.put(str(chunk.text))
            pieces.put(None)
        except Exception as error:
            # Whatever a foreign library or server does, it ends here.
            pieces.put(error)


def _next(pieces: "queue.Queue[str | Exception | None]", deadline: float) -> str | None:
    try:
        piece = pieces.get(timeout=max(0.0, deadline - time.monotonic()))
    except queue.Empty as error:
        raise WritingError("语言模型没有在限定的时间内答完") from error
    if isinstance(piece, Exception):
        raise WritingError(f"语言模型出错（{type(piece).__name__}）") from piece
    return piece


class Metered:
    """A writer, and what it has cost so far: tokens of prompts and replies, those unheeded too."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self.budget = writer.budget
        self._exchanges: list[tuple[Sequence[Message], list[str]]] = []

    def write(self, messages: Sequence[Message]) -> Iterator[str]:
        """What the writer says, noted as it comes: a reply may be left before its end."""
        said: list[str] = []
        self._exchanges.append((messages, said))
        for piece in self._writer.write(messages):
            said.append(piece)
            yield piece

    @property
    def tokens(self) -> int:
        """The tokens so far, as `count_tokens` counts."""
        return sum(
            count_tokens([*messages, ("assistant", "".join(said))])
            for messages, said in list(self._exchanges)
        )


def load_writer(settings: Settings) -> ChatModel | None:
    """The model that is set, or None. ValueError, for the user, if it cannot be made."""
    if not settings.llm:
        return None
    try:
        model = _made(settings)
    except ImportError as error:
        raise ValueError(
            f"语言模型 {settings.llm!r} 需要安装 {error.name}：pip install 'youju[llm]'，"
            "或 init_chat_model 所需的包。"
        ) from error
    except ValueError:
        raise
    except Exception as error:
        raise ValueError(
            f"语言模型 {settings.llm!r} 无法使用：{type(error).__name__}。"
            "请检查 YOUJU_LLM、YOUJU_LLM_URL 和 YOUJU_LLM_KEY。"
        ) from error
    return ChatModel(model, timeout=settings.llm_timeout, budget=settings.llm_budget)


def _made(settings: Settings) -> Any:  # noqa: ANN401
    """The chat model of LangChain, bounded in time, tries and length."""
    bounds = {
        "timeout": settings.llm_timeout,
        "max_retries": 1,
        "temperature": 0.0,
        "max_tokens": _MAX_TOKENS,
    }
    if settings.llm == local_model.NAME:
        served = local_model.serve(local_model.path_of(settings))
        return _endpoint(local_model.NAME, served.url, served.key, bounds)
    if settings.llm_url:
        return _endpoint(settings.llm, settings.llm_url, settings.llm_key, bounds)
    from langchain.chat_models import init_chat_model

    return init_chat_model(settings.llm, **bounds)


def _endpoint(name: str, url: str, key: str, bounds: dict[str, Any]) -> Any:  # noqa: ANN401
    from langchain_openai import ChatOpenAI

    # An endpoint of one's own may ask for no key, but the client does.
    return ChatOpenAI(model=name, base_url=url, api_key=key or "none", **bounds)


def count_tokens(messages: Sequence[Message]) -> int:
    """The tokens of a prompt by cl100k_base: for most models of Chinese somewhat too many."""
    return sum(len(_encoding().encode_ordinary(text)) + _OVERHEAD for _, text in messages)


@cache
def _encoding() -> Any:  # noqa: ANN401
    os.environ.setdefault("TIKTOKEN_CACHE_DIR", str(_TABLES))
    import tiktoken

    return tiktoken.get_encoding("cl100k_base")
