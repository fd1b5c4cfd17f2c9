"""What is noted of the questions that people ask, at whatever door: figures, and a line in the log."""

from qa.desk import LocalDesk
from qa.settings import Settings
from qa.types import Answer
from web import log
from web.api.metrics import Metrics


class Tally:
    """One for a server; any thread may tell it. The question's words are kept only if set so."""

    def __init__(self, desk: LocalDesk, settings: Settings) -> None:
        self.metrics = Metrics(lambda: len(desk.entries()))
        self._with_words = settings.log_questions == "on"

    def answered(self, answer: Answer) -> None:
        self.metrics.answered(answer)
        words = {"question": answer.question} if self._with_words else {}
        ms = round(answer.timings_ms.get("total", 0.0), 1)
        log.note("answered", mode=answer.mode, ms=ms, **words)

    def failed(self) -> None:
        self.metrics.failed()
