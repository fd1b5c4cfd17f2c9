"""The chat page in a real browser, over a real server, archive and reader."""

import gc
import re
import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Route, expect

import app
from index.archive import Archive
from qa.assistant import Assistant
from qa.desk import LocalDesk
from qa.feedback import FeedbackBook
from qa.settings import Settings
from qa.types import Findings, Passage
from tests.conftest import HashEmbedder, RuleReader
from tests.served import NOTHING_STORED, Watched
from web.guard import CONTENT_SECURITY_POLICY
from web.talk import Talk

_REPORT = """甲区年报
综述
2023年，甲区各项事业稳步推进。
工业
2023年，甲区完成工业投资12.5亿元，同比增长8.1%。
民生
2023年，甲区新增就业3.2万人。
"""
_HOSTILE = """乙区公告 <b>粗</b> ![图](http://evil.example/title.png)
2024年，乙区完成工业投资25.6亿元 ![图](http://evil.example/a.png) <img src="http://evil.example/b.png" \
onerror="document.title='被改'"> [链接](http://evil.example/c) <http://evil.example/d> http://evil.example/e \
<form action="http://evil.example/f"><input name="q"><button>交</button></form> \
<script>document.title='被改'</script><style>body{display:none}</style> $$x^2$$ $y$ **粗** `码` <mark>假</mark>。
"""
_HOSTILE_NAME = "公告 <img src=http:evil.example onerror=alert(1)> ![x](http:evil.example).txt"
_DOCUMENTS = {"年报.txt": _REPORT, _HOSTILE_NAME: _HOSTILE}
# What must not come of any text in what we render; Gradio's own icons hold style elements.
_ACTIVE = (
    ":is(.yj-answer, .yj-question, .yj-sources)"
    " :is(img, form, script, style, iframe, input, button, video, object, .katex)"
)
_QUESTION = "甲区工业投资是多少"


class _HeldReader(RuleReader):
    """Waits over questions that say so until it is let go, as a busy machine would; fails on others."""

    let_go = threading.Event()

    def read(self, question: str, passages: Sequence[Passage]) -> Findings:
        if "请慢" in question:
            assert self.let_go.wait(60)
        if "请坏" in question:
            raise RuntimeError("secret detail")
        return super().read(question, passages)


@pytest.fixture
def held() -> Iterator[threading.Event]:
    """What lets held answers go; at the latest when the test ends."""
    _HeldReader.let_go.clear()
    yield _HeldReader.let_go
    _HeldReader.let_go.set()


@contextmanager
def _serving(
    folder: Path, port: int = 0, documents: Mapping[str, str] | None = None
) -> Iterator[tuple[str, app.Server]]:
    """A server over two documents, one of them hostile, or over others; one question may wait."""
    (folder / "examples.txt").write_text(
        f"{_QUESTION}\n甲区新增就业多少人\n丁市市长是谁\n", encoding="utf-8"
    )
    with (
        Archive(folder, HashEmbedder) as archive,
        socket.create_server(("127.0.0.1", port)) as listener,
    ):
        for name, text in (_DOCUMENTS if documents is None else documents).items():
            archive.add(f"/{name}", name, text.encode())
        desk = LocalDesk(archive, Assistant(archive, _HeldReader()))
        ready = threading.Event()
        servers: list[app.Server] = []

        def serve() -> None:
            # Made where it runs: Playwright keeps an event loop in the thread of the tests.
            site = app.create_site(desk, Settings(data=folder, max_waiting=1), "token")
            servers.append(app.Server(site, ready.set))
            servers[0].run([listener])

        thread = threading.Thread(target=serve)
        thread.start()
        assert ready.wait(20)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}", servers[0]
        finally:
            servers[0].should_exit = True
            thread.join(20)
        assert not thread.is_alive()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("chat")


@pytest.fixture(scope="module")
def url(folder: Path) -> Iterator[str]:
    """The address of a server that the tests of this file share."""
    with _serving(folder) as (url, _):
        yield url


@pytest.fixture
def book(folder: Path) -> FeedbackBook:
    """What people said to that server."""
    return FeedbackBook(folder)


class _Visit(Watched):
    """The chat page, opened."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        super().__init__(context, url)
        self.page.goto(url)
        self.box = self.page.locator("#yj-question textarea")
        self.box.wait_for()
        # Told last: what is written before would be taken back.
        self.page.locator("#yj-greeting h1").wait_for()

    def ask(self, question: str) -> None:
        """Ask, and wait for the answer."""
        answers = self.page.locator("#yj-chat .yj-answer")
        before = answers.count()
        self.box.fill(question)
        self.box.press("Enter")
        expect(answers).to_have_count(before + 1)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN")
    yield context
    context.close()


@pytest.fixture
def visit(context: BrowserContext, url: str) -> Iterator[_Visit]:
    """A visit that ends without a complaint and without a request to another host."""
    visit = _Visit(context, url)
    yield visit
    assert visit.complaints == []
    assert visit.foreign() == []
    assert len(visit.requests) > 3


def test_the_page_is_chinese_and_says_what_it_holds(visit: _Visit) -> None:
    expect(visit.page).to_have_title("有据")
    expect(visit.page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(visit.page.locator("#yj-greeting")).to_contain_text("现有 2 份文档")
    response = visit.page.request.get(visit.url)
    assert response.headers["content-security-policy"] == CONTENT_SECURITY_POLICY


def test_an_answer_stands_out_and_its_source_is_marked(visit: _Visit) -> None:
    visit.ask(_QUESTION)
    answer = visit.page.locator("#yj-chat .yj-answer")
    expect(answer.locator(".yj-mode")).to_have_text("原文摘录")
    expect(answer.locator(".yj-short")).to_have_text("12.5亿元")
    expect(answer.locator(".yj-evidence strong")).to_have_text("12.5亿元")
    expect(answer.locator("a.yj-marker")).to_have_text("[1]")
    card = visit.page.locator("#yj-sources .yj-card")
    expect(card.locator(".yj-passage mark")).to_contain_text("完成工业投资12.5亿元")
    expect(card.locator(".yj-where")).to_contain_text(re.compile(r"年报\.txt · 字符 \d+–\d+"))
    expect(visit.box).to_have_value("")
    expect(visit.page.locator("#yj-chat [data-testid][aria-label]")).to_have_count(0)


def test_a_marker_opens_its_own_source(visit: _Visit) -> None:
    visit.ask(_QUESTION)
    for _ in range(3):
        visit.ask("甲区的人口是多少")
    # What is suggested under the last answer moves the page when it comes.
    expect(visit.page.locator("#yj-chat .yj-answer").last.locator(".yj-next")).to_be_visible()
    marker = visit.page.locator("#yj-chat a.yj-marker").first
    marker.scroll_into_view_if_needed()
    source = visit.page.locator("#yj-sources .yj-card").last
    expect(source).not_to_be_in_viewport()
    marker.hover()
    expect(source).to_have_class(re.compile("yj-hover"))
    marker.click()
    expect(source).to_be_in_viewport()
    expect(source).to_be_focused()
    expect(source).to_have_class(re.compile("yj-open"))
    assert visit.page.url == f"{visit.url}/"


def test_the_context_opens(visit: _Visit) -> None:
    visit.ask(_QUESTION)
    card = visit.page.locator("#yj-sources .yj-card").first
    expect(card.locator(".yj-context")).to_be_hidden()
    card.locator("summary").click()
    expect(card.locator(".yj-context")).to_be_visible()
    expect(card.locator(".yj-context mark")).to_contain_text("12.5亿元")


def test_a_refusal_is_labelled_and_marks_nothing(visit: _Visit) -> None:
    visit.ask("丙区工业投资是多少")
    answer = visit.page.locator("#yj-chat .yj-answer")
    expect(answer.locator(".yj-mode")).to_have_text("证据不足")
    expect(answer).to_contain_text("丙区")
    expect(answer.locator(".yj-short")).to_have_count(0)
    expect(visit.page.locator("#yj-sources .yj-note")).to_have_text("相近段落（不是答案）")
    expect(visit.page.locator("#yj-sources mark")).to_have_count(0)


def test_an_example_is_asked_by_a_click(visit: _Visit) -> None:
    examples = visit.page.locator("#yj-chat .example")
    expect(examples).to_have_count(2)
    examples.first.click()
    expect(visit.page.locator("#yj-chat .yj-short")).to_have_text("12.5亿元")
    expect(visit.page.locator("#yj-chat .yj-question")).to_have_text(_QUESTION)


def test_a_cleared_conversation_starts_anew(visit: _Visit) -> None:
    visit.ask(_QUESTION)
    visit.page.get_by_label("清空对话").click()
    expect(visit.page.locator("#yj-sources .yj-card")).to_have_count(0)
    visit.ask(_QUESTION)
    expect(visit.page.locator("#yj-sources .yj-card")).to_have_count(1)
    visit.page.reload()
    expect(visit.page.locator("#yj-chat .yj-answer")).to_have_count(1)


def test_a_source_opens_whole_at_the_cited_place(visit: _Visit) -> None:
    visit.ask(_QUESTION)
    visit.page.locator("#yj-sources .yj-view").first.click()
    dialog = visit.page.get_by_role("dialog")
    expect(dialog.locator("mark")).to_have_text("2023年，甲区完成工业投资12.5亿元，同比增长8.1%。")
    expect(dialog).to_contain_text("2023年，甲区新增就业3.2万人。")
    visit.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(visit.page.locator("#yj-sources .yj-view").first).to_be_focused()


def test_a_hostile_source_opens_as_text(visit: _Visit) -> None:
    visit.ask("乙区工业投资是多少")
    visit.page.locator("#yj-sources .yj-view").first.click()
    dialog = visit.page.get_by_role("dialog")
    expect(dialog).to_contain_text("<script>document.title='被改'</script>")
    expect(dialog.locator(":is(img, form, script, iframe):not(.page img)")).to_have_count(0)
    expect(visit.page).to_have_title("有据")


def test_a_follow_up_shows_what_it_became_and_can_be_edited(visit: _Visit) -> None:
    visit.ask(_QUESTION)
    visit.ask("增长多少")
    answer = visit.page.locator("#yj-chat .yj-answer").last
    expect(answer.locator(".yj-understood")).to_have_text("甲区工业投资增长多少")
    answer.locator(".yj-edit").click()
    expect(visit.box).to_have_value("甲区工业投资增长多少")
    expect(visit.box).to_be_focused()


def test_a_conversation_is_there_after_a_reload_until_it_is_cleared(visit: _Visit) -> None:
    visit.ask(_QUESTION)
    visit.page.reload()
    expect(visit.page.locator("#yj-chat .yj-short")).to_have_text("12.5亿元")
    expect(visit.page.locator("#yj-sources mark").first).to_contain_text("工业投资12.5亿元")
    visit.ask("增长多少")
    expect(visit.page.locator("#yj-chat .yj-understood")).to_have_text("甲区工业投资增长多少")
    visit.page.get_by_label("清空对话").click()
    expect(visit.page.locator("#yj-chat .yj-answer")).to_have_count(0)
    visit.page.reload()
    expect(visit.page.locator("#yj-chat .example").first).to_be_visible()
    expect(visit.page.locator("#yj-chat .yj-answer")).to_have_count(0)


def test_each_tab_has_a_conversation_of_its_own(context: BrowserContext, url: str) -> None:
    one = _Visit(context, url)
    one.ask(_QUESTION)
    other = _Visit(context, url)
    expect(other.page.get_by_role("button", name="继续上次的对话")).to_be_visible()
    expect(other.page.locator("#yj-chat .yj-answer")).to_have_count(0)
    other.ask("甲区新增就业多少人")
    expect(other.page.get_by_role("button", name="继续上次的对话")).to_be_hidden()
    for visit, short in ((one, "12.5亿元"), (other, "3.2万人"), (one, "12.5亿元")):
        visit.page.reload()
        expect(visit.page.locator("#yj-chat .yj-short")).to_have_text([short])
        expect(visit.page.get_by_role("button", name="继续上次的对话")).to_be_hidden()
    one.ask("增长多少")
    expect(one.page.locator("#yj-chat .yj-understood")).to_have_text("甲区工业投资增长多少")
    other.page.reload()
    expect(other.page.locator("#yj-chat .yj-short")).to_have_text(["3.2万人"])


def _goes_on(visit: _Visit) -> None:
    """The conversation is there with its sources, is leaned on by what follows, and is kept."""
    expect(visit.page.locator("#yj-chat .yj-short")).to_have_text(["12.5亿元"])
    expect(visit.page.locator("#yj-sources mark").first).to_contain_text("工业投资12.5亿元")
    visit.ask("增长多少")
    expect(visit.page.locator("#yj-chat .yj-understood")).to_have_text("甲区工业投资增长多少")
    visit.page.reload()
    expect(visit.page.locator("#yj-chat .yj-short")).to_have_text(["12.5亿元", "8.1%"])


def test_a_new_tab_goes_on_with_the_latest_conversation(context: BrowserContext, url: str) -> None:
    for question in ("甲区新增就业多少人", _QUESTION):
        visit = _Visit(context, url)
        visit.ask(question)
        visit.page.close()
    visit = _Visit(context, url)
    visit.page.get_by_role("button", name=f"继续上次的对话：{_QUESTION}").press("Enter")
    _goes_on(visit)


def test_what_is_cleared_can_be_had_back(visit: _Visit) -> None:
    visit.ask(_QUESTION)
    visit.page.get_by_label("清空对话").press("Enter")
    expect(visit.page.locator("#yj-chat .yj-answer")).to_have_count(0)
    # The keyboard goes on where the button was that is gone.
    undo = visit.page.get_by_role("button", name="撤销")
    expect(undo).to_be_focused()
    visit.page.keyboard.press("Enter")
    expect(undo).to_be_hidden()
    expect(visit.box).to_be_focused()
    _goes_on(visit)


def test_a_browser_that_stores_nothing_is_answered(context: BrowserContext, url: str) -> None:
    context.add_init_script(NOTHING_STORED)
    visit = _Visit(context, url)
    visit.ask(_QUESTION)
    expect(visit.page.locator("#yj-chat .yj-short")).to_have_text(["12.5亿元"])
    visit.ask("增长多少")
    expect(visit.page.locator("#yj-chat .yj-understood")).to_have_text("甲区工业投资增长多少")
    visit.page.get_by_label("清空对话").click()
    expect(visit.page.locator("#yj-chat .yj-answer")).to_have_count(0)
    assert visit.complaints == []


# Notes in the page itself how long each offer to take back a clearing stood, in seconds: a busy
# machine looks late at what is shown.
_NOTING_OFFERS = """
window.stood = [];
let since = null;
new MutationObserver(() => {
  const shown = document.querySelector("#yj-back")?.offsetParent != null;
  if (shown && since === null) since = performance.now();
  if (!shown && since !== null) {
    window.stood.push((performance.now() - since) / 1000);
    since = null;
  }
}).observe(document, { subtree: true, childList: true, attributes: true });
"""


def test_what_is_cleared_is_forgotten_after_a_while(
    context: BrowserContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = 3
    monkeypatch.setattr(app, "_CLEARED_KEPT", kept)
    context.add_init_script(_NOTING_OFFERS)
    with _serving(tmp_path) as (url, _):
        visit = _Visit(context, url)
        undo = visit.page.get_by_role("button", name="撤销")

        def clear() -> None:
            visit.page.get_by_label("清空对话").click()
            expect(undo).to_be_visible()

        visit.ask(_QUESTION)
        for _ in range(2):
            clear()
            expect(undo).to_be_hidden()
            expect(visit.page.locator("#yj-chat .yj-answer")).to_have_count(0)
            visit.ask(_QUESTION)
        # What is asked takes the place of the offer, and the next offer has all its time.
        clear()
        visit.page.wait_for_timeout(kept * 600)
        visit.ask(_QUESTION)
        clear()
        expect(undo).to_be_hidden()
        first, second, _, last = visit.page.evaluate("window.stood")
        assert min(first, second, last) > kept - 0.5, (first, second, last)
        assert visit.complaints == []
        visit.page.close()


def test_what_was_cleared_is_soon_gone_from_the_server(
    context: BrowserContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "_CLEARED_KEPT", 2)

    def remembered(key: str) -> bool:
        gc.collect()
        # Not isinstance, which asks every object for its class: some of PyTorch's warn at that.
        talks = (one for one in gc.get_objects() if type(one) is Talk)
        return any(talk.exchanges for talk in talks if talk.key == key)

    with _serving(tmp_path) as (url, _):
        visit = _Visit(context, url)
        visit.ask(_QUESTION)
        exports = visit.page.get_by_text("导出 Word").get_attribute("href") or ""
        key = exports.split("/")[2]
        assert remembered(key)
        visit.page.get_by_label("清空对话").click()
        expect(visit.page.locator("#yj-chat .yj-answer")).to_have_count(0)
        deadline = time.monotonic() + 30
        while remembered(key):
            assert time.monotonic() < deadline
            visit.page.wait_for_timeout(200)
        visit.page.close()


def _clear_during_an_answer(visit: _Visit) -> None:
    visit.ask(_QUESTION)
    visit.box.fill(f"{_QUESTION}，请慢")
    visit.box.press("Enter")
    expect(visit.page.locator("#yj-question .stop-button")).to_be_visible()
    visit.page.get_by_label("清空对话").click()


def test_what_is_cleared_during_an_answer_can_be_had_back(
    visit: _Visit, held: threading.Event
) -> None:
    _clear_during_an_answer(visit)
    visit.page.get_by_role("button", name="撤销").click()
    expect(visit.page.locator("#yj-chat .yj-short")).to_have_text(["12.5亿元"])
    held.set()
    expect(visit.page.locator("#yj-question .submit-button")).to_be_visible()
    expect(visit.page.locator("#yj-chat .yj-short")).to_have_text(["12.5亿元"])
    visit.page.reload()
    expect(visit.page.locator("#yj-chat .yj-short")).to_have_text(["12.5亿元"])


def test_what_is_cleared_is_offered_to_no_other_tab(context: BrowserContext, url: str) -> None:
    visit = _Visit(context, url)
    visit.ask(_QUESTION)
    visit.page.get_by_label("清空对话").click()
    expect(visit.page.locator("#yj-chat .yj-answer")).to_have_count(0)
    other = _Visit(context, url)
    expect(other.page.locator("#yj-greeting")).to_contain_text("现有 2 份文档")
    expect(other.page.get_by_role("button", name="继续上次的对话")).to_be_hidden()


def test_a_suggested_question_is_asked_by_a_click(visit: _Visit) -> None:
    visit.ask("丙区工业投资是多少")
    suggested = visit.page.locator("#yj-chat a.yj-ask").first
    expect(suggested).to_be_visible()
    text = suggested.inner_text()
    suggested.click()
    expect(visit.page.locator("#yj-chat .yj-answer")).to_have_count(2)
    expect(visit.page.locator("#yj-chat .yj-question").last).to_have_text(text)
    expect(visit.page.locator("#yj-chat .yj-mode").last).to_have_text("原文摘录")


def test_a_suggested_question_waits_for_the_answer_under_way(
    visit: _Visit, held: threading.Event
) -> None:
    visit.ask("丙区工业投资是多少")
    suggested = visit.page.locator("#yj-chat a.yj-ask").first
    text = suggested.inner_text()
    visit.box.fill(f"{_QUESTION}，请慢")
    visit.box.press("Enter")
    expect(visit.page.locator("#yj-question .stop-button")).to_be_visible()
    suggested.click()
    expect(visit.page.locator(".yj-banner")).to_contain_text("上一个问题答完")
    held.set()
    asked = visit.page.locator("#yj-chat .yj-question")
    expect(asked).to_have_text(["丙区工业投资是多少", f"{_QUESTION}，请慢", text])
    expect(visit.page.locator("#yj-chat .yj-answer")).to_have_count(3)
    expect(visit.box).to_have_value("")


def test_an_answer_is_asked_for_again(visit: _Visit) -> None:
    visit.ask(_QUESTION)
    visit.page.locator("a.yj-again").dblclick()
    expect(visit.page.locator("#yj-chat .yj-answer")).to_have_count(2)
    expect(visit.page.locator("#yj-chat .yj-question").last).to_have_text(_QUESTION)
    expect(visit.page.locator("#yj-question .submit-button")).to_be_visible()
    visit.ask("甲区新增就业多少人")
    expect(visit.page.locator("#yj-chat .yj-answer")).to_have_count(3)


def test_an_answer_is_copied_with_its_source(context: BrowserContext, visit: _Visit) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit.ask(_QUESTION)
    visit.page.locator("a.yj-copy").click()
    expect(visit.page.locator(".yj-said")).to_have_text("已复制")
    copied = visit.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"{_QUESTION}\n原文摘录\n12.5亿元\n")
    assert "年报.txt · 字符 " in copied
    visit.page.locator("a.yj-copy-markdown").click()
    visit.page.wait_for_function("navigator.clipboard.readText().then(t => t.startsWith('## '))")


@pytest.mark.parametrize(("form", "start"), [("Word", b"PK"), ("Markdown", b"## ")])
def test_a_conversation_is_exported(visit: _Visit, form: str, start: bytes) -> None:
    expect(visit.page.get_by_text(f"导出 {form}")).to_be_hidden()
    visit.ask(_QUESTION)
    with visit.page.expect_download() as download:
        visit.page.get_by_text(f"导出 {form}").click()
    assert Path(download.value.path()).read_bytes().startswith(start)


def test_an_export_that_fails_leaves_the_page(context: BrowserContext, url: str) -> None:
    visit = _Visit(context, url)
    visit.ask(_QUESTION)
    visit.page.route("**/talk/**", lambda route: route.fulfill(status=404, json={"error": "无"}))
    visit.page.get_by_text("导出 Word").click()
    expect(visit.page.locator(".yj-banner")).to_contain_text("没有成功")
    expect(visit.page.locator("#yj-chat .yj-short")).to_have_text("12.5亿元")


def test_people_say_what_they_think_of_an_answer(visit: _Visit, book: FeedbackBook) -> None:
    before = len(book.all())
    visit.ask(_QUESTION)
    visit.page.locator("a.yj-up").click()
    expect(visit.page.locator(".yj-said")).to_have_text("谢谢，已记下")
    visit.page.locator("a.yj-down").click()
    dialog = visit.page.get_by_role("dialog")
    dialog.get_by_label("答案不对").check()
    dialog.get_by_label("正确的答案").fill("12.6亿元")
    dialog.get_by_role("button", name="提交").click()
    expect(visit.page.locator("a.yj-down.yj-done")).to_be_visible()
    up, down = book.all()[before:]
    assert (up.question, up.rating, up.answer["short"]) == (_QUESTION, "up", "12.5亿元")
    assert (down.rating, down.reason, down.correction) == ("down", "wrong", "12.6亿元")


def test_a_complaint_is_made_or_taken_back_with_the_keyboard(
    visit: _Visit, book: FeedbackBook
) -> None:
    before = len(book.all())
    visit.ask(_QUESTION)
    visit.page.locator("a.yj-down").focus()
    visit.page.keyboard.press("Enter")
    expect(visit.page.get_by_role("dialog")).to_be_visible()
    visit.page.keyboard.press("Escape")
    expect(visit.page.get_by_role("dialog")).to_have_count(0)
    expect(visit.page.locator("a.yj-down")).to_be_focused()
    visit.page.keyboard.press("Enter")
    visit.page.get_by_role("dialog").get_by_role("button", name="取消").press("Enter")
    expect(visit.page.get_by_role("dialog")).to_have_count(0)
    assert len(book.all()) == before
    visit.page.keyboard.press("Enter")
    for key in ("Space", "ArrowDown", "Enter"):
        visit.page.keyboard.press(key)
    expect(visit.page.locator("a.yj-down.yj-done")).to_be_focused()
    assert [said.reason for said in book.all()[before:]] == ["citation"]


def test_an_answer_under_way_is_stopped(visit: _Visit, held: threading.Event) -> None:
    visit.box.fill(f"{_QUESTION}，请慢")
    visit.box.press("Enter")
    stop = visit.page.locator("#yj-question .stop-button")
    expect(stop).to_be_visible()
    with visit.page.expect_response("**/gradio_api/run/**"):
        stop.click()
    held.set()
    expect(visit.page.locator("#yj-question .submit-button")).to_be_visible()
    expect(visit.page.locator("#yj-chat .yj-question")).to_have_count(0)
    visit.ask(_QUESTION)
    expect(visit.page.locator("#yj-chat .yj-short")).to_have_text("12.5亿元")


def test_what_is_sent_during_an_answer_is_asked_after_it(
    visit: _Visit, held: threading.Event
) -> None:
    visit.box.fill(f"{_QUESTION}，请慢")
    visit.box.press("Enter")
    expect(visit.page.locator("#yj-question .stop-button")).to_be_visible()
    visit.box.fill("甲区新增就业多少人")
    visit.box.press("Enter")
    banner = visit.page.locator(".yj-banner")
    expect(banner).to_contain_text("上一个问题答完")
    held.set()
    expect(visit.page.locator("#yj-chat .yj-short")).to_have_text(["12.5亿元", "3.2万人"])
    expect(visit.box).to_have_value("")
    expect(banner).to_be_hidden()


def test_who_goes_on_does_not_wait_for_what_is_suggested(
    visit: _Visit, held: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    suggest = Assistant.suggest

    def late(*given: Any, **named: Any) -> Iterator[str]:  # noqa: ANN401
        assert held.wait(60)
        return suggest(*given, **named)

    monkeypatch.setattr(Assistant, "suggest", late)
    visit.ask(_QUESTION)
    visit.ask("甲区新增就业多少人")
    expect(visit.page.locator("#yj-chat .yj-short")).to_have_text(["12.5亿元", "3.2万人"])
    held.set()
    # Only what is suggested under the last answer is still of use.
    expect(visit.page.locator("#yj-chat .yj-answer").last.locator(".yj-next")).to_be_visible()
    expect(visit.page.locator("#yj-chat .yj-next")).to_have_count(1)


def test_what_is_cleared_during_an_answer_stays_cleared(
    visit: _Visit, held: threading.Event
) -> None:
    _clear_during_an_answer(visit)
    held.set()
    expect(visit.page.locator("#yj-question .submit-button")).to_be_visible()
    expect(visit.page.locator("#yj-chat .yj-answer")).to_have_count(0)
    expect(visit.page.locator("#yj-sources .yj-card")).to_have_count(0)


def test_only_chosen_documents_are_asked(context: BrowserContext, url: str) -> None:
    visit = _Visit(context, url)
    visit.page.goto(f"{url}/?from=2030")
    visit.box.wait_for()
    expect(visit.page.get_by_label("文档日期从")).to_have_value("2030")
    visit.ask(_QUESTION)
    expect(visit.page.locator("#yj-chat .yj-answer")).to_contain_text("范围里没有文档")


def test_the_scope_is_told_and_a_date_that_is_none_is_not_passed_over(visit: _Visit) -> None:
    scope = visit.page.locator("#yj-scope")
    since = visit.page.get_by_label("文档日期从")
    scope.get_by_role("button", name="提问范围").click()
    expect(since).to_have_attribute("placeholder", "如 2023-01-01")
    since.fill("去年")
    since.blur()
    expect(scope).to_contain_text("没有看懂日期“去年”")
    visit.ask(_QUESTION)
    expect(visit.page.locator("#yj-chat .yj-answer")).to_contain_text("没有看懂日期“去年”")
    expect(visit.page.locator("#yj-chat .yj-short")).to_have_count(0)
    since.fill("2023年")
    since.blur()
    expect(scope).to_contain_text("提问范围 · 2023 – …")


def test_a_chosen_document_is_taken_out_by_its_name(context: BrowserContext, url: str) -> None:
    visit = _Visit(context, f"{url}/?lang=en")
    visit.page.locator("#yj-scope .label-wrap").click()
    documents = visit.page.get_by_role("combobox", name="Search these documents only")
    documents.fill("甲区")
    documents.press("Enter")
    scope = visit.page.locator("#yj-scope .label-wrap")
    expect(scope).to_contain_text("Scope · 1 document")
    expect(scope).not_to_contain_text("documents")
    visit.page.locator("#yj-scope .token").get_by_title("Remove: 甲区年报").press("Enter")
    expect(scope).not_to_contain_text("1 document")


def test_what_has_the_keyboard_is_marked(visit: _Visit) -> None:
    visit.ask("丙区工业投资是多少")
    expect(visit.page.locator("#yj-chat .yj-next")).to_be_visible()
    colour = visit.page.evaluate(
        "getComputedStyle(document.querySelector('#yj-question .submit-button')).backgroundColor"
    )
    for place in (
        "nav a",
        ".icon-button",
        ".yj-copy",
        ".yj-ask",
        ".submit-button",
        ".label-wrap",
        "summary",
    ):
        target = visit.page.locator(place).first
        # The keyboard it is that goes there.
        visit.page.keyboard.press("Shift")
        target.focus()
        outline = target.evaluate(
            "e => [getComputedStyle(e).outlineWidth, getComputedStyle(e).outlineColor]"
        )
        assert outline == ["2px", colour], place


def test_a_scope_opened_before_the_page_is_ready_stays_open(visit: _Visit) -> None:
    late: list[Route] = []

    def hold(route: Route) -> None:
        if late:
            route.continue_()
        late.append(route)

    visit.page.route("**/gradio_api/run/**", hold)
    visit.page.reload()
    scope = visit.page.locator("#yj-scope").get_by_role("button", name="提问范围")
    expect(scope).to_have_attribute("aria-expanded", "false")
    scope.click()
    since = visit.page.get_by_label("文档日期从")
    expect(since).to_be_visible()
    expect(scope).to_have_attribute("aria-expanded", "true")
    late[0].continue_()
    expect(visit.page.locator("#yj-greeting")).to_contain_text("现有 2 份文档")
    visit.page.wait_for_timeout(200)
    expect(since).to_be_visible()


def test_the_page_speaks_english_to_who_asks_for_it(context: BrowserContext, url: str) -> None:
    visit = _Visit(context, f"{url}/?lang=en")
    expect(visit.page.locator("html")).to_have_attribute("lang", "en")
    expect(visit.page.locator("#yj-greeting")).to_contain_text("2 documents")
    visit.ask(_QUESTION)
    expect(visit.page.locator("#yj-chat .yj-mode")).to_have_text("Verbatim")
    expect(visit.page.get_by_role("log", name="Conversation")).to_be_visible()
    expect(visit.page.get_by_role("button", name="Clear the conversation")).to_be_visible()
    visit.page.get_by_text("中文").click()
    expect(visit.page.locator("#yj-greeting")).to_contain_text("现有 2 份文档")
    expect(visit.page.locator("#yj-chat .yj-mode")).to_have_text("原文摘录")


def test_a_hostile_document_is_text(visit: _Visit) -> None:
    visit.ask("乙区工业投资是多少")
    chat = visit.page.locator("#yj-main")
    expect(chat.locator(".yj-short")).to_have_text("25.6亿元")
    card = visit.page.locator("#yj-sources .yj-card").first
    for shown in (
        "![图](http://evil.example/a.png)",
        "<script>",
        "<form action=",
        "$$x^2$$",
        "**粗**",
        "`码`",
    ):
        expect(card.locator(".yj-passage")).to_contain_text(shown)
    expect(card.locator(".yj-where")).to_contain_text("onerror=alert(1)")
    expect(chat.locator(_ACTIVE)).to_have_count(0)
    ours = ":not(.yj-marker, .yj-act, .yj-ask)"
    expect(chat.locator(f"a[href]{ours}")).to_have_count(0)
    expect(chat.locator(".yj-card code, .yj-card b, .yj-answer code, .yj-answer b")).to_have_count(
        0
    )
    expect(card.locator(".yj-passage mark")).to_have_count(1)
    expect(visit.page).to_have_title("有据")


@pytest.mark.parametrize(
    "question",
    [
        "![图](http://evil.example/a.png) <img src=http://evil.example/b.png onerror=alert(1)>",
        "# 标题 **粗** `码` $$x$$ [链接](http://evil.example) http://evil.example www.evil.example",
        '</p></div><script>document.title="被改"</script><form action=/x><input></form>',
    ],
)
def test_a_hostile_question_is_text(visit: _Visit, question: str) -> None:
    visit.ask(question)
    chat = visit.page.locator("#yj-main")
    expect(chat.locator(".message-row .yj-question")).to_have_text(question)
    expect(chat.locator(".user-row :is(h1, code, b, strong, a, input)")).to_have_count(0)
    expect(chat.locator(_ACTIVE)).to_have_count(0)
    expect(visit.page).to_have_title("有据")
    other = _Visit(visit.page.context, visit.url)
    back = other.page.get_by_role("button", name="继续上次的对话")
    expect(back).to_have_text(f"继续上次的对话：{question[:40]}…")
    expect(back.locator("*")).to_have_count(0)


def test_a_question_cannot_be_typed_longer_than_allowed(visit: _Visit) -> None:
    visit.box.fill("")
    visit.page.keyboard.insert_text("问" * 1000)
    expect(visit.box).to_have_value("问" * 500)
    visit.box.evaluate(
        """box => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text", "再问");
            box.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
        }"""
    )
    expect(visit.page.locator(".yj-banner")).to_contain_text("最长 500 字")


def test_a_failure_is_one_sentence(visit: _Visit) -> None:
    visit.ask("甲区工业投资是多少，请坏")
    answer = visit.page.locator("#yj-chat .yj-answer")
    expect(answer).to_contain_text("回答时出了错")
    expect(answer).not_to_contain_text("secret")
    visit.ask(_QUESTION)
    expect(visit.page.locator("#yj-chat .yj-short")).to_have_text("12.5亿元")


# tests/test_crowd.py tries the same without a browser.
@pytest.mark.soak
def test_two_people_ask_at_once_and_a_crowd_is_told_to_wait(
    browser: Browser, url: str, held: threading.Event
) -> None:
    contexts = [browser.new_context(locale="zh-CN") for _ in range(4)]
    visits = [_Visit(context, url) for context in contexts]
    for visit in visits[:2]:
        visit.box.fill(f"{_QUESTION}，请慢")
        visit.box.press("Enter")
    for visit in visits[:2]:
        expect(visit.page.locator("#yj-chat")).to_contain_text("正在读找到的段落")
    for visit in visits[2:]:
        visit.box.fill(_QUESTION)
        visit.box.press("Enter")
        if visit is visits[2]:
            expect(visit.page.locator(".yj-banner")).to_contain_text("正在排队")
    expect(visits[3].page.locator(".toast-wrap")).to_contain_text("现在提问的人很多")
    expect(visits[2].page.locator(".yj-banner")).to_contain_text("正在排队")
    held.set()
    for visit in visits[:3]:
        expect(visit.page.locator("#yj-chat .yj-short")).to_have_text("12.5亿元")
    expect(visits[2].page.locator(".yj-banner")).to_be_hidden()
    expect(visits[3].box).to_have_value(_QUESTION)
    for context in contexts:
        context.close()


def test_a_server_that_stops_finishes_the_answer_under_way(
    context: BrowserContext, tmp_path: Path, held: threading.Event
) -> None:
    with _serving(tmp_path) as (url, server):
        visit = _Visit(context, url)
        visit.box.fill(f"{_QUESTION}，请慢")
        visit.box.press("Enter")
        expect(visit.page.locator("#yj-chat")).to_contain_text("正在读找到的段落")
        server.should_exit = True
        while visit.page.request.get(f"{url}/api/v1/ready").ok:
            visit.page.wait_for_timeout(50)
        held.set()
        expect(visit.page.locator("#yj-chat .yj-short")).to_have_text("12.5亿元")


def test_a_server_that_is_gone_is_waited_for(context: BrowserContext, tmp_path: Path) -> None:
    with _serving(tmp_path) as (url, _):
        visit = _Visit(context, url)
        visit.ask(_QUESTION)
    visit.box.fill("增长多少")
    visit.box.press("Enter")
    banner = visit.page.locator(".yj-banner")
    expect(banner).to_contain_text("与服务器的连接断了")
    expect(visit.page.locator(".toast-wrap")).to_be_hidden()
    with _serving(tmp_path, int(url.rpartition(":")[2])):
        expect(banner).to_have_count(0)
        expect(visit.page.locator("#yj-chat .yj-short")).to_have_text("12.5亿元")
        expect(visit.box).to_have_value("增长多少")
        visit.page.close()


def test_a_page_that_the_server_has_forgotten_goes_on_with_its_conversation(
    context: BrowserContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "_PAGES_KEPT", 1)
    with _serving(tmp_path) as (url, _):
        first = _Visit(context, url)
        first.ask(_QUESTION)
        second = _Visit(context, url)
        second.ask("甲区新增就业多少人")
        first.ask("增长多少")
        expect(first.page.locator("#yj-chat .yj-understood")).to_have_text("甲区工业投资增长多少")
        expect(first.page.locator("#yj-chat .yj-short")).to_have_text(["12.5亿元", "8.1%"])
        third = _Visit(context, url)
        back = third.page.get_by_role("button", name="继续上次的对话：增长多少")
        expect(back).to_be_visible()
        second.page.reload()
        expect(second.page.locator("#yj-chat .yj-short")).to_have_text(["3.2万人"])
        back.click()
        expect(third.page.locator("#yj-chat .yj-short")).to_have_text(["12.5亿元", "8.1%"])
        for visit in (first, second, third):
            visit.page.close()


def test_an_empty_library_says_where_to_fill_it(context: BrowserContext, tmp_path: Path) -> None:
    with _serving(tmp_path, documents={}) as (url, _):
        visit = _Visit(context, url)
        link = visit.page.locator("#yj-chat").get_by_role("link", name="去上传文件")
        expect(link).to_be_visible()
        visit.ask(_QUESTION)
        expect(visit.page.locator("#yj-chat .yj-answer")).to_contain_text("资料库里没有相关内容")
        visit.page.close()


@pytest.mark.parametrize(("width", "height"), [(360, 640), (720, 450), (1600, 800)])
def test_no_width_scrolls_sideways_or_hides_the_question(
    context: BrowserContext, url: str, width: int, height: int
) -> None:
    visit = _Visit(context, url)
    visit.page.set_viewport_size({"width": width, "height": height})
    for question in (_QUESTION, "乙区工业投资是多少", "甲" * 300 + "x" * 150):
        visit.ask(question)
    scrolled, shown = visit.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert scrolled <= shown
    expect(visit.page.locator("#yj-question .submit-button")).to_be_in_viewport()
    # The answer is read from its beginning, and nothing lies over the question.
    asked = visit.page.locator("#yj-chat .yj-question").last
    expect(asked).to_be_in_viewport()
    clears = visit.page.get_by_label("清空对话").bounding_box()
    stands = asked.bounding_box()
    assert clears
    assert stands
    assert clears["y"] + clears["height"] <= stands["y"]
    # And what asks for what is wrong has a margin at both sides.
    visit.page.locator(".yj-down").last.click()
    asks = visit.page.get_by_role("dialog").bounding_box()
    assert asks
    assert asks["x"] >= 8
    assert asks["x"] + asks["width"] <= width - 8


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_is_legible(browser: Browser, url: str, scheme: str) -> None:
    context = browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light", locale="zh-CN"
    )
    visit = _Visit(context, url)
    visit.ask(_QUESTION)
    visit.ask("丙区工业投资是多少")
    visit.page.locator("#yj-scope .label-wrap").click()
    visit.page.get_by_role("combobox").fill("甲区")
    visit.page.keyboard.press("Enter")
    visit.page.get_by_role("combobox").fill("")
    expect(visit.page.locator("#yj-scope .token")).to_be_visible()
    for place in (".yj-short", ".yj-evidence", ".yj-mode", ".yj-marker", ".yj-question", ".yj-where", "mark",
                  ".yj-note", "summary", "#yj-greeting p", ".submit-button", "#yj-scope .label-wrap span",
                  "#yj-scope [data-testid=block-info]", "#yj-scope .token span", "#yj-scope textarea",
                  "#yj-scope .options li"):  # fmt: skip
        contrast = visit.page.locator(place).first.evaluate(_CONTRAST)
        assert contrast >= 4.5, f"{place}: {contrast:.1f}"
    context.close()


# The ratio of luminance of a text and of the first opaque ground behind it, as WCAG defines it.
_CONTRAST = """element => {
  const parts = colour => colour.match(/[\\d.]+/g).map(Number);
  const linear = c => c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4;
  const luminance = colour => {
    const [r, g, b] = parts(colour).map(linear);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = at => getComputedStyle(at).backgroundColor;
  let behind = element;
  while (behind.parentElement && parts(ground(behind))[3] === 0) behind = behind.parentElement;
  const [a, b] = [getComputedStyle(element).color, ground(behind)].map(luminance);
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}"""
