"""`youju site` and `youju key`, and the values they keep."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Entry
from qa.settings import Settings
from tests.conftest import ROOT
from web.api.administration import main
from web.api.filters import Filter
from web.api.origins import normal
from web.api.rates import Rates
from web.api.register import Register
from web.api.tokens import LIFETIME, Pass, Tokens
from web.start import show_admin_key


def _entry(
    source: str = "", paths: tuple[str, ...] = (), title: str = "", paper: str = ""
) -> Entry:
    return Entry("id", source, title, "", "", paper, 1, 1, "", paths)


def test_sites_are_added_listed_and_removed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ["--data", str(tmp_path)]
    options = ["--origin", "HTTPS://OA.example.intra/", "--origin", "http://b.example:8080"]
    limits = ["--documents", "公告/*", "--per-minute", "9", "--theme", "dark"]
    assert main(["site", "add", "办公网", *options, *limits, *data]) == 0
    [site] = Register(tmp_path).all_sites()
    said = capsys.readouterr().out
    assert f'/widget.js" data-site="{site.id}" async></script>' in said
    assert site.theme == "dark"
    assert site.origins == ("https://oa.example.intra", "http://b.example:8080")
    assert (site.documents, site.per_minute) == (Filter(("公告/*",)), 9)
    assert main(["site", "add", "办公网", *options, *data]) == 1
    assert "名称" in capsys.readouterr().err
    assert main(["site", "list", *data]) == 0
    assert "公告/*" in capsys.readouterr().out
    assert main(["site", "remove", "办公网", *data]) == 0
    assert main(["site", "remove", "办公网", *data]) == 1
    assert Register(tmp_path).all_sites() == ()


def test_a_site_is_changed_in_what_is_named_and_keeps_its_id(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ["--data", str(tmp_path)]
    assert (
        main(["site", "add", "办公网", "--origin", "https://a.example", "--theme", "dark", *data])
        == 0
    )
    [before] = Register(tmp_path).all_sites()
    looks = ["--accent", "#1D4f91", "--label", "问公告", "--per-minute", "7"]
    assert main(["site", "set", "办公网", *looks, *data]) == 0
    assert main(["site", "set", "办公网", "--origin", "https://b.example", *data]) == 0
    [after] = Register(tmp_path).all_sites()
    origins = ("https://b.example",)
    assert after == replace(before, origins=origins, accent="#1D4f91", label="问公告", per_minute=7)
    capsys.readouterr()
    for wrong in (["--accent", "red; }"], ["--label", "字" * 41], ["--per-minute", "0"]):
        assert main(["site", "set", "办公网", *wrong, *data]) == 1
        assert capsys.readouterr().err.strip()
    assert main(["site", "set", "别的网", *looks, *data]) == 1
    assert "youju site list" in capsys.readouterr().err
    assert Register(tmp_path).all_sites() == (after,)


def test_a_key_is_told_once_opens_and_is_revoked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ["--data", str(tmp_path)]
    assert main(["key", "add", "晨报", "--documents", "*.pdf", *data]) == 0
    secret = next(word for word in capsys.readouterr().out.split("：")[1].split())
    register = Register(tmp_path)
    key = register.key(secret)
    assert key is not None
    assert (key.name, key.documents, key.is_admin) == ("晨报", Filter(("*.pdf",)), False)
    assert main(["key", "list", *data]) == 0
    assert secret not in capsys.readouterr().out
    assert main(["key", "remove", "晨报", *data]) == 0
    assert register.key(secret) is None
    assert main(["key", "add", "admin", *data]) == 1
    assert register.all_keys() == ()


def test_the_first_start_shows_the_administrators_key_and_no_other_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    show_admin_key(Settings(data=tmp_path))
    told = capsys.readouterr().out
    first = told.partition("：")[2].split()[0]
    show_admin_key(Settings(data=tmp_path))
    assert capsys.readouterr().out == ""
    register = Register(tmp_path)
    key = register.key(first)
    assert key is not None
    assert key.is_admin
    command = [sys.executable, "-m", "qa", "key", "new", "--data", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    second = done.stdout.partition("：")[2].split()[0]
    assert register.key(first) is None
    key = register.key(second)
    assert key is not None
    assert key.is_admin


@pytest.mark.parametrize(
    "origin",
    ["", "null", "*", "https://*.example", "oa.example", "ftp://a.example", "https://a.example/path",
     "https://a.example?x", "https://u:p@a.example", "https://", "https://a b", "https://a:99999"],
)  # fmt: skip
def test_what_is_no_origin_is_refused_with_an_example(origin: str) -> None:
    with pytest.raises(ValueError, match=r"https://oa\.example\.intra"):
        normal(origin)


_ORIGINS = st.builds(
    "{}://{}{}{}{}".format,
    st.sampled_from(["http", "https"]),
    st.text("abcXYZ019", min_size=1, max_size=9),
    st.sampled_from(["", ".intra", ".b.c1"]),
    st.one_of(st.just(""), st.integers(1, 65_535).map(":{}".format)),
    st.sampled_from(["", "/"]),
)


@given(_ORIGINS)
def test_an_origin_has_one_spelling(origin: str) -> None:
    once = normal(origin)
    assert normal(once) == once
    assert normal(origin.upper().replace("HTTP", "http")) == once


def test_a_filter_looks_at_the_file_and_where_it_is_asked_at_what_stands_on_it() -> None:
    notice = _entry("通知.docx", ("/srv/公告/2024/通知.docx",), "关于申报的通知", "晨报")
    for pattern in ("公告/*", "*.docx", "通知.*", "公告/2024/*", "title:关于*", "publication:晨报"):
        assert Filter((pattern,)).lets(notice), pattern
    for pattern in (
        "内部/*",
        "*.pdf",
        "告/*",
        "关于*",
        "晨报",
        "title:通知",
        "publication:*日报",
        "docx",
    ):
        assert not Filter((pattern,)).lets(notice), pattern
    assert Filter().lets(notice)
    assert Filter(("*.pdf", "公告/*")).lets(notice)
    assert Filter().within([notice]) is None
    assert Filter(("*.pdf",)).within([notice]) == frozenset()


@given(st.lists(st.floats(0, 100), min_size=1, max_size=200), st.integers(1, 50))
def test_no_more_pass_than_a_bucket_and_what_flows_in(pauses: list[float], per_minute: int) -> None:
    now = 0.0
    rates = Rates(lambda: now)
    passed = 0
    for pause in pauses:
        now += pause
        wait = rates.take("a", per_minute)
        passed += not wait
        assert wait <= 60 / per_minute + 1e-6
    assert passed <= per_minute + now * per_minute / 60 + 1e-6
    assert passed >= min(len(pauses), per_minute)


def test_who_was_told_to_wait_is_let_in_afterwards_and_the_buckets_are_bounded() -> None:
    now = 0.0
    rates = Rates(lambda: now, kept=2)
    assert [rates.take("a", 1), rates.take("b", 1)] == [0.0, 0.0]
    wait = rates.take("a", 1)
    assert wait == 60
    now += wait
    assert rates.take("a", 1) == 0.0
    assert rates.take("c", 1) == 0.0
    assert rates.take("b", 1) == 0.0


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=80))
def test_only_what_was_signed_with_the_same_secret_is_read(
    site: str, origin: str, other: str
) -> None:
    tokens = Tokens(b"one", lambda: 100.0)
    token = tokens.issue(site, origin)
    assert tokens.read(token) == Pass(site, origin, 100 + LIFETIME)
    assert Tokens(b"two", lambda: 100.0).read(token) is None
    assert tokens.read(other) is None
    assert tokens.read(token + "A") is None
    assert Tokens(b"one", lambda: 100.0 + LIFETIME).read(token) is None
