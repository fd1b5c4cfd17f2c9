"""The figures of the server for Prometheus. The only importer of prometheus_client.

Who tells it of answers is web/tally.py; of what was asked and answered it keeps no word.
"""

from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from qa.types import Answer

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30)


class Metrics:
    """The figures of one server; any thread may count."""

    def __init__(self, count_documents: Callable[[], int]) -> None:
        self._registry = CollectorRegistry()
        self._questions = Counter(
            "youju_questions", "Questions answered, by mode", ["mode"], registry=self._registry
        )
        self._errors = Counter("youju_errors", "Questions that failed", registry=self._registry)
        self._seconds = Histogram(
            "youju_stage_seconds",
            "What an answer took, by stage",
            ["stage"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._registry.register(_Documents(count_documents))

    def answered(self, answer: Answer) -> None:
        self._questions.labels(answer.mode).inc()
        for stage, milliseconds in answer.timings_ms.items():
            self._seconds.labels(stage).observe(milliseconds / 1000)

    def failed(self) -> None:
        self._errors.inc()

    def text(self) -> bytes:
        """All of them in Prometheus' text form."""
        return generate_latest(self._registry)


class _Documents(Collector):
    """How many documents there are when it is looked at."""

    def __init__(self, count: Callable[[], int]) -> None:
        self._count = count

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield GaugeMetricFamily("youju_documents", "Documents in the library", self._count())
