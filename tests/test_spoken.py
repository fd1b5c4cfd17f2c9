"""A spoken word becomes the documents' only where they have theirs and not it."""

from collections import Counter
from pathlib import Path

import pytest

from index.errors import IndexingError
from qa.desk import LocalDesk
from qa.figures import fold
from qa.settings import Settings
from qa.spoken import in_their_words
from qa.synonyms import SAME, SAME_DEEDS, SAME_WORDS, SYNONYMS
from tests.conftest import HashEmbedder


@pytest.mark.parametrize(
    ("question", "passage", "meant"),
    [
        ("房本几天能拿", "不动产权证书三日内领取。", "不动产权证书几天能拿"),
        ("礼拜六能办吗", "周六上午办理。", "周六能办吗"),
        ("HPV疫苗在哪打", "接种人乳头瘤病毒疫苗。", "人乳头瘤病毒疫苗在哪打"),
        ("头班车几点", "首班 5:30。", "首班几点"),
        # The passages say it as it was asked, or not at all.
        ("房本几天能拿", "房本三日内领取，即不动产权证书。", "房本几天能拿"),
        ("房本几天能拿", "护照三日内领取。", "房本几天能拿"),
        # 户口本 is another word than 户口.
        ("户口本丢了怎么办", "本市户籍人口120万人。", "户口本丢了怎么办"),
        ("营业收入多少", "年收入10万元。", "营业收入多少"),
        # What the passages say in halves; of a figure both halves may be of another thing.
        ("研究成果登在哪个期刊", "成果由研究所发表。", "研究 成果登在哪个期刊"),
        ("常住人口多少", "常住居民不计，户籍人口50万人。", "常住人口多少"),
    ],
)
def test_what_is_said_as_the_passages_say_it(question: str, passage: str, meant: str) -> None:
    assert in_their_words(question, [passage]) == meant


def test_no_word_stands_for_two_things() -> None:
    words = [word for group in SAME for word in group]
    others = [word for group in (*SYNONYMS, *SAME_WORDS, *SAME_DEEDS) for word in group]
    assert [word for word, times in Counter(words).items() if times > 1] == []
    assert set(words) & set(others) == set()


def test_the_lexicon_is_written_as_it_is_looked_up() -> None:
    assert len(SAME) > 500
    assert all(len(group) > 1 for group in SAME)
    words = [word for group in SAME for word in group]
    assert [word for word in words if word != fold(word) or len(word) < 2] == []


def test_an_organisation_has_words_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "lexicon.txt").write_text("# 窗口\n企业开办窗口 一窗通\n", encoding="utf-8-sig")
    desk = LocalDesk.open(Settings(data=tmp_path), embedder=HashEmbedder)
    try:
        desk.add("a", "a.txt", "企业开办窗口设在大厅二楼，电话0571-86540012。".encode())
        answer = desk.assistant.ask("一窗通电话多少")
    finally:
        desk.close()
    assert answer.question == "企业开办窗口电话多少"
    assert answer.short == "0571-86540012"


def test_a_lexicon_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "lexicon.txt").write_bytes("企业开办窗口 一窗通".encode("gb18030"))
    with pytest.raises(IndexingError, match=r"lexicon\.txt.*UTF-8"):
        LocalDesk.open(Settings(data=tmp_path), embedder=HashEmbedder)
