"""A spoken word becomes the documents' only where they have theirs and not it."""

import pytest

from qa.spoken import SAME, in_their_words


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
    ],
)
def test_what_is_said_as_the_passages_say_it(question: str, passage: str, meant: str) -> None:
    assert in_their_words(question, [passage]) == meant


def test_no_word_stands_for_two_things() -> None:
    words = [word for group in SAME for word in group]
    assert len(words) == len(set(words))
