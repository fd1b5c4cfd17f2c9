"""The library page and the source viewer in a real browser, over a real server and archive."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, FilePayload, Locator, Page, expect

from index.archive import Archive
from qa.settings import Settings
from tests.served import NOTHING_STORED, Watched, serving
from tests.test_chat_page import _CONTRAST
from tests.test_load import make_pdf

_REPORT = (
    "甲区年报\n一、工业\n2023年，甲区完成工业投资12.5亿元，同比增长8.1%。\n"
    "二、民生\n2023年，甲区新增就业3.2万人，比上年多增两千人。\n"
)
_EVIL = (
    "![图](http://evil.example/a.png) <img src=http://evil.example/b.png onerror=\"document.title='坏'\">"
    "<script>document.title='坏'</script> [x](javascript:alert(1)) **粗**"
)
_EVIL_NAME = "公告 <img src=x onerror=alert(1)> ![x](http:evil.example).txt"
_ACTIVE = ":is(#entries, #uploads, .yv, #confirm) :is(img:not(.yv-sheet > img), script, iframe, style, object)"
_PDF = make_pdf(
    [
        ["甲区统计公报", "甲区完成固定资产投资88.6亿元，同比增长4.2%，高于全市平均水平。"],
        ["第二页的民生", "甲区城镇新增就业5.4万人，年末登记失业率为百分之二点三，低于上年。"],
    ]
)


def _file(name: str, data: str | bytes) -> FilePayload:
    content = data.encode() if isinstance(data, str) else data
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


class _Visit(Watched):
    """The library page, opened."""

    def __init__(self, context: BrowserContext, url: str, query: str = "", at: str = "") -> None:
        super().__init__(context, url)
        self.expected: set[int] = set()
        self.page.goto(f"{url}/library{query}{at}")
        expect(self.page.locator("#entries")).to_have_attribute("aria-busy", "false")
        self.entries = self.page.locator("#entries li")
        self.viewer = self.page.locator("dialog.yv")

    def upload(self, *files: FilePayload) -> Locator:
        """Choose files, and wait until each has come to an end."""
        self.page.set_input_files("#files", list(files))
        lines = self.page.locator("#uploads .upload:is(.done, .failed)")
        expect(lines).to_have_count(len(files))
        return lines

    def entry(self, title: str) -> Locator:
        return self.entries.filter(has_text=title)

    def complained(self) -> list[str]:
        """The complaints, but for the statuses that a test asked for."""
        statuses = "|".join(map(str, self.expected)) or "none"
        known = re.compile(f"status of ({statuses})")
        return [complaint for complaint in self.complaints if not known.search(complaint)]

    def view(self, document: str, start: int, end: int) -> Locator:
        """Open a place by its address; what is marked."""
        self.page.evaluate(f"location.hash = {json.dumps(f'#{document}:{start}-{end}')}")
        marks = self.viewer.locator("mark")
        expect(marks.first).to_be_visible()
        return marks


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, locale="zh-CN", reduced_motion="reduce"
    )
    yield context
    context.close()


@pytest.fixture
def url(archive: Archive) -> Iterator[str]:
    with serving(archive, Settings(data=archive.folder, max_file_mb=1)) as url:
        yield url


@pytest.fixture
def visit(context: BrowserContext, url: str) -> Iterator[_Visit]:
    """A visit that ends without a complaint and without a request to another host."""
    visit = _Visit(context, url)
    yield visit
    assert visit.complained() == []
    assert visit.foreign() == []


# -- the list --------------------------------------------------------------------------------


def test_an_empty_library_says_what_to_do(visit: _Visit) -> None:
    expect(visit.page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(visit.page.locator("#nothing")).to_contain_text("资料库还是空的")
    expect(visit.page.locator("#filters")).to_be_hidden()
    expect(visit.page.get_by_role("link", name="去提问")).to_have_attribute("href", "./")


def test_files_are_uploaded_listed_searched_and_filtered(visit: _Visit) -> None:
    visit.upload(_file("年报.txt", _REPORT), _file("公报.pdf", _PDF))
    expect(visit.entries).to_have_count(2)
    expect(visit.page.locator("#held")).to_contain_text("2 份文档")
    expect(visit.entry("甲区年报")).to_contain_text("年报.txt")
    visit.page.get_by_role("button", name="移去已收录的").click()
    expect(visit.page.locator("#uploads .upload")).to_have_count(0)
    visit.page.fill("#query", "公报")
    expect(visit.entries).to_have_count(1)
    expect(visit.page.locator("#found")).to_have_text("找到 1 份，共 2 份")
    visit.page.get_by_role("button", name="清除筛选").click()
    expect(visit.entries).to_have_count(2)
    visit.page.select_option("#kind", "txt")
    expect(visit.entries).to_have_count(1)
    expect(visit.entry("甲区年报")).to_be_visible()
    visit.page.fill("#query", "没有的词")
    expect(visit.page.locator("#nothing")).to_contain_text("没有符合条件的文档")


def test_a_date_range_filters(visit: _Visit) -> None:
    for year in (2022, 2024):
        text = f"湖区{year}年报\n{year}年5月6日\n湖区完成投资12.5亿元，同比增长8.1%，居第一位。\n"
        visit.upload(_file(f"{year}.txt", text))
        visit.page.get_by_role("button", name=re.compile("移去")).click()
    visit.page.fill("#from", "2023-01-01")
    expect(visit.entries).to_have_count(1)
    expect(visit.entries).to_contain_text("湖区2024年报")
    visit.page.fill("#to", "2023-12-31")
    expect(visit.entries).to_have_count(0)


def test_a_bad_file_is_told_in_its_line_and_the_others_go_on(visit: _Visit) -> None:
    visit.expected = {422}
    lines = visit.upload(
        _file("图.png", "x"),
        _file("空.txt", ""),
        _file("坏.pdf", b"%PDF-1.7 broken"),
        _file("大.txt", "字" * 400_000),
        _file("年报.txt", _REPORT),
    )
    for place, said in enumerate(
        ["不能收录这种文件", "文件是空的", "损坏", "上限是 1 MB", "已收录"]
    ):
        expect(lines.nth(place)).to_contain_text(said)
    expect(visit.page.get_by_role("button", name="移去已收录的")).to_be_hidden()
    expect(visit.entries).to_have_count(1)


def test_an_upload_is_cancelled_and_tried_again(visit: _Visit) -> None:
    visit.page.route("**/page/add?*", lambda route: None)
    visit.page.set_input_files("#files", [_file("年报.txt", _REPORT)])
    line = visit.page.locator("#uploads .upload")
    # What is still held when the route is taken away goes on to the server: first it must be gone.
    with visit.page.expect_event("requestfailed"):
        line.get_by_role("button", name="取消").click()
    expect(line).to_contain_text("已取消")
    visit.page.unroute("**/page/add?*")
    line.get_by_role("button", name="重试").click()
    expect(line).to_contain_text("已收录")
    expect(visit.entries).to_have_count(1)


def test_files_are_dropped(visit: _Visit) -> None:
    visit.page.evaluate(
        """text => {
          const data = new DataTransfer();
          data.items.add(new File([text], "年报.txt"));
          for (const type of ["dragenter", "dragover", "drop"])
            document.getElementById("drop").dispatchEvent(
              new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
        }""",
        _REPORT,
    )
    expect(visit.entries).to_have_count(1)


def test_a_known_name_is_asked_about(visit: _Visit) -> None:
    visit.expected = {409}
    visit.upload(_file("年报.txt", _REPORT))
    changed = _REPORT.replace("12.5", "13.9").replace("甲区年报", "甲区新年报")
    visit.page.set_input_files("#files", [_file("年报.txt", changed)])
    line = visit.page.locator("#uploads .upload").nth(1)
    expect(line).to_contain_text("已有同名文件")
    expect(visit.entries).to_have_count(1)
    line.get_by_role("button", name="替换").click()
    expect(line).to_contain_text("已更新")
    expect(visit.entry("甲区新年报")).to_be_visible()
    expect(visit.entries).to_have_count(1)


def test_a_document_is_read_anew(visit: _Visit) -> None:
    visit.upload(_file("年报.txt", _REPORT))
    visit.entries.get_by_role("button", name="重新索引").click()
    expect(visit.entries.locator(".said")).to_contain_text("已重新索引")
    expect(visit.entries.get_by_role("button", name="重新索引")).to_be_focused()


def test_a_document_is_deleted_after_a_word(visit: _Visit) -> None:
    visit.upload(_file("年报.txt", _REPORT))
    remove = visit.entries.get_by_role("button", name="删除")
    remove.click()
    confirm = visit.page.locator("#confirm")
    expect(confirm).to_contain_text("《甲区年报》 年报.txt")
    expect(visit.page.locator("#confirm-no")).to_be_focused()
    visit.page.keyboard.press("Escape")
    expect(confirm).to_be_hidden()
    expect(remove).to_be_focused()
    expect(visit.entries).to_have_count(1)
    remove.click()
    visit.page.locator("#confirm-yes").click()
    expect(visit.entries).to_have_count(0)
    expect(visit.page.locator("#nothing")).to_contain_text("资料库还是空的")


def test_what_is_uploaded_is_answered_from_and_what_is_deleted_is_refused(
    visit: _Visit, context: BrowserContext
) -> None:
    visit.upload(_file("公报.pdf", _PDF))
    chat = context.new_page()
    answers = chat.locator("#yj-chat .yj-answer")
    chat.goto(visit.url)
    for number, mode in ((1, "原文摘录"), (2, "证据不足")):
        box = chat.locator("#yj-question textarea")
        box.fill("甲区固定资产投资是多少")
        box.press("Enter")
        expect(answers).to_have_count(number)
        expect(answers.last.locator(".yj-mode")).to_have_text(mode)
        if number == 1:
            expect(answers.locator(".yj-short")).to_have_text("88.6亿元")
            visit.entries.get_by_role("button", name="删除").click()
            visit.page.locator("#confirm-yes").click()
            expect(visit.entries).to_have_count(0)
    chat.close()


def test_the_chosen_are_carried_to_the_chat(visit: _Visit) -> None:
    visit.upload(_file("年报.txt", _REPORT), _file("公报.pdf", _PDF))
    expect(visit.page.locator("#chosen")).to_be_hidden()
    visit.entry("甲区年报").get_by_role("checkbox").check()
    ask = visit.page.get_by_role("link", name="在所选文档中提问")
    one = visit.entry("甲区年报").get_attribute("data-id")
    expect(ask).to_have_attribute("href", f"./?documents={one}")
    visit.page.get_by_role("button", name="选择全部 2 份").click()
    expect(visit.page.locator("#chosen-count")).to_have_text("已选 2 份")
    href = ask.get_attribute("href") or ""
    ids = {entry.get_attribute("data-id") for entry in visit.entries.all()}
    assert set(href.removeprefix("./?documents=").split(",")) == ids
    visit.page.get_by_role("button", name="取消选择").click()
    expect(visit.page.locator("#chosen")).to_be_hidden()


def test_many_documents_come_in_pages(visit: _Visit, archive: Archive) -> None:
    for number in range(120):
        text = f"园区第{number}次例会讨论了绿化问题，并商定了下一次例会的时间。\n"
        archive.add(f"/{number}", f"简报{number:03}.txt", text.encode())
    visit.page.reload()
    expect(visit.entries).to_have_count(50)
    visit.page.get_by_role("button", name="下一页").click()
    visit.page.get_by_role("button", name="下一页").click()
    expect(visit.entries).to_have_count(20)
    expect(visit.page.locator("#page")).to_have_text("第 3 / 3 页")
    visit.page.select_option("#order", "title")
    expect(visit.entries.first).to_contain_text("简报000")


def test_a_lost_connection_is_told_and_mended(visit: _Visit) -> None:
    visit.upload(_file("年报.txt", _REPORT))
    visit.page.route("**/page/documents?*", lambda route: route.abort())
    visit.page.fill("#query", "年报")
    lost = visit.page.locator("#lost")
    expect(lost).to_contain_text("连不上服务")
    visit.page.unroute("**/page/documents?*")
    lost.get_by_role("button", name="重试").click()
    expect(lost).to_be_hidden()
    expect(visit.entries).to_have_count(1)
    visit.complaints = [said for said in visit.complaints if "ERR_FAILED" not in said]


# -- who may change --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "said"),
    [({"manage": "off"}, "YOUJU_MANAGE=off"), ({"host": "0.0.0.0"}, "YOUJU_PASSWORD")],
    ids=str,
)
def test_switched_off_the_page_shows_and_changes_nothing(
    context: BrowserContext, archive: Archive, settings: dict[str, Any], said: str
) -> None:
    archive.add("/年报.txt", "年报.txt", _REPORT.encode())
    with serving(archive, Settings(data=archive.folder, **settings)) as url:
        visit = _Visit(context, url)
        expect(visit.page.locator("#closed")).to_contain_text(said)
        expect(visit.page.locator("#adding")).to_be_hidden()
        expect(visit.entries).to_have_count(1)
        expect(visit.entries.get_by_role("button", name="删除")).to_have_count(0)
        visit.page.get_by_role("link", name="甲区年报").click()
        expect(visit.viewer).to_contain_text("12.5亿元")


def test_a_password_is_asked_for_once_a_session(context: BrowserContext, archive: Archive) -> None:
    settings = Settings(data=archive.folder, password="密码 42")
    with serving(archive, settings) as url:
        visit = _Visit(context, url)
        visit.page.set_input_files("#files", [_file("年报.txt", _REPORT)])
        unlock = visit.page.locator("#unlock")
        expect(unlock).to_be_visible()
        visit.page.fill("#password", "猜的")
        visit.page.keyboard.press("Enter")
        expect(unlock).to_contain_text("密码不对")
        visit.page.fill("#password", "密码 42")
        visit.page.keyboard.press("Enter")
        expect(visit.entries).to_have_count(1)
        visit.page.reload()
        visit.entries.get_by_role("button", name="重新索引").click()
        expect(visit.entries.locator(".said")).to_contain_text("已重新索引")
        expect(unlock).to_be_hidden()
        visit.expected = {401}
        assert visit.complained() == []


def test_a_browser_that_stores_nothing_asks_for_a_password_once_a_page(
    context: BrowserContext, archive: Archive
) -> None:
    context.add_init_script(NOTHING_STORED)
    with serving(archive, Settings(data=archive.folder, password="密码 42")) as url:
        visit = _Visit(context, url)
        visit.page.set_input_files("#files", [_file("年报.txt", _REPORT)])
        visit.page.fill("#password", "密码 42")
        visit.page.keyboard.press("Enter")
        expect(visit.entries).to_have_count(1)
        visit.entries.get_by_role("button", name="重新索引").click()
        expect(visit.entries.locator(".said")).to_contain_text("已重新索引")
        expect(visit.page.locator("#unlock")).to_be_hidden()
        assert visit.complained() == []


def test_who_gives_no_password_is_not_asked_for_every_file(
    context: BrowserContext, archive: Archive
) -> None:
    with serving(archive, Settings(data=archive.folder, password="密码 42")) as url:
        visit = _Visit(context, url)
        names = ("甲.txt", "乙.txt", "丙.txt")
        visit.page.set_input_files("#files", [_file(name, _REPORT) for name in names])
        visit.page.locator("#unlock-no").click()
        failed = visit.page.locator("#uploads .failed")
        expect(failed).to_have_count(3)
        expect(failed.last).to_contain_text("没有输入密码")
        expect(visit.page.locator("#unlock")).to_be_hidden()
        assert archive.entries() == ()


def test_a_foreign_page_can_neither_add_nor_delete(
    context: BrowserContext, archive: Archive, tmp_path: Path
) -> None:
    """A page of another origin, in the same browser, by form and by script."""
    added = archive.add("/年报.txt", "年报.txt", _REPORT.encode())
    with serving(archive, Settings(data=archive.folder)) as url:
        page = context.new_page()
        page.route("http://evil.example/", lambda route: route.fulfill(
            content_type="text/html",
            body=f"<form method=post enctype=text/plain action='{url}/page/add?name=a.txt'>"
            "<input name=a value='这是一份伪造的文件内容，没有人要它'></form>"))  # fmt: skip
        page.goto("http://evil.example/")
        outcomes = page.evaluate(
            """async ([url, id]) => {
              const tried = (path, options) =>
                fetch(url + path, options).then(r => r.type === "opaque" ? "opaque" : "read", () => "refused");
              return [
                await tried("/page/documents", {}),
                await tried("/page/documents/" + id, { method: "DELETE", headers: { "X-Youju": "1" } }),
                await tried("/page/add?name=a.txt", { method: "POST", mode: "no-cors", body: "伪造的内容一二三四" }),
              ];
            }""",
            [url, added.document_id],
        )
        assert "read" not in outcomes
        with page.expect_navigation():
            page.evaluate("document.forms[0].submit()")
        assert len(archive.entries()) == 1
        assert archive.entries()[0].id == added.document_id


# -- the viewer ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "before",
    ["前文平常。", "😀前文有表情。", "前文有罕见字𠮷𡃁与😀👨‍👩‍👧。", ""],
    ids=["plain", "emoji", "rare", "none"],
)
def test_exactly_the_cited_characters_are_marked(
    visit: _Visit, archive: Archive, before: str
) -> None:
    quote = "完成投资12.5亿元，同比增长8.1%。"
    text = f"甲区年报\n{before}{quote}后文𠮷。\n末段另有说明文字若干。\n"
    document = archive.document(archive.add("/a.txt", "a.txt", text.encode()).document_id)
    start = document.text.index(quote)
    marks = visit.view(document.id, start, start + len(quote))
    expect(marks).to_have_count(1)
    assert marks.text_content() == quote
    expect(marks).to_be_in_viewport()


def test_a_quotation_over_several_lines_is_marked_line_by_line(
    visit: _Visit, archive: Archive
) -> None:
    document = archive.document(archive.add("/a.txt", "a.txt", _REPORT.encode()).document_id)
    start, end = document.text.index("同比"), document.text.index("新增")
    marks = visit.view(document.id, start, end)
    assert "\n".join(marks.all_text_contents()) == document.text[start:end]


def test_the_viewer_shows_where_it_is_and_copies_the_quotation(
    context: BrowserContext, visit: _Visit, archive: Archive
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    document = archive.document(archive.add("/a.txt", "年报.txt", _REPORT.encode()).document_id)
    start = document.text.index("完成工业投资")
    visit.view(document.id, start, start + 12)
    expect(visit.viewer.locator(".yv-title")).to_have_text("甲区年报")
    expect(visit.viewer.locator(".yv-where")).to_contain_text(f"字符 {start}–{start + 12}")
    current = visit.viewer.locator(".yv-section[aria-current]")
    expect(current).to_have_text("一、工业")
    visit.viewer.get_by_role("button", name="复制引文").click()
    expect(visit.viewer.locator(".yv-said")).to_have_text("已复制")
    copied = visit.page.evaluate("navigator.clipboard.readText()")
    assert document.text[start : start + 12] in copied
    assert "《甲区年报》" in copied
    visit.viewer.get_by_role("button", name="二、民生").click()
    expect(visit.viewer.locator("h3", has_text="二、民生")).to_be_focused()


def test_one_steps_from_citation_to_citation(visit: _Visit, archive: Archive) -> None:
    one = archive.document(archive.add("/a.txt", "a.txt", _REPORT.encode()).document_id)
    other = archive.document(archive.add("/b.pdf", "b.pdf", _PDF).document_id)
    quotes = [(one, "12.5亿元"), (one, "3.2万人"), (other, "5.4万人")]
    citations = [
        {"marker": n, "document": d.id, "start": d.text.index(q), "end": d.text.index(q) + len(q)}
        for n, (d, q) in enumerate(quotes, start=1)
    ]
    visit.page.evaluate("c => void youjuView({ citations: c, index: 1 })", citations)
    mark = visit.viewer.locator("mark")
    expect(mark).to_have_text("3.2万人")
    visit.viewer.get_by_role("button", name="下一处").click()
    expect(mark).to_have_text("5.4万人")
    expect(visit.viewer.locator(".yv-where")).to_contain_text("第 2 页")
    expect(visit.viewer.get_by_role("button", name="下一处")).to_be_disabled()
    for _ in range(2):
        visit.viewer.get_by_role("button", name="上一处").click()
    expect(mark).to_have_text("12.5亿元")
    expect(visit.viewer.locator(".yv-count")).to_have_text("第 1 处，共 3 处")


def test_the_printed_page_boxes_the_quotation(visit: _Visit, archive: Archive) -> None:
    document = archive.document(archive.add("/b.pdf", "b.pdf", _PDF).document_id)
    start = document.text.index("新增就业5.4万人")
    visit.view(document.id, start, start + 9)
    visit.viewer.get_by_role("button", name="原版页面").click()
    box = visit.viewer.locator(".yv-box")
    expect(box).to_have_count(1)
    image = visit.viewer.locator(".yv-sheet img")
    expect(image).to_have_js_property("complete", True)
    assert image.evaluate("image => image.naturalWidth") > 500
    sheet, placed = image.bounding_box(), box.bounding_box()
    assert sheet is not None
    assert placed is not None
    # The quotation begins with the fifth of the characters, 10 points wide, from 50 of 595 on.
    assert (placed["x"] - sheet["x"]) / sheet["width"] == pytest.approx(90 / 595, abs=0.01)
    visit.viewer.get_by_role("button", name="上一页").click()
    expect(visit.viewer.locator(".yv-pager")).to_contain_text("1 / 2")
    expect(box).to_have_count(0)
    visit.viewer.get_by_role("button", name="文字").click()
    expect(visit.viewer.locator("mark")).to_have_text("新增就业5.4万人")


def test_the_chunks_show_where_the_text_was_cut(visit: _Visit, archive: Archive) -> None:
    added = archive.add("/a.txt", "a.txt", _REPORT.encode())
    visit.page.reload()
    visit.entries.get_by_role("button", name="分段").click()
    chunks = visit.viewer.locator(".yv-chunk-text")
    expected = [chunk.text.rstrip() for chunk in archive.chunks_of(added.document_id)]
    expect(chunks).to_have_count(len(expected))
    assert chunks.all_text_contents() == expected


def test_a_document_that_is_gone_is_told(visit: _Visit) -> None:
    visit.expected = {404}
    visit.page.evaluate("location.hash = '#0123456789abcdef:0-5'")
    expect(visit.viewer).to_contain_text("没有编号为")


def test_the_keyboard_is_enough(visit: _Visit, archive: Archive) -> None:
    archive.add("/a.txt", "a.txt", _REPORT.encode())
    visit.page.reload()
    link = visit.page.get_by_role("link", name="甲区年报")
    link.focus()
    visit.page.keyboard.press("Enter")
    expect(visit.viewer).to_be_visible()
    expect(visit.viewer.locator(".yv-body")).to_be_focused()
    for _ in range(12):
        visit.page.keyboard.press("Tab")
        inside = visit.page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )
        assert inside
    visit.page.keyboard.press("Escape")
    expect(visit.viewer).to_have_count(0)
    expect(link).to_be_focused()
    assert "#" not in visit.page.url


def test_a_click_beside_closes(visit: _Visit, archive: Archive) -> None:
    added = archive.add("/a.txt", "a.txt", _REPORT.encode())
    visit.view(added.document_id, 0, 4)
    visit.viewer.locator(".yv-text").click()
    expect(visit.viewer).to_be_visible()
    visit.page.mouse.click(3, 400)
    expect(visit.viewer).to_have_count(0)


def test_a_long_document_opens_at_once(
    visit: _Visit, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Cutting and embedding it is not what is measured.
    monkeypatch.setattr("index.archive.split", lambda *_: [])
    lines = [
        f"第{n}条，园区道路、绿地与管网的养护由第{n % 40}班组负责，每月巡查两次。"
        for n in range(28_000)
    ]
    added = archive.add("/a.md", "a.md", ("# 养护办法\n\n" + "\n\n".join(lines)).encode())
    document = archive.document(added.document_id)
    assert len(document.text) > 900_000
    quote = "第27000条，园区道路"
    start = document.text.index(quote)
    marks = visit.view(document.id, start, start + len(quote))
    expect(marks).to_be_in_viewport()
    assert marks.text_content() == quote
    # Time would tell of the machine: what is out of sight is not laid out.
    laid_out = (
        "all => all.filter((one) => one.checkVisibility({ contentVisibilityAuto: true })).length"
    )
    blocks = visit.viewer.locator(".yv-block > :first-child")
    assert blocks.count() > 400
    assert 0 < blocks.evaluate_all(laid_out) < 10


def test_a_hostile_document_is_text_everywhere(visit: _Visit, archive: Archive) -> None:
    text = f"{_EVIL}\n一、{_EVIL}\n正文写道：{_EVIL}，完成投资12.5亿元，同比增长8.1%。\n二、尾\n完毕的一段话。\n"
    visit.upload(_file(_EVIL_NAME, text))
    document = archive.document(archive.entries()[0].id)
    expect(visit.page.locator("#uploads")).to_contain_text("onerror=alert(1)")
    expect(visit.entries).to_contain_text("<img src=x onerror=alert(1)>")
    start = document.text.index("正文写道")
    marks = visit.view(document.id, start, document.text.index("\n", start))
    assert marks.text_content() == document.text[start : document.text.index("\n", start)]
    expect(visit.page.locator(_ACTIVE)).to_have_count(0)
    visit.viewer.get_by_role("button", name="分段").click()
    expect(visit.viewer.locator(".yv-chunk").first).to_contain_text("<script>")
    expect(visit.page.locator(_ACTIVE)).to_have_count(0)
    visit.page.keyboard.press("Escape")
    visit.entries.get_by_role("button", name="删除").click()
    expect(visit.page.locator("#confirm-name")).to_contain_text("onerror=alert(1)")
    expect(visit.page.locator(_ACTIVE)).to_have_count(0)
    expect(visit.page).to_have_title("资料库 · 有据")


# -- looks -----------------------------------------------------------------------------------


def _overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


@pytest.mark.parametrize("width", [360, 768, 1920])
def test_no_width_scrolls_sideways(visit: _Visit, archive: Archive, width: int) -> None:
    visit.expected = {422}
    visit.page.set_viewport_size({"width": width, "height": 800})
    long = "长" * 80 + "x" * 120
    added = archive.add("/a.txt", f"{long}.txt", f"{long}\n一、{long}\n{_REPORT}".encode())
    visit.page.reload()
    visit.upload(_file(f"{'y' * 150}.pdf", b"%PDF-1.7 broken"))
    visit.entries.get_by_role("checkbox").check()
    assert _overflow(visit.page) <= 0
    marks = visit.view(added.document_id, 2, 40)
    expect(marks.first).to_be_in_viewport()
    assert visit.viewer.evaluate("d => d.scrollWidth - d.clientWidth") <= 0
    if width < 800:
        assert visit.viewer.bounding_box() == {"x": 0, "y": 0, "width": width, "height": 800}


def test_a_long_title_is_scrolled_and_not_cut(visit: _Visit, archive: Archive) -> None:
    text = f"# {'甲' * 150}首日接待乘客2316人次\n\n{_REPORT}"
    added = archive.add("/a.md", "a.md", text.encode())
    visit.page.set_viewport_size({"width": 390, "height": 780})
    visit.view(added.document_id, 2, 40)
    title = visit.viewer.locator(".yv-title")
    hidden = "t => Math.round(t.scrollHeight - t.clientHeight - t.scrollTop)"
    assert title.evaluate(hidden) > 20
    title.hover()
    visit.page.mouse.wheel(0, 1000)
    deadline = time.monotonic() + 30
    while title.evaluate(hidden) > 1:
        assert time.monotonic() < deadline


@pytest.mark.parametrize(("width", "language"), [(360, "en"), (390, "zh"), (1280, "zh")])
def test_what_is_chosen_hides_no_document(
    visit: _Visit, archive: Archive, width: int, language: str
) -> None:
    for name in ("甲", "乙", "丙", "丁", "戊", "己"):
        archive.add(f"/{name}", f"{name}.txt", _REPORT.replace("甲", name).encode())
    visit.page.set_viewport_size({"width": width, "height": 740})
    visit.page.goto(f"{visit.url}/library?lang={language}")
    last = visit.entries.nth(5)
    last.get_by_role("checkbox").check()
    visit.page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    bar, entry = visit.page.locator("#chosen").bounding_box(), last.bounding_box()
    assert bar
    assert entry
    assert entry["y"] + entry["height"] <= bar["y"]


_TEXTS = (
    "#held", "#kinds", "#choose", ".plain", ".name", ".badge", "li:has(:checked) .quiet",
    "li:not(:has(:checked)) .about .quiet", ".small", ".small.bad", ".failed .said", "#ask",
    "#filters label", ".yv-title", ".yv-where", ".yv mark", ".yv h3", ".yv p", ".yv-section",
    ".yv-section[aria-current]", '.yv-button[aria-pressed="true"]', ".yv-copy", ".yv-close",
)  # fmt: skip


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_is_legible(context: BrowserContext, url: str, archive: Archive, theme: str) -> None:
    archive.add("/b.txt", "b.txt", _REPORT.replace("甲区", "乙区").encode())
    document = archive.document(archive.add("/a.txt", "a.txt", _REPORT.encode()).document_id)
    visit = _Visit(context, url, f"?__theme={theme}")
    visit.upload(_file("图.png", "x"))
    visit.entry("甲区年报").get_by_role("checkbox").check()
    start = document.text.index("完成工业投资")
    visit.view(document.id, start, start + 8)
    for place in _TEXTS:
        contrast = visit.page.locator(place).first.evaluate(_CONTRAST)
        assert contrast >= 4.5, f"{place}: {contrast:.1f}"


def test_dark_is_dark(browser: Browser, url: str) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    with browser.new_context(color_scheme="dark") as context:
        dark = _Visit(context, url).page.evaluate(ground)
        assert _Visit(context, url, "?__theme=light").page.evaluate(ground) != dark
    with browser.new_context(color_scheme="light") as context:
        visit = _Visit(context, url, "?__theme=dark")
        assert visit.page.evaluate(ground) == dark
        expect(visit.page.locator("#chat")).to_have_attribute("href", "./?__theme=dark")


def test_the_page_speaks_english_to_whom_it_is_asked(browser: Browser, url: str) -> None:
    with browser.new_context(locale="en-GB") as context:
        visit = _Visit(context, url)
        expect(visit.page.locator("#nothing")).to_contain_text("The library is empty")
        expect(visit.page.locator("html")).to_have_attribute("lang", "en")
        chinese = _Visit(context, url, "?lang=zh")
        expect(chinese.page.locator("#nothing")).to_contain_text("资料库还是空的")
        remembered = _Visit(context, url)
        expect(remembered.page.locator("#nothing")).to_contain_text("资料库还是空的")


def test_one_is_counted_as_one_in_english(browser: Browser, url: str, archive: Archive) -> None:
    text = "1 chunk(s) of {title}\n湖区完成投资12.5亿元，同比增长8.1%。\n"
    document = archive.document(archive.add("/a.txt", "a.txt", text.encode()).document_id)
    with browser.new_context(locale="en-GB") as context:
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        visit = _Visit(context, url)
        expect(visit.page.locator("#held")).to_have_text("1 document, 1 chunk")
        expect(visit.page.locator("#found")).to_have_text("1 document")
        expect(visit.entries).to_contain_text(f"{len(document.text)} characters · 1 chunk")
        # What a document says itself is left as it is.
        remove = visit.page.get_by_role("button", name=f"Delete: {document.title}", exact=True)
        remove.click()
        expect(visit.page.locator("#confirm-name")).to_have_text(f"“{document.title}” a.txt")
        visit.page.keyboard.press("Escape")
        expect(visit.page.locator("#kind option").last).to_have_text("txt (1)")
        visit.upload(_file("b.txt", _REPORT))
        expect(visit.page.locator("#held")).to_contain_text("2 documents, ")
        visit.view(document.id, 0, 5)
        visit.viewer.get_by_role("button", name="Copy quote").click()
        expect(visit.viewer.locator(".yv-said")).to_have_text("Copied")
        copied = visit.page.evaluate("navigator.clipboard.readText()")
        assert copied == f"“1 chu”\n— “{document.title}”, a.txt, characters 0–5"
