"""The one frozen Settings, and the single place that reads the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set, with its default.

    Each field is also an environment variable: `YOUJU_` and its name in capitals.
    """

    data: Path = Path("var/library")
    """The data folder (YOUJU_DATA)."""
    model: str = ""
    """A sentence-transformers model, by folder or hub name; empty is the shipped one (YOUJU_MODEL)."""
    chroma: str = ""
    """A Chroma server for the vectors, by its address; empty keeps them in the data folder
    (YOUJU_CHROMA)."""
    chroma_headers: str = field(default="", repr=False)
    """Headers for the proxy in front of it, as lines of `Name: value` or as JSON
    (YOUJU_CHROMA_HEADERS)."""
    host: str = "127.0.0.1"
    """Where the server listens (YOUJU_HOST)."""
    port: int = 7860
    """And on which port (YOUJU_PORT)."""
    max_file_mb: int = 20
    """Larger files are refused (YOUJU_MAX_FILE_MB)."""
    max_question: int = 500
    """Longer questions are refused, in characters (YOUJU_MAX_QUESTION)."""
    max_waiting: int = 32
    """Questions that may wait, of all who ask together, before it says it is busy (YOUJU_MAX_WAITING)."""
    passages: int = 12
    """How many passages are retrieved for a question (YOUJU_PASSAGES)."""
    read: int = 5
    """How many of them the network reads at most: what an answer costs (YOUJU_READ)."""
    per_minute: int = 120
    """Calls of the API that one address may make a minute (YOUJU_PER_MINUTE)."""
    identity_header: str = ""
    """The header in which a proxy in front names who it let in; empty trusts none
    (YOUJU_IDENTITY_HEADER)."""
    llm: str = ""
    """The language model that words answers: its name at the endpoint, or one of LangChain's
    init_chat_model; empty is none, answers are verbatim (YOUJU_LLM)."""
    llm_url: str = ""
    """The endpoint in OpenAI's form that serves it (YOUJU_LLM_URL)."""
    llm_key: str = field(default="", repr=False)
    """Its key (YOUJU_LLM_KEY)."""
    llm_timeout: int = 30
    """Seconds that it may take for an answer (YOUJU_LLM_TIMEOUT)."""
    llm_budget: int = 3000
    """Tokens that a prompt may have (YOUJU_LLM_BUDGET)."""
    manage: str = "on"
    """Whether the library page may add and remove documents, "on" or "off" (YOUJU_MANAGE)."""
    password: str = field(default="", repr=False)
    """What the library page asks for before a change; empty is nothing (YOUJU_PASSWORD)."""

    log_questions: str = "off"
    """Whether the server's log holds the words of questions, "on" or "off" (YOUJU_LOG_QUESTIONS)."""

    def __post_init__(self) -> None:
        for name in ("manage", "log_questions"):
            if (value := getattr(self, name)) not in {"on", "off"}:
                variable = f"YOUJU_{name.upper()}"
                raise ValueError(f"{variable}={value!r} 不是有效的值，这里需要 on 或 off。")

    @property
    def local(self) -> bool:
        """Whether the server listens to this machine alone."""
        return self.host.strip("[]") in {"localhost", "127.0.0.1", "::1"}

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """The defaults, with what the environment sets. ValueError names a bad value and its variable."""
        settings = cls()
        for name in cls.__slots__:
            variable = f"YOUJU_{name.upper()}"
            if environment.get(variable):
                kind = type(getattr(settings, name))
                try:
                    value = kind(environment[variable])
                except ValueError as error:
                    raise ValueError(
                        f"{variable}={environment[variable]!r} 不是有效的值，这里需要整数。"
                    ) from error
                settings = replace(settings, **{name: value})
        return settings
