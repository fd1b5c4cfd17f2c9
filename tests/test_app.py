"""The web application without a browser: the desk, the guard, and answers as markup."""

import html
import json
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import app
from index.archive import Archive
from index.types import Document, Section, Span
from qa.assistant import Assistant
from qa.desk import LocalDesk
from qa.remote import Owner, RemoteDesk
from qa.settings import Settings
from qa.types import Answer, Citation, Variant
from tests.conftest import ROOT, HashEmbedder, RuleReader
from web import render
from web.export import as_text
from web.guard import HEADERS
from web.start import Examples, example_questions
from web.words import EN, ZH

_TOKEN = "t0ken"
_KNOWN = {"Authorization": f"Bearer {_TOKEN}"}
_REPORT = (
    "甲区年报\n2023年，甲区完成工业投资12.5亿元，同比增长8.1%。\n2023年，甲区新增就业3.2万人。\n"
)


@pytest.fixture
def desk(archive: Archive) -> LocalDesk:
    return LocalDesk(archive, Assistant(archive, RuleReader()))


@pytest.fixture
def settings(archive: Archive) -> Settings:
    return Settings(data=archive.folder, max_file_mb=1)


@pytest.fixture
def client(desk: LocalDesk, settings: Settings) -> Iterator[TestClient]:
    site = app.create_site(desk, settings, _TOKEN)
    with TestClient(site.app, base_url="http://127.0.0.1:7860") as client:
        yield client


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A server over an empty library, for the tests that change nothing."""
    with Archive(tmp_path_factory.mktemp("empty"), HashEmbedder) as archive:
        desk = LocalDesk(archive, Assistant(archive, RuleReader()))
        site = app.create_site(desk, Settings(data=archive.folder, max_file_mb=1), _TOKEN)
        with TestClient(site.app, base_url="http://127.0.0.1:7860") as client:
            yield client


@pytest.mark.parametrize("path", ["/nowhere", "/LIBRARY", "/widget/none", "/gradio_api/nowhere"])
def test_an_unknown_address_is_told_in_chinese(empty: TestClient, path: str) -> None:
    got = empty.get(path)
    assert got.status_code == 404
    assert got.json()["error"] == "没有这个地址。"


def _add(client: TestClient, name: str = "年报.txt", text: str = _REPORT) -> dict[str, str]:
    query = {"path": f"/{name}", "source": name}
    response = client.post("/desk/add", params=query, headers=_KNOWN, content=text.encode())
    assert response.status_code == 200
    added: dict[str, str] = response.json()
    return added


# -- the desk --------------------------------------------------------------------------------


def test_the_desk_adds_lists_shows_asks_and_removes(client: TestClient) -> None:
    added = _add(client)
    assert added["status"] == "added"
    [entry] = client.get("/desk/documents", headers=_KNOWN).json()["documents"]
    assert (entry["id"], entry["source"]) == (added["document_id"], "年报.txt")
    at = f"/desk/documents/{entry['id']}"
    assert "12.5亿元" in client.get(at, headers=_KNOWN).json()["text"]
    asked = client.post("/desk/ask", headers=_KNOWN, json={"question": "甲区工业投资是多少"}).json()
    [citation] = asked["citations"]
    assert "12.5亿元" in asked["short"]
    text = client.get(at, headers=_KNOWN).json()["text"]
    assert text[citation["start"] : citation["end"]] == citation["quote"]
    assert client.delete(at, headers=_KNOWN).json()["id"] == entry["id"]
    assert client.get(at, headers=_KNOWN).status_code == 404


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer wrong", _TOKEN, "Bearer t0kenn", "Bearer é"]
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/desk"),
        ("GET", "/desk/documents"),
        ("GET", "/desk/documents/x"),
        ("DELETE", "/desk/documents/x"),
        ("POST", "/desk/add?path=a&source=a"),
        ("POST", "/desk/ask"),
        ("POST", "/desk/examine?repair=1"),
    ],
)
def test_without_the_token_the_desk_says_nothing(
    empty: TestClient, method: str, path: str, header: str
) -> None:
    response = empty.request(method, path, headers={b"Authorization": header.encode("latin-1")})
    assert response.status_code == 401
    assert set(response.json()) == {"error"}


@pytest.mark.parametrize("document_id", ["nothing", "..%2F..%2Fetc%2Fpasswd", "%00", "' OR 1"])
def test_an_unknown_document_is_404_with_a_message(empty: TestClient, document_id: str) -> None:
    response = empty.get(f"/desk/documents/{document_id}", headers=_KNOWN)
    assert response.status_code == 404
    assert "error" in response.json()


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"question": 1}', b"\xff", b'"question"'])
def test_a_question_in_the_wrong_form_is_400(empty: TestClient, body: bytes) -> None:
    response = empty.post("/desk/ask", headers=_KNOWN, content=body)
    assert response.status_code == 400
    assert "question" in response.json()["error"]


def test_a_file_without_text_is_reported_not_raised(empty: TestClient) -> None:
    response = empty.post("/desk/add?path=/e&source=e.txt", headers=_KNOWN, content=b"")
    assert response.status_code == 200
    assert response.json()["status"] == "failed"


@pytest.mark.parametrize(
    "name", ['<img src=x onerror="1">.txt', "../../a.txt", "报告 $x$ [1](b).txt"]
)
def test_hostile_names_are_kept_as_text(client: TestClient, name: str) -> None:
    _add(client, name)
    [entry] = client.get("/desk/documents", headers=_KNOWN).json()["documents"]
    assert (entry["source"], entry["paths"]) == (name, [f"/{name}"])


# -- the guard -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/", "/health", "/desk", "/config", "/theme.css", "/nothing", "/docs"]
)
def test_every_response_has_the_headers(empty: TestClient, path: str) -> None:
    response = empty.get(path)
    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS
    assert "unsafe-eval" not in response.headers["content-security-policy"]


def test_health_is_open_and_documentation_is_not(empty: TestClient) -> None:
    assert empty.get("/health").json() == {"status": "ok"}
    assert {empty.get(path).status_code for path in ("/docs", "/redoc")} == {404}


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:9"])
@pytest.mark.parametrize("path", ["/", "/desk", "/config", "/gradio_api/queue/join"])
def test_no_foreign_origin_is_let_in(empty: TestClient, origin: str, path: str) -> None:
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    for response in (
        empty.get(path, headers={"Origin": origin}),
        empty.options(path, headers=asked),
    ):
        assert "access-control-allow-origin" not in response.headers


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:7860", "127.0.0.1.evil.example", "", "[::2]"]
)
def test_a_foreign_host_is_refused_by_a_local_server(empty: TestClient, host: str) -> None:
    for path in ("/", "/health", "/desk"):
        assert empty.get(path, headers={"Host": host}).status_code == 421


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:1", "127.0.0.1:7860", "[::1]:7860", "LOCALHOST"]
)
def test_its_own_names_are_answered(empty: TestClient, host: str) -> None:
    assert empty.get("/health", headers={"Host": host}).status_code == 200


def test_a_server_for_others_answers_to_any_name(desk: LocalDesk, settings: Settings) -> None:
    site = app.create_site(desk, replace(settings, host="0.0.0.0"), _TOKEN)
    assert TestClient(site.app).get("/health", headers={"Host": "youju.example"}).status_code == 200


def _pieces(length: int) -> Iterator[bytes]:
    """A body that does not say how long it is."""
    for _ in range(length // 100_000):
        yield b"a" * 100_000


@pytest.mark.parametrize(
    "path", ["/desk/add?path=/a&source=a.txt", "/desk/ask", "/gradio_api/queue/join"]
)
@pytest.mark.parametrize(
    "body", [b"a" * 1_000_001, lambda: _pieces(1_200_000)], ids=["said", "unsaid"]
)
def test_a_body_too_long_is_413_and_nothing_is_added(
    empty: TestClient, path: str, body: bytes | Callable[[], Iterator[bytes]]
) -> None:
    content = body() if callable(body) else body
    response = empty.post(path, headers=_KNOWN, content=content)
    assert response.status_code == 413
    assert "YOUJU_MAX_FILE_MB" in response.json()["error"]
    assert empty.get("/desk/documents", headers=_KNOWN).json() == {"documents": []}


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "..%2f..%2fetc%2fpasswd",
        "file:///etc/passwd",
        "app.py",
        "http://127.0.0.1:1/",
    ],
)
def test_gradio_gives_no_file(empty: TestClient, path: str) -> None:
    assert empty.get(f"/gradio_api/file={path}", follow_redirects=False).status_code in {403, 404}


# -- markup ----------------------------------------------------------------------------------

_HOSTILE = [
    "![图](http://evil.example/a.png)",
    "![图][r]\n\n[r]: http://evil.example/b.png",
    '<img src=x onerror="alert(1)"><script>alert(1)</script>',
    '<form action="http://evil.example"><input name=q></form>',
    "[点这里](javascript:alert(1)) <http://evil.example> http://evil.example www.evil.example a@evil.example",
    "# 大标题\n\n|a|b|\n|-|-|\n|1|2|\n\n```js\n1\n```\n\n- 项\n\n***\n\n> 引",
    "$$x^2$$ $y$ \\(z\\) \\[w\\] `code` **粗** _斜_ ~~删~~ &lt;b&gt; &#60;i&#62;",
    "</p></div></article><iframe src=http://evil.example></iframe>",
]


class _Tags(HTMLParser):
    """What a page would make of markup: its elements, and its text."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def _rendered(markup: str) -> _Tags:
    return _Tags(MarkdownIt("gfm-like", {"linkify": False}).render(markup))


@given(
    st.one_of(
        st.text(), st.sampled_from(_HOSTILE), st.text(alphabet="![]()<>*_`#|\\$&;:/.@-+=~\n\t h1")
    )
)
def test_escaped_text_is_shown_as_it_is_and_does_nothing(text: str) -> None:
    shown = "".join(c for c in text if c in "\n\t" or c > "\x9f" or c.isprintable())
    as_block = _rendered(f"<p>{render.escape(text)}</p>")
    assert as_block.tags == ["p"]
    assert as_block.text.rstrip("\n") == shown.rstrip("\n")
    assert set(_rendered(f"词{render.escape(text)}").tags) <= {"p"}


def _document(
    text: str, title: str = "年报", source: str = "年报.txt", paper: str = ""
) -> Document:
    return Document("d1", source, title, text, "2023-11-09", "15", paper)


def _answer(document: Document, quote: str, short: str) -> Answer:
    start = document.text.index(quote)
    citation = Citation.of(1, document, Span(start, start + len(quote)))
    return Answer("多少？", f"{quote}[1]", short, "extract", 0.9, (citation,))


def test_an_answer_shows_its_mode_short_answer_evidence_and_marker() -> None:
    document = _document(_REPORT)
    markup = render.answer_text(
        _answer(document, "2023年，甲区新增就业3.2万人。", "3.2万人"), "k-7"
    )
    assert "原文摘录" in markup
    assert f'<p class="yj-short">{render.escape("3.2万人")}</p>' in markup
    assert f"<strong>{render.escape('3.2万人')}</strong>" in markup
    assert 'href="#yj-source-k-7-1"' in markup
    said = "原文摘录很有把握3.2万人2023年，甲区新增就业3.2万人。[1]"
    assert _Tags(markup).text == f"{said}复制复制 Markdown重问有用有误"


@pytest.mark.parametrize(
    ("confidence", "said"), [(0.95, "很有把握"), (0.8, "较有把握"), (0.4, "请核对原文")]
)
def test_how_sure_an_answer_is_stands_in_words(confidence: float, said: str) -> None:
    found = _answer(_document(_REPORT), "2023年，甲区新增就业3.2万人。", "3.2万人")
    assert said in render.answer_text(replace(found, confidence=confidence), "k-1")


def test_a_calculation_shows_its_formula_with_the_markers_in_it_and_the_sentences() -> None:
    document = _document(_REPORT)
    quote = "2023年，甲区新增就业3.2万人。"
    found = _answer(document, quote, "约320人")
    text = f"3.2万人[1] ÷ <b>100[7] ≈ 320人。\n{quote}[1]"
    markup = render.answer_text(replace(found, mode="calculate", text=text), "k-7")
    shown = _Tags(markup).text
    assert shown.startswith("计算得出很有把握约320人3.2万人[1] ÷ <b>100[7] ≈ 320人。")
    assert f"{quote}[1]原文没有直接写出这个结果" in shown
    assert markup.count('href="#yj-source-k-7-1"') == 2
    assert "<b>" not in markup
    assert "计算得出" in as_text([("多少？", replace(found, mode="calculate"))], {}, ZH)


def test_values_that_differ_stand_together_each_with_the_date_of_its_document() -> None:
    document = _document(_REPORT)
    found = _answer(document, "2023年，甲区新增就业3.2万人。", "3.2万人")
    older = replace(found.citations[0], marker=2, document_id="d2", date="2022-01-05", title="旧报")
    markup = render.answer_text(replace(found, variants=(Variant("3.1万人", older),)), "k-1")
    shown = _Tags(markup).text
    assert "3.2万人2023-11-09年报[1]3.1万人2022-01-05旧报[2]" in shown
    assert 'href="#yj-source-k-1-2"' in markup
    sources = render.sources_text(replace(found, variants=(Variant("3.1万人", older),)), {}, "k-1")
    assert 'id="yj-source-k-1-2"' in sources


def test_the_interface_speaks_english_and_the_documents_their_own_language() -> None:
    document = _document(_REPORT)
    found = _answer(document, "2023年，甲区新增就业3.2万人。", "3.2万人")
    shown = _Tags(render.answer_text(found, "k-1", words=EN)).text
    assert shown == (
        "Verbatimvery sure3.2万人2023年，甲区新增就业3.2万人。[1]"
        "CopyCopy MarkdownAsk againHelpfulNot right"
    )
    refused = replace(found, mode="refuse", short="", citations=(), missing=("乙区",))
    assert "nothing was found on “乙区”" in _Tags(render.answer_text(refused, "k-1", words=EN)).text


def test_each_part_of_a_list_is_emphasised() -> None:
    document = _document("一带两城指生态海岸带，还有东部湾新城、江海之城。")
    markup = render.answer_text(
        _answer(document, document.text, "生态海岸带、东部湾新城、江海之城"), "k-1"
    )
    assert [
        markup.count(f"<strong>{p}</strong>") for p in ("生态海岸带", "东部湾新城", "江海之城")
    ] == [1, 1, 1]


def test_a_source_shows_where_it_is_and_marks_the_cited_characters() -> None:
    text = "题\n一、投资\n前文。完成投资12.5亿元。后文。\n二、其他\n无。"
    document = replace(
        _document(text, paper="某日报"),
        sections=(Section("一、投资", Span(2, 28)),),
    )
    markup = render.sources_text(
        _answer(document, "完成投资12.5亿元。", "12.5亿元"), {"d1": document}, "k-1"
    )
    assert f"<mark>{render.escape('完成投资12.5亿元。')}</mark>" in markup
    shown = _Tags(markup).text
    assert "某日报 · 2023-11-09 · 第15版 · 一、投资 · 年报.txt · 字符 10–21" in shown
    assert "前文。完成投资12.5亿元。后文。" in shown
    assert 'id="yj-source-k-1-1"' in markup


def test_a_page_of_a_paged_file_is_not_a_page_of_a_paper() -> None:
    document = replace(_document("第一页\n第二页有12人。"), page_starts=(0, 4))
    found = _answer(document, "第二页有12人。", "12人")
    assert "第2页" in render.whereabouts(found.citations[0], document)


def test_a_refusal_says_what_was_looked_for_and_labels_what_is_near() -> None:
    document = _document(_REPORT)
    nearest = (Citation.of(1, document, Span(5, 40)),)
    refusal = Answer("乙区？", "证据不足：没有依据的是“乙区”。", "", "refuse", 0.0, (), nearest)
    assert _Tags(render.answer_text(refusal, "k-1")).text.startswith("证据不足没有依据的是“乙区”。")
    sources = render.sources_text(refusal, {"d1": document}, "k-1")
    assert "相近段落（不是答案）" in sources
    assert "<mark>" not in sources


def test_a_near_sentence_that_may_answer_stands_out_and_nothing_else_does() -> None:
    text = "甲区年报\n前文说的是别的。完成投资12.5亿元。后文。\n"
    document = _document(text)

    def marked(*, likely: bool) -> list[str]:
        quotes = ("完成投资12.5亿元。", "前文说的是别的。")
        spans = (Span(text.index(quote), text.index(quote) + len(quote)) for quote in quotes)
        near = tuple(Citation.of(number, document, span) for number, span in enumerate(spans, 1))
        refusal = Answer("乙区？", "证据不足。", "", "refuse", 0.0, (), near, likely=likely)
        again = Answer.from_json(json.loads(json.dumps(refusal.as_json())))
        shown = html.unescape(render.sources_text(again, {"d1": document}, "k-1"))
        return list(dict.fromkeys(re.findall("<mark>(.*?)</mark>", shown)))

    assert marked(likely=True) == ["完成投资12.5亿元。"]
    assert marked(likely=False) == []


def test_a_source_whose_document_is_gone_is_its_quotation() -> None:
    document = _document(_REPORT)
    found = _answer(document, "2023年，甲区新增就业3.2万人。", "3.2万人")
    assert "甲区新增就业3.2万人。" in _Tags(render.sources_text(found, {}, "k-1")).text


@pytest.mark.parametrize("hostile", _HOSTILE)
def test_nothing_hostile_becomes_an_element(hostile: str) -> None:
    document = _document(f"甲\n{hostile}\n乙。完。", hostile, hostile, hostile)
    shown = replace(_answer(document, hostile, hostile), question=hostile)
    ours = {
        "div",
        "span",
        "p",
        "strong",
        "a",
        "section",
        "article",
        "bdi",
        "mark",
        "details",
        "summary",
        "ul",
        "li",
    }
    for markup in (
        render.question_text(hostile),
        render.answer_text(shown, "k-1", next_=[hostile]),
        render.answer_text(replace(shown, mode="refuse", missing=(hostile,)), "k-1"),
        render.sources_text(shown, {"d1": document}, "k-1"),
        render.apology(hostile),
    ):
        found = _rendered(markup)
        assert set(found.tags) <= ours
        assert found.tags == _Tags(markup).tags
        assert "evil.example" not in "".join(part for part in markup.split(">") if "href" in part)


@given(st.text(alphabet="甲乙\n。", min_size=1), st.data())
def test_paragraph_and_context_hold_the_span(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    span = Span(start, data.draw(st.integers(start, len(text))))
    limit = data.draw(st.integers(0, 9))
    paragraph = render.paragraph_around(text, span, limit)
    assert paragraph.holds(span)
    assert len(paragraph) <= len(span) + 2 * limit
    assert "\n" not in text[paragraph.start : span.start] + text[span.end : paragraph.end]
    assert render.context_around(_document(text), span, limit).holds(span)


@given(st.text(alphabet="甲1.2亿，\n", min_size=1), st.data())
def test_no_figure_is_cut_in_two(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    span = Span(start, data.draw(st.integers(start, len(text))))
    limit = data.draw(st.integers(0, 9))
    for shown in (
        render.paragraph_around(text, span, limit),
        render.context_around(_document(text), span, limit),
    ):
        assert shown.start in {0, span.start} or text[shown.start - 1] in "，\n"
        assert (
            shown.end in {len(text), span.end}
            or text[shown.end - 1] in "，\n"
            or (text[shown.end] == "\n")
        )


def test_a_long_answer_is_no_headline_and_a_long_list_stands_line_by_line() -> None:
    items = [f"{name}企业{'应当按时报送材料' * 5}、图表、附注" for name in "甲乙"]
    text = f"（一）{items[0]}；\n（二）{items[1]}。"
    document = _document(text)
    large = render.answer_text(_answer(document, text, items[0][:9]), "k-1")
    assert '<p class="yj-short">' in large
    listed = render.answer_text(_answer(document, text, "、".join(items)), "k-1")
    assert [_Tags(item).text for item in re.findall("<li>(.*?)</li>", listed)] == items
    assert '<ul class="yj-short yj-long">' in listed
    long = render.answer_text(_answer(document, text, items[0] + "；"), "k-1")
    assert '<p class="yj-short yj-long">' in long


def test_examples_are_questions_that_the_library_answers(
    desk: LocalDesk, settings: Settings
) -> None:
    (settings.data / "examples.txt").write_text(
        "\n".join(["甲区工业投资是多少", "", "丁市的市长是谁", "甲区新增就业多少人"]),
        encoding="utf-8",
    )
    assert example_questions(desk, settings) == []
    desk.add("/年报.txt", "年报.txt", _REPORT.encode())
    assert example_questions(desk, settings) == ["甲区工业投资是多少", "甲区新增就业多少人"]


def test_a_library_that_none_of_the_examples_fits_is_asked_in_its_own_words(
    desk: LocalDesk, settings: Settings
) -> None:
    (settings.data / "examples.txt").write_text("丁市的市长是谁\n", encoding="utf-8")
    desk.add("/年报.txt", "年报.txt", _REPORT.encode())
    examples = example_questions(desk, settings)
    assert examples == ["2023年工业投资是多少"]
    assert not any(desk.assistant.ask(question).refused for question in examples)


def test_examples_follow_the_library(desk: LocalDesk, settings: Settings) -> None:
    examples = Examples(desk, settings)
    assert examples.shown() == []
    desk.add("/年报.txt", "年报.txt", _REPORT.encode())
    deadline = time.monotonic() + 20
    while not examples.shown() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert examples.shown() == ["2023年工业投资是多少"]


# -- the process -----------------------------------------------------------------------------


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "app", *arguments]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )


def test_a_port_in_use_is_a_message(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = _run("--data", str(tmp_path), "--port", str(port))
    assert done.returncode == 1
    assert "--port" in done.stderr
    assert "YOUJU_PORT" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_library_in_use_is_a_message(archive: Archive) -> None:
    done = _run("--data", str(archive.folder), "--port", "0")
    assert done.returncode == 1
    assert "另一个 Youju 进程" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "sent", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.soak)]
)
def test_the_server_starts_with_samples_and_ends_cleanly(
    tmp_path: Path, sent: signal.Signals
) -> None:
    samples, data = tmp_path / "samples", tmp_path / "library"
    samples.mkdir()
    (samples / "年报.txt").write_text(_REPORT, encoding="utf-8")
    (samples / "空.txt").touch()
    command = [
        sys.executable,
        "-m",
        "app",
        "--data",
        str(data),
        "--port",
        "0",
        "--samples",
        str(samples),
    ]
    server = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    try:
        ready = next(line for line in server.stdout if "Youju 已就绪" in line)
        desk = RemoteDesk.connect(data)
        assert desk is not None
        assert "12.5亿元" in desk.ask("甲区工业投资是多少")["short"]
        desk.close()
        assert Owner.of(data) is not None
        url = ready.split("：", 1)[1].strip()
        # A page holds such a stream open as long as it is open.
        with urllib.request.urlopen(f"{url}/gradio_api/heartbeat/abc", timeout=5) as stream:
            assert stream.readline()
            server.send_signal(sent)
            _, errors = server.communicate(timeout=30)
    finally:
        server.kill()
    assert "timeout graceful shutdown exceeded" not in errors
    assert server.returncode == 0
    assert "未收录" in errors
    assert "Traceback" not in errors
    assert Owner.of(data) is None


def test_the_answers_of_the_desk_are_json_all_through() -> None:
    json.dumps(asdict(_document("文")), allow_nan=False)
