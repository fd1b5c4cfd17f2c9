"""The widget in a real browser: one real server, and pages of another that embed it."""

import asyncio
import gzip
import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import app
from index.archive import Archive
from qa.assistant import Assistant
from qa.desk import LocalDesk
from qa.feedback import FeedbackBook
from qa.settings import Settings
from tests.conftest import ROOT, HashEmbedder, RuleReader, listening
from web.api.filters import Filter
from web.api.register import Register, Site
from web.api.tokens import LIFETIME, Tokens
from web.guard import CONTENT_SECURITY_POLICY
from web.words import EN, ZH

_REPORT = "戊区年报\n工业\n2024年，戊区完成工业投资46.8亿元，同比增长7.3%。\n2024年，戊区新增就业1.9万人🚲。\n"
_SECRET = "己区内部通报\n2024年，己区完成工业投资58.1亿元。\n"
_HOSTILE = (
    "庚区公告 <script>window.hit=1</script><img src=x onerror=window.hit=2>\n"
    "2024年，庚区完成工业投资61.2亿元 <img src=x onerror=window.hit=3> <script>window.hit=4</script>。\n"
)
_QUESTION = "戊区工业投资是多少"
_DESK = {"width": 1280, "height": 800}
_HOST_CSS = (
    "* { color: red !important; font-size: 40px !important; visibility: visible; } "
    "button, textarea, .panel, .root, mark { background: lime !important; display: none !important }"
)


@dataclass
class _Watched:
    """Passes calls on, remembers how they were answered, and cuts streams into little pieces."""

    app: ASGIApp
    told: list[tuple[str, str, int]] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.told.append((scope["method"], scope["path"], message["status"]))
            body = message.get("body", b"")
            if scope["path"].endswith("/ask/stream") and body:
                # Of seven bytes: every event and most characters are cut somewhere.
                for start in range(0, len(body), 7):
                    await send({**message, "body": body[start : start + 7], "more_body": True})
                    await asyncio.sleep(0.001)
                message = {**message, "body": b""}
            await send(message)

        await self.app(scope, receive, sending if scope["type"] == "http" else send)


@dataclass
class _Hosts:
    """The server of an office, whose pages hold what a test puts there."""

    widget: str
    pages: dict[str, str] = field(default_factory=dict)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["type"] == "http"
        is_style = scope["path"] == "/host.css"
        text = _HOST_CSS if is_style else self.pages.get(scope["path"], "")
        policy = (
            f"default-src 'none'; style-src 'self'; script-src {self.widget}; "
            f"connect-src {self.widget}; frame-src *; require-trusted-types-for 'script'"
        )
        headers = [
            (b"content-type", b"text/css" if is_style else b"text/html; charset=utf-8"),
            (b"content-security-policy", policy.encode()),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": text.encode()})


@dataclass
class _Served:
    """Youju, and a site that it lists."""

    url: str
    host: str
    hosts: _Hosts
    site: Site
    register: Register
    folder: Path
    watched: list[_Watched]

    def page(self, path: str, body: str, head: str = "") -> str:
        """The address of a page of the office."""
        self.hosts.pages[path] = (
            f'<!doctype html><html lang="zh-CN"><head>{head}</head><body>{body}</body></html>'
        )
        return self.host + path

    @property
    def script(self) -> str:
        return f'<script src="{self.url}/widget.js" data-site="{self.site.id}" async></script>'

    @property
    def told(self) -> list[tuple[str, str, int]]:
        return self.watched[0].told


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Served]:
    folder = tmp_path_factory.mktemp("widget")
    settings = Settings(data=folder, per_minute=10_000)
    with Archive(folder, HashEmbedder) as archive:
        for path, text in (
            ("/公开/年报.txt", _REPORT),
            ("/内部/通报.txt", _SECRET),
            ("/公开/公告.txt", _HOSTILE),
        ):
            archive.add(path, Path(path).name, text.encode())
        desk = LocalDesk(archive, Assistant(archive, RuleReader()))
        watched: list[_Watched] = []

        def site() -> ASGIApp:
            watched.append(_Watched(app.create_site(desk, settings, "token").app))
            return watched[0]

        with listening(site) as url:
            hosts = _Hosts(url)
            with listening(lambda: hosts) as host:
                register = Register(folder)
                listed = Site("办公网", (host,), Filter(("公开/*",)), per_minute=10_000)
                register.add_site(listed)
                yield _Served(url, host, hosts, listed, register, folder, watched)


@dataclass
class _Visit:
    """A page with what it asked for and what it complained of."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console",
            lambda said: (
                self.complaints.append(said.text) if said.type in {"error", "warning"} else None
            ),
        )

    def ask(self, question: str, chat: Locator | None = None) -> Locator:
        """Ask, and return where the answer comes."""
        within = chat or self.page.locator("youju-chat")
        box = within.locator("textarea")
        box.fill(question)
        box.press("Enter")
        expect(box).to_have_value("")
        expect(within.locator(".stop")).to_be_hidden()
        return within.locator(".answer").last


@contextmanager
def _visiting(browser: Browser, **options: object) -> Iterator[_Visit]:
    chosen: dict[str, Any] = {"viewport": _DESK, "locale": "zh-CN", **options}
    context = browser.new_context(**chosen)
    try:
        yield _Visit(context.new_page())
    finally:
        context.close()


@pytest.fixture
def visit(browser: Browser, served: _Served) -> Iterator[_Visit]:
    """A visit that ends without a complaint and without a request to a third host."""
    with _visiting(browser) as visit:
        yield visit
        assert visit.complaints == []
        own = (f"{served.url}/", f"{served.host}/", "data:")
        assert [url for url in visit.requests if not url.startswith(own)] == []
        assert any(url == f"{served.url}/widget.js" for url in visit.requests)


@pytest.fixture
def chat(visit: _Visit, served: _Served) -> Locator:
    """An element that stands in the page, open and ready."""
    visit.page.goto(
        served.page(
            "/inline",
            f'<youju-chat site="{served.site.id}"></youju-chat>',
            f'<script src="{served.url}/widget.js" async></script>',
        )
    )
    chat = visit.page.locator("youju-chat")
    chat.locator("textarea").wait_for()
    return chat


# -- the script ------------------------------------------------------------------------------


def test_any_page_may_load_the_script_and_keeps_it(served: _Served) -> None:
    got = httpx.get(f"{served.url}/widget.js", headers={"Origin": "https://unknown.example"})
    assert got.status_code == 200
    assert got.headers["content-type"].startswith("text/javascript")
    assert got.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "max-age" in got.headers["cache-control"]
    again = httpx.get(
        f"{served.url}/widget.js", headers={"If-None-Match": f'"old", W/{got.headers["etag"]}'}
    )
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == got.headers["etag"]
    other = httpx.get(f"{served.url}/widget.js", headers={"If-None-Match": '"old"'})
    assert other.content == got.content


def test_the_script_is_small() -> None:
    assert len(gzip.compress((ROOT / "web/widget.js").read_bytes())) < 30_000


def test_nothing_in_the_script_makes_markup_or_code_of_text() -> None:
    script = (ROOT / "web/widget.js").read_text("utf-8")
    assert re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|\beval\b|new Function", script) == []


# -- answers ---------------------------------------------------------------------------------


def test_a_listed_page_asks_and_opens_the_citation(
    visit: _Visit, chat: Locator, served: _Served
) -> None:
    answer = visit.ask(_QUESTION)
    expect(answer.locator(".mode")).to_have_text("原文摘录")
    expect(answer.locator(".short")).to_have_text("46.8亿元")
    expect(answer.locator(".text")).to_contain_text("戊区完成工业投资46.8亿元")
    expect(chat.locator(".said")).to_have_text("46.8亿元")
    answer.locator(".marker").first.click()
    sheet = chat.locator(".sheet")
    expect(sheet).to_be_visible()
    expect(sheet.locator(".title")).to_have_text("戊区年报")
    expect(sheet.locator(".where")).to_contain_text("年报.txt")
    quote = sheet.locator("mark").text_content() or ""
    assert "46.8亿元" in quote
    expect(sheet.locator(".passage")).to_contain_text("新增就业1.9万人🚲")
    # Around the quote stands what stands around it in the document.
    assert (sheet.locator(".passage").text_content() or "") in _REPORT
    visit.page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(answer.locator(".marker").first).to_be_focused()
    assert ("POST", "/api/v1/ask/stream", 200) in served.told


def test_a_page_that_names_no_site_is_told_that_it_is_not_listed(
    visit: _Visit, served: _Served
) -> None:
    script = f'<script src="{served.url}/widget.js" async></script>'
    visit.page.goto(served.page("/nameless", "<youju-chat></youju-chat>", script))
    expect(visit.ask(_QUESTION).locator(".problem")).to_contain_text("这个网站没有登记")


def test_what_stands_around_a_quote_is_cut_between_clauses(visit: _Visit, chat: Locator) -> None:
    def cut(route: Route) -> None:
        got = route.fetch()
        told = {"before": "72亿元，" + "甲" * 155, "after": "乙" * 156 + "，增长1", "start": 1000}
        route.fulfill(response=got, json={**got.json(), **told})

    visit.page.route("**/passage", cut)
    visit.ask(_QUESTION).locator(".marker").first.click()
    passage = chat.locator(".sheet .passage")
    quote = passage.locator("mark").text_content()
    expect(passage).to_have_text(f"…{'甲' * 155}{quote}{'乙' * 156}，…")


_SEEN = """chat => {
    window.seen = [];
    window.said = [];
    const root = chat.shadowRoot;
    const texts = new Map();
    new MutationObserver(() => {
        const place = root.querySelector(".answer");
        const text = place?.querySelector(".text");
        if (text && !texts.has(text)) texts.set(text, texts.size);
        const steps = place?.querySelector(".steps")?.textContent ?? "";
        const buttons = place?.querySelectorAll(".marker:is(button)").length ?? 0;
        const busy = place?.getAttribute("aria-busy") === "true";
        window.seen.push({
            steps, text: text?.textContent ?? "", which: texts.get(text) ?? -1, buttons, busy,
        });
    }).observe(root.querySelector(".log"), {
        childList: true, subtree: true, characterData: true, attributes: true,
    });
    new MutationObserver(() => window.said.push(root.querySelector(".said").textContent))
        .observe(root.querySelector(".said"), { childList: true, characterData: true, subtree: true });
}"""


def test_an_answer_stands_there_piece_by_piece_and_is_read_out_once(
    visit: _Visit, chat: Locator
) -> None:
    chat.evaluate(_SEEN)
    answer = visit.ask(_QUESTION)
    expect(answer.locator(".marker")).to_have_count(1)
    expect(answer).not_to_have_attribute("aria-busy", "true")
    whole = answer.locator(".text").text_content() or ""
    seen = visit.page.evaluate("window.seen")
    assert [one["steps"] for one in seen][:1] == ["正在查找原文…"]
    assert "正在读找到的段落…" in [one["steps"] for one in seen]
    partial = [one for one in seen if one["text"] and one["text"] != whole]
    assert partial
    for one in partial:
        assert whole.startswith(one["text"])
        assert one["busy"]
        # What a marker stands for is known with the whole alone.
        assert one["buttons"] == 0
    # One paragraph from the first piece to the last: nothing is drawn anew.
    assert {one["which"] for one in seen if one["text"]} == {0}
    assert visit.page.evaluate("window.said") == ["46.8亿元"]


def _told(**fields: object) -> str:
    """The events of an answer that a model worded."""
    quote = "2024年，戊区完成工业投资46.8亿元。"
    cited = {"marker": 1, "document_id": "d", "start": 0, "end": len(quote), "quote": quote}
    where = dict.fromkeys(("title", "source", "publication", "date", "page", "section"), "")
    sentences = [
        {"text": "是46.8亿元。", "markers": [1], "verified": True},
        {"text": quote, "markers": [1], "verified": False},
    ]
    whole = {
        "question": _QUESTION, "answer": f"是46.8亿元。[1]{quote}[1]", "short": "46.8亿元",
        "mode": "generate", "confidence": 0.95, "citations": [{**cited, **where}], "nearest": [],
        "missing": [], "variants": [], "sentences": sentences, "note": "", "tokens": 9,
        "timings_ms": {}, **fields,
    }  # fmt: skip
    events = [("step", {"stage": "write", "question": _QUESTION}), ("piece", {"text": "是46.8"})]
    return "".join(
        f"event: {name}\ndata: {json.dumps(data)}\n\n" for name, data in [*events, ("done", whole)]
    )


def test_words_of_a_model_are_told_from_those_of_a_document(
    browser: Browser, served: _Served
) -> None:
    with _visiting(browser) as visit:
        visit.page.goto(served.page("/launched", served.script))
        visit.page.locator("youju-chat .launcher").click()
        headers = {"Access-Control-Allow-Origin": "*"}
        _failing_once(visit, {"status": 200, "headers": headers, "body": _told(note="只有一半。")})
        answer = visit.ask(_QUESTION)
        expect(answer.locator(".mode")).to_have_text("模型改写")
        expect(answer.locator(".worded")).to_have_text(["是46.8亿元。"])
        expect(answer.locator(".verbatim")).to_have_text(["2024年，戊区完成工业投资46.8亿元。"])
        expect(answer.locator(".marker:is(button)")).to_have_count(2)
        expect(answer.locator(".note")).to_contain_text(["加下划线的是原文", "只有一半。"])


def test_what_looks_like_a_marker_in_a_quotation_opens_nothing(
    browser: Browser, served: _Served
) -> None:
    quote = "戊区[1]完成投资[2]。"
    cited = {**json.loads(_told().split("event: done\ndata: ")[1])["citations"][0], "quote": quote}
    told = _told(mode="extract", sentences=[], answer=f"{quote}[1]", citations=[cited])
    with _visiting(browser) as visit:
        visit.page.goto(served.page("/launched", served.script))
        visit.page.locator("youju-chat .launcher").click()
        headers = {"Access-Control-Allow-Origin": "*"}
        _failing_once(visit, {"status": 200, "headers": headers, "body": told})
        answer = visit.ask(_QUESTION)
        expect(answer.locator(".text")).to_have_text(f"{quote}[1]")
        expect(answer.locator(".marker")).to_have_count(1)


def test_a_refusal_shows_near_passages_as_no_answer(visit: _Visit, chat: Locator) -> None:
    answer = visit.ask("己区工业投资是多少")
    expect(answer.locator(".mode")).to_have_text("证据不足")
    expect(answer.locator(".short")).to_have_count(0)
    # What the label says is not said again.
    expect(answer.locator(".text")).to_have_text(re.compile("^资料库里没有.*己区"))
    expect(answer.locator(".near h3")).to_have_text("相近段落（不是答案）")
    expect(answer.locator(".near li")).not_to_have_count(0)
    # What the site may not see is not even named.
    expect(chat).not_to_contain_text("58.1亿元")
    expect(chat).not_to_contain_text("通报")
    answer.locator(".near button").first.click()
    expect(chat.locator(".sheet h2")).to_have_text("相近段落（不是答案）")
    visit.page.keyboard.press("Escape")
    marker = visit.ask(_QUESTION).locator(".marker").first
    marker.click()
    expect(chat.locator(".sheet h2")).to_have_text("原文")


def test_a_refusal_is_said_in_english_to_who_reads_it(visit: _Visit, served: _Served) -> None:
    script = f'<script src="{served.url}/widget.js" async></script>'
    element = f'<youju-chat site="{served.site.id}" lang="en"></youju-chat>'
    visit.page.goto(served.page("/english", element, script))
    answer = visit.ask("己区工业投资是多少")
    expect(answer.locator(".mode")).to_have_text("No evidence")
    expect(answer.locator(".text")).to_have_text(EN.no_evidence)
    expect(answer.locator(".missing")).to_have_text("Nothing was found on: 己区")


def test_a_follow_up_leans_on_what_was_asked(visit: _Visit, chat: Locator) -> None:
    visit.ask(_QUESTION)
    answer = visit.ask("庚区呢")
    expect(answer.locator(".understood")).to_contain_text("庚区工业投资是多少")
    expect(answer.locator(".short")).to_have_text("61.2亿元")
    chat.locator(".fresh").click()
    expect(chat.locator(".answer")).to_have_count(0)
    expect(visit.ask("庚区呢").locator(".understood")).to_have_count(0)


def test_what_is_cleared_can_be_had_back_for_a_while(visit: _Visit, served: _Served) -> None:
    visit.page.clock.install()
    script = f'<script src="{served.url}/widget.js" async></script>'
    visit.page.goto(
        served.page("/undo", f'<youju-chat site="{served.site.id}"></youju-chat>', script)
    )
    chat = visit.page.locator("youju-chat")
    visit.ask(_QUESTION)
    chat.locator(".fresh").click()
    expect(chat.locator(".answer")).to_have_count(0)
    expect(chat.locator(".said")).to_have_text("对话已清空")
    chat.locator(".fresh").click()
    chat.get_by_role("button", name="撤销").press("Enter")
    expect(chat.locator(".short")).to_have_text("46.8亿元")
    expect(chat.locator("textarea")).to_be_focused()
    answer = visit.ask("庚区呢")
    expect(answer.locator(".understood")).to_contain_text("庚区工业投资是多少")
    chat.locator(".fresh").click()
    visit.page.clock.fast_forward(31_000)
    expect(chat.locator(".log > *")).to_have_text(
        ["就本单位的文件提问，每个答案都指到原文的那几个字。"]
    )
    # What is asked takes the place of what could be had back.
    visit.ask(_QUESTION)
    chat.locator(".fresh").click()
    expect(visit.ask("庚区呢").locator(".understood")).to_have_count(0)
    expect(chat.get_by_role("button", name="撤销")).to_have_count(0)
    visit.page.clock.fast_forward(31_000)
    expect(chat.locator(".answer")).to_have_count(1)


def test_the_gist_of_a_passage_ends_between_clauses(visit: _Visit, chat: Locator) -> None:
    answer = json.loads(_told().split("event: done\ndata: ")[1])
    head = "甲" * 67 + "，"
    quotes = [head + "增长12.5%，乙。", "丙" * 90, "丁。"]
    nearest = [{**answer["citations"][0], "quote": quote} for quote in quotes]
    told = _told(mode="refuse", short="", citations=[], sentences=[], nearest=nearest)
    headers = {"Access-Control-Allow-Origin": "*"}
    _failing_once(visit, {"status": 200, "headers": headers, "body": told})
    gists = visit.ask(_QUESTION).locator(".near .gist")
    expect(gists).to_have_text([f"{head}…", quotes[1], quotes[2]])


def test_markup_in_documents_and_questions_stays_text(visit: _Visit, chat: Locator) -> None:
    answer = visit.ask("庚区工业投资是多少 <img src=x onerror=window.hit=5>")
    answer = visit.ask("庚区工业投资是多少")
    expect(answer.locator(".text")).to_contain_text("<img src=x onerror=window.hit=3>")
    answer.locator(".marker").first.click()
    expect(chat.locator(".sheet .title")).to_contain_text("<script>window.hit=1</script>")
    expect(chat.locator(":is(img, script, iframe, style, form)")).to_have_count(0)
    assert visit.page.evaluate("window.hit") is None


def test_a_rating_is_kept(visit: _Visit, chat: Locator, served: _Served) -> None:
    answer = visit.ask(_QUESTION)
    answer.locator(".up").click()
    expect(answer.locator(".rate")).to_contain_text("已记下")
    said = FeedbackBook(served.folder).all()[-1]
    assert (said.question, said.rating, said.answer["short"]) == (_QUESTION, "up", "46.8亿元")
    # Kept once, whatever is pressed afterwards.
    answer.locator(".down").press("Enter")
    expect(answer.locator(".why")).to_be_hidden()
    assert FeedbackBook(served.folder).all()[-1] == said


def test_what_is_wrong_is_said_with_the_keyboard_alone(
    visit: _Visit, chat: Locator, served: _Served
) -> None:
    answer = visit.ask(_QUESTION)
    press, why = visit.page.keyboard.press, answer.locator(".why")
    answer.locator(".down").focus()
    press("Enter")
    expect(why).to_be_visible()
    assert why.locator("label").all_text_contents() == list(ZH.reasons.values())
    press("Escape")
    expect(why).to_be_hidden()
    expect(answer.locator(".down")).to_be_focused()
    press("Enter")
    for key in ("Space", "ArrowDown", "Tab"):
        press(key)
    visit.page.keyboard.type("出处是别的页")
    press("Enter")
    expect(answer.locator(".rate")).to_contain_text("已记下")
    expect(answer.locator(".down")).to_be_focused()
    said = FeedbackBook(served.folder).all()[-1]
    assert (said.rating, said.reason, said.remark) == ("down", "citation", "出处是别的页")


def test_the_widget_says_what_the_chat_says() -> None:
    script = (ROOT / "web/widget.js").read_text("utf-8")
    for words in (ZH, EN):
        said = [words.feedback_title, words.remark, words.send, words.cancel, words.up, words.down]
        named = [*words.reasons.values(), *words.modes.values(), *words.steps.values()]
        sure = [text for _, text in words.sureness]
        told = [*said, *named, *sure, words.thanks, words.near, words.variants, words.worded]
        assert [text for text in told if f'"{text}"' not in script] == []
    assert f'"{EN.no_evidence}"' in script


# -- who is let in, and what goes wrong ------------------------------------------------------


def test_a_page_that_is_not_listed_is_refused_and_told_so(
    browser: Browser, served: _Served
) -> None:
    page = served.page("/launched", served.script)
    with _visiting(browser) as visit:
        # The same server under a name that nobody listed.
        before = len(served.told)
        visit.page.goto(page.replace("127.0.0.1", "localhost"))
        visit.page.locator("youju-chat .launcher").click()
        answer = visit.ask(_QUESTION)
        expect(answer.locator(".problem")).to_contain_text("没有登记")
        assert ("OPTIONS", "/api/v1/token", 403) in served.told[before:]
        assert not any("/ask" in path for _, path, _ in served.told[before:])


def _failing_once(visit: _Visit, answered: dict[str, Any]) -> None:
    """The next question is not answered by the server but so."""

    def fail(route: Route) -> None:
        route.fulfill(**answered)

    visit.page.route("**/ask/stream", fail, times=1)


@pytest.mark.parametrize(
    ("answered", "sentence"),
    [
        ({"status": 429, "headers": {"Retry-After": "1"}}, "请在 1 秒后重试"),
        ({"status": 500}, "服务出了错"),
        ({"status": 200, "body": 'event: step\ndata: {"stage": "read"}\n\nevent: do'}, "没有收全"),
    ],
)
def test_what_goes_wrong_is_said_and_can_be_tried_again(
    browser: Browser, served: _Served, answered: dict[str, Any], sentence: str
) -> None:
    with _visiting(browser) as visit:
        visit.page.clock.install()
        visit.page.goto(served.page("/launched", served.script))
        visit.page.locator("youju-chat .launcher").click()
        open_to_pages = {
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Expose-Headers": "Retry-After",
        }
        headers = {**open_to_pages, **answered.get("headers", {})}
        _failing_once(visit, {**answered, "headers": headers})
        answer = visit.ask(_QUESTION)
        expect(answer.locator(".problem")).to_contain_text(sentence)
        visit.page.clock.fast_forward(1000)
        answer.locator(".retry").click()
        expect(answer.locator(".short")).to_have_text("46.8亿元")


def test_a_server_that_is_away_is_told_from_one_that_refuses(
    browser: Browser, served: _Served
) -> None:
    with _visiting(browser) as visit:
        visit.page.goto(served.page("/launched", served.script))
        visit.page.locator("youju-chat .launcher").click()
        visit.page.context.set_offline(True)
        answer = visit.ask(_QUESTION)
        expect(answer.locator(".problem")).to_contain_text("连不上")
        visit.page.context.set_offline(False)
        answer.locator(".retry").click()
        expect(answer.locator(".short")).to_have_text("46.8亿元")


def _given_once(visit: _Visit, token: str) -> None:
    """The page gets this token once, and later those that the server gives."""
    told = {"token": token, "expires_in": LIFETIME, "looks": {}}
    headers = {"Access-Control-Allow-Origin": "*"}
    visit.page.route(
        "**/api/v1/token", lambda route: route.fulfill(json=told, headers=headers), times=1
    )


def test_a_token_that_holds_no_more_is_refused_and_renewed_once(
    browser: Browser, served: _Served
) -> None:
    clock = time.time() - LIFETIME
    expired = Tokens(served.register.signing_secret(), lambda: clock)
    with _visiting(browser) as visit:
        _given_once(visit, expired.issue(served.site.id, served.host))
        before = len(served.told)
        visit.page.goto(served.page("/launched", served.script))
        visit.page.locator("youju-chat .launcher").click()
        expect(visit.ask(_QUESTION).locator(".short")).to_have_text("46.8亿元")
        told = [(path, status) for method, path, status in served.told[before:] if method == "POST"]
        assert told == [
            ("/api/v1/ask/stream", 401),
            ("/api/v1/token", 200),
            ("/api/v1/ask/stream", 200),
        ]


def test_a_token_copied_from_another_listed_page_is_refused(
    browser: Browser, served: _Served
) -> None:
    copied = Tokens(served.register.signing_secret()).issue(served.site.id, served.host)
    with _visiting(browser) as visit:
        _given_once(visit, copied)
        visit.page.goto(f"{served.url}/widget/demo?site={_here(served).id}")
        before = len(served.told)
        answer = visit.ask(_QUESTION, visit.page.locator("youju-chat:not([launcher])"))
        expect(answer.locator(".problem")).to_contain_text("没有登记")
        assert ("POST", "/api/v1/ask/stream", 403) in served.told[before:]
        expect(answer).not_to_contain_text("46.8")


def test_a_token_is_renewed_before_it_ends(visit: _Visit, served: _Served) -> None:
    def tokens() -> int:
        return sum(url.endswith("/api/v1/token") for url in visit.requests)

    visit.page.clock.install()
    visit.page.goto(served.page("/launched", served.script))
    visit.page.locator("youju-chat .launcher").click()
    visit.ask(_QUESTION)
    visit.page.clock.fast_forward((LIFETIME - 120) * 1000)
    visit.ask(_QUESTION)
    assert tokens() == 1
    visit.page.clock.fast_forward(90_000)
    expect(visit.ask(_QUESTION).locator(".short")).to_have_text("46.8亿元")
    assert tokens() == 2


# -- in the page -----------------------------------------------------------------------------


def test_the_keyboard_opens_keeps_and_closes(visit: _Visit, served: _Served) -> None:
    visit.page.goto(served.page("/keys", f"<button>外</button>{served.script}<button>后</button>"))
    launcher = visit.page.locator("youju-chat .launcher")
    launcher.focus()
    visit.page.keyboard.press("Enter")
    panel = visit.page.get_by_role("dialog", name="有据问答")
    expect(panel).to_be_visible()
    box = panel.locator("textarea")
    expect(box).to_be_focused()
    for key in ["Tab"] * 8 + ["Shift+Tab"] * 8:
        visit.page.keyboard.press(key)
        assert visit.page.evaluate("document.activeElement.localName") == "youju-chat"
    box.focus()
    visit.page.keyboard.type("戊区")
    visit.page.keyboard.press("Shift+Enter")
    visit.page.keyboard.type("工业投资是多少")
    expect(box).to_have_value("戊区\n工业投资是多少")
    visit.page.keyboard.press("Enter")
    expect(panel.locator(".question")).to_have_count(1)
    expect(panel.locator(".mode")).to_be_visible()
    visit.page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(launcher).to_be_focused()


def test_a_key_that_an_input_method_takes_sends_nothing(visit: _Visit, chat: Locator) -> None:
    box = chat.locator("textarea")
    box.fill("戊区")
    box.evaluate(
        "box => box.dispatchEvent(new KeyboardEvent('keydown', "
        "{key: 'Enter', isComposing: true, bubbles: true, composed: true}))"
    )
    expect(box).to_have_value("戊区")
    expect(chat.locator(".question")).to_have_count(0)


def test_the_page_and_the_widget_leave_each_other_their_looks(
    visit: _Visit, served: _Served
) -> None:
    plain = "<button>页面</button><p class=panel>文</p><mark>标</mark>"
    look = (
        "e => { const s = getComputedStyle(e); "
        "return [s.color, s.fontSize, s.display, s.backgroundColor] }"
    )

    def looks(selector: str) -> list[str]:
        return list(visit.page.locator(selector).first.evaluate(look))

    element = f'<youju-chat site="{served.site.id}"></youju-chat>'
    script = f'<script src="{served.url}/widget.js" async></script>'
    inside = "youju-chat .send", "youju-chat .greeting", "youju-chat textarea"
    outside = "body > button", "body > .panel", "body > mark"
    visit.page.goto(served.page("/calm", element + plain, script))
    visit.page.locator("youju-chat textarea").wait_for()
    calm = [looks(one) for one in inside]
    assert (
        visit.page.evaluate("document.adoptedStyleSheets.length + document.styleSheets.length") == 0
    )
    bare = [looks(one) for one in outside]
    visit.page.goto(served.page("/bare", plain, script))
    assert [looks(one) for one in outside] == bare
    visit.page.goto(
        served.page("/loud", element + plain, '<link rel="stylesheet" href="/host.css">' + script)
    )
    visit.page.locator("youju-chat textarea").wait_for()
    assert looks("body > button")[:3] == ["rgb(255, 0, 0)", "40px", "none"]
    assert [looks(one) for one in inside] == calm


def test_several_stand_on_a_page_each_with_its_own_talk(visit: _Visit, served: _Served) -> None:
    elements = "".join(
        f'<youju-chat id="{name}" site="{served.site.id}"></youju-chat>' for name in "ab"
    )
    visit.page.goto(served.page("/two", elements + served.script + served.script))
    first, second = (visit.page.locator(f"#{name}") for name in "ab")
    expect(visit.ask(_QUESTION, first).locator(".short")).to_have_text("46.8亿元")
    expect(second.locator(".answer")).to_have_count(0)
    expect(visit.ask("庚区工业投资是多少", second).locator(".short")).to_have_text("61.2亿元")
    expect(first.locator(".answer")).to_have_count(1)
    # The script stands there twice; its button does not, and one token does for all.
    expect(visit.page.locator("youju-chat .launcher:visible")).to_have_count(1)
    assert sum(url.endswith("/api/v1/token") for url in visit.requests) == 1


def test_one_that_is_taken_out_stops_and_put_back_goes_on(visit: _Visit, chat: Locator) -> None:
    visit.ask(_QUESTION)
    box = chat.locator("textarea")
    box.fill("庚区工业投资是多少")
    chat.evaluate(
        "chat => { window.kept = chat; chat.shadowRoot.querySelector('.send').click(); chat.remove() }"
    )
    visit.page.evaluate("document.body.append(window.kept)")
    expect(chat.locator(".stop")).to_be_hidden()
    expect(chat.locator(".answer")).to_have_count(2)
    expect(chat.locator(".answer").last).to_contain_text("已停止")
    expect(visit.ask("庚区工业投资是多少").locator(".short")).to_have_text("61.2亿元")


@pytest.mark.parametrize(
    ("attributes", "locale", "label"),
    [('lang="en"', "zh-CN", "Ask"), ("", "en-US", "提问"), ('lang="fr"', "en-US", "Ask")],
)
def test_it_speaks_the_language_of_its_place(
    browser: Browser, served: _Served, attributes: str, locale: str, label: str
) -> None:
    with _visiting(browser, locale=locale) as visit:
        element = f'<youju-chat site="{served.site.id}" {attributes}></youju-chat>'
        visit.page.goto(served.page("/spoken", element + served.script))
        expect(visit.page.locator("youju-chat[site]:not([launcher]) .send")).to_have_text(label)


def test_an_accent_is_a_colour_or_nothing(visit: _Visit, served: _Served) -> None:
    elements = "".join(
        f'<youju-chat accent="{accent}"></youju-chat>'
        for accent in ("#123456", "red; } :host { display: none", "")
    )
    visit.page.goto(served.page("/accents", elements + served.script))
    colours = [
        send.evaluate("e => getComputedStyle(e).backgroundColor")
        for send in visit.page.locator("youju-chat:not([launcher]) .send").all()
    ]
    assert colours == ["rgb(18, 52, 86)", "rgb(31, 92, 77)", "rgb(31, 92, 77)"]


def test_a_site_has_its_looks_and_the_page_goes_before(visit: _Visit, served: _Served) -> None:
    looks = Site(
        "专题网", (served.host,), per_minute=10_000, theme="dark", accent="#804000", label="问专题"
    )
    served.register.add_site(looks)
    given = 'theme="light" accent="#123456" label="问这里"'
    elements = f'<youju-chat site="{looks.id}"></youju-chat>' * 2
    elements = elements.replace("<youju-chat", f"<youju-chat {given}", 1)
    script = served.script.replace(served.site.id, looks.id)
    page = served.page("/looks", elements + script)

    def worn() -> list[tuple[str, str, str]]:
        shown = visit.page.locator("youju-chat:not([launcher])")
        colour = "e => getComputedStyle(e).backgroundColor"
        return [
            (
                one.locator(".send").evaluate(colour),
                one.locator(".panel").evaluate(colour),
                one.locator("h2").first.text_content() or "",
            )
            for one in shown.all()
        ]

    own = ("rgb(18, 52, 86)", "rgb(246, 244, 238)", "问这里")
    visit.page.goto(page)
    expect(visit.page.locator("youju-chat[launcher] .launcher")).to_have_text("问专题")
    assert worn() == [own, ("rgb(128, 64, 0)", "rgb(20, 24, 23)", "问专题")]
    served.register.change_site(replace(looks, theme="light", accent="", label=""))
    before = len(served.told)
    # The next page of a visit knows how the site looked, and asks for nothing.
    visit.page.goto(page)
    launcher = visit.page.locator("youju-chat[launcher] .launcher")
    expect(launcher).to_have_text("问专题")
    assert not any(path.endswith("/token") for _, path, _ in served.told[before:])
    visit.ask(_QUESTION, visit.page.locator("youju-chat:not([launcher])").last)
    expect(launcher).to_have_text("有据问答")
    assert worn() == [own, ("rgb(31, 92, 77)", "rgb(246, 244, 238)", "有据问答")]


@pytest.mark.parametrize(("motion", "name"), [("reduce", "none"), ("no-preference", "rise")])
def test_nothing_moves_for_who_does_not_want_it(
    browser: Browser, served: _Served, motion: str, name: str
) -> None:
    with _visiting(browser, reduced_motion=motion) as visit:
        visit.page.goto(served.page("/launched", served.script))
        visit.page.locator("youju-chat .launcher").click()
        panel = visit.page.locator("youju-chat .panel")
        assert panel.evaluate("e => getComputedStyle(e).animationName") == name


def test_it_is_dark_where_it_is_told_so_or_the_system_is(visit: _Visit, served: _Served) -> None:
    themes = ("auto", "dark", "light")
    elements = "".join(
        f'<youju-chat site="{served.site.id}" theme="{theme}"></youju-chat>' for theme in themes
    )
    visit.page.goto(served.page("/themed", elements + served.script))
    panels = visit.page.locator("youju-chat:not([launcher]) .panel")
    expect(panels).to_have_count(len(themes))
    dark, light = "rgb(20, 24, 23)", "rgb(246, 244, 238)"
    systems: dict[Literal["dark", "light"], str] = {"dark": dark, "light": light}
    for system, paper in systems.items():
        visit.page.emulate_media(color_scheme=system)
        papers = panels.evaluate_all("all => all.map(e => getComputedStyle(e).backgroundColor)")
        assert papers == [paper, dark, light]


def test_on_a_phone_it_takes_the_whole_screen(browser: Browser, served: _Served) -> None:
    phone = {"width": 390, "height": 780}
    with _visiting(browser, viewport=phone, reduced_motion="reduce") as visit:
        visit.page.goto(served.page("/launched", served.script))
        visit.page.locator("youju-chat .launcher").click()
        box = visit.page.locator("youju-chat .panel").bounding_box()
        assert box == {"x": 0, "y": 0, "width": 390, "height": 780}


def _here(served: _Served) -> Site:
    """The office's site with the server's own pages, added once."""
    here = replace(
        served.site, name="试用", origins=(served.url, served.host), id="0123456789abcdef"
    )
    if served.register.site(here.id) is None:
        served.register.add_site(here)
    return here


def test_the_page_to_try_it_on_is_strict_and_works(visit: _Visit, served: _Served) -> None:
    here = _here(served)
    got = httpx.get(f"{served.url}/widget/demo", params={"site": '"><script>alert(1)</script>'})
    assert "<script>alert" not in got.text
    policies = got.headers.get_list("content-security-policy")
    assert any("script-src 'self';" in policy for policy in policies)
    assert CONTENT_SECURITY_POLICY in policies
    visit.page.goto(f"{served.url}/widget/demo?site={here.id}")
    inline = visit.page.locator("youju-chat:not([launcher])")
    answer = visit.ask(_QUESTION, inline)
    expect(answer.locator(".short")).to_have_text("46.8亿元")
    answer.locator(".marker").first.click()
    expect(inline.locator(".sheet mark")).to_contain_text("46.8亿元")
    expect(inline.locator(".sheet .passage")).to_contain_text("新增就业1.9万人🚲")


def test_the_page_for_frames_stands_in_those_of_its_site_alone(
    visit: _Visit, browser: Browser, served: _Served
) -> None:
    here = _here(served)
    frame = f'<iframe src="{served.url}/widget/frame?site={here.id}" width=420 height=640></iframe>'
    page = served.page("/framing", served.script + frame)
    visit.page.goto(page)
    inside = visit.page.frame_locator("iframe").locator("youju-chat")
    answer = visit.ask(_QUESTION, inside)
    answer.locator(".marker").first.click()
    expect(inside.locator(".sheet .passage")).to_contain_text("新增就业1.9万人🚲")
    with _visiting(browser) as other:
        with other.page.expect_console_message(lambda said: "frame-ancestors" in said.text):
            other.page.goto(page.replace("127.0.0.1", "localhost"))
        expect(other.page.frame_locator("iframe").locator("youju-chat")).to_have_count(0)
    for path in ("/widget/frame", "/widget/frame?site=unknown"):
        policies = httpx.get(served.url + path).headers.get_list("content-security-policy")
        assert any("frame-ancestors 'none'" in policy for policy in policies)


def test_what_a_site_embeds_is_shown_and_copied(visit: _Visit, served: _Served) -> None:
    here = _here(served)
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit.page.goto(f"{served.url}/widget/embed?site={here.id}")
    launcher = f'<script src="{served.url}/widget.js" data-site="{here.id}" async></script>'
    expect(visit.page.locator("#launcher")).to_have_text(launcher)
    visit.page.locator("pre:has(#launcher) + button").click()
    expect(visit.page.get_by_text("已复制")).to_be_visible()
    assert visit.page.evaluate("navigator.clipboard.readText()") == launcher
    # What is to be copied works as it stands.
    snippets = visit.page.locator("#element, #frame").all_text_contents()
    visit.page.goto(served.page("/copied", "".join(snippets)))
    expect(visit.page.locator("youju-chat .send")).to_be_visible()
    framed = visit.page.frame_locator("iframe").locator("youju-chat .send")
    expect(framed).to_be_visible()
    got = httpx.get(f"{served.url}/widget/embed", params={"site": '"><script>alert(1)</script>'})
    assert "<script>alert" not in got.text
