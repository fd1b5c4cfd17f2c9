"""The routes of the library page without a browser: who is answered, what is listed, what changes."""

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

import app
from index.archive import Archive
from index.types import Entry
from qa.assistant import Assistant
from qa.desk import LocalDesk
from qa.settings import Settings
from tests.conftest import RuleReader
from tests.test_load import make_pdf
from web.access import Password, foreign
from web.listing import ORDERS, Wanted, listed

_HOST = "127.0.0.1:7860"
_OURS = {"X-Youju": "1"}
_REPORT = (
    "甲区年报\n一、工业\n2023年，甲区完成工业投资12.5亿元，同比增长8.1%。\n"
    "二、民生\n2023年，甲区新增就业3.2万人。\n"
)


def _client(
    archive: Archive, manage: str = "on", password: str = "", host: str = "127.0.0.1"
) -> TestClient:
    desk = LocalDesk(archive, Assistant(archive, RuleReader()))
    chosen = Settings(
        data=archive.folder, max_file_mb=1, manage=manage, password=password, host=host
    )
    return TestClient(app.create_site(desk, chosen, "t").app, base_url=f"http://{_HOST}")


@pytest.fixture
def client(archive: Archive) -> Iterator[TestClient]:
    with _client(archive) as client:
        yield client


def _add(
    client: TestClient, name: str = "年报.txt", data: str | bytes = _REPORT, **more: str
) -> tuple[int, dict[str, str]]:
    """Add a file as the page does: the status and the answer."""
    content = data.encode() if isinstance(data, str) else data
    query = {"name": name, **more}
    response = client.post("/page/add", params=query, headers=_OURS, content=content)
    return response.status_code, response.json()


def _titles(client: TestClient, **query: str) -> list[str]:
    found = client.get("/page/documents", params=query)
    assert found.status_code == 200
    return [entry["title"] for entry in found.json()["entries"]]


# -- what is shown ---------------------------------------------------------------------------


def test_an_added_file_is_listed_shown_cut_and_removed(client: TestClient) -> None:
    added = _add(client)[1]
    assert added["status"] == "added"
    found = client.get("/page/documents").json()
    assert (found["total"], found["all"]) == (1, 1)
    assert found["kinds"] == [{"name": "txt", "count": 1}]
    at = f"/page/documents/{added['document_id']}"
    document = client.get(at).json()
    assert document["title"] == "甲区年报"
    for chunk in client.get(f"{at}/chunks").json()["chunks"]:
        span = chunk["span"]
        assert document["text"][span["start"] : span["end"]] == chunk["text"]
    again = client.post(f"{at}/index", headers=_OURS).json()
    assert again["document_id"] == added["document_id"]
    assert client.delete(at, headers=_OURS).json()["title"] == "甲区年报"
    assert client.get(at).status_code == 404
    assert client.get("/page/documents").json()["all"] == 0


def test_documents_are_searched_filtered_and_counted(client: TestClient) -> None:
    _add(
        client,
        "甲.txt",
        "湖区公报\n2023年11月9日\n湖区完成投资12.5亿元，同比增长8.1%，增速居全市第一。\n",
    )
    _add(
        client,
        "乙.md",
        "# 山区公报\n\n2024年3月2日\n\n山区完成投资3.5亿元，同比增长2.1%，增速居全市第二。\n",
    )
    assert _titles(client) == ["山区公报", "湖区公报"] or len(_titles(client)) == 2
    assert _titles(client, query="湖区") == ["湖区公报"]
    assert _titles(client, query="公报 乙.ＭＤ") == ["山区公报"]
    assert _titles(client, kind="txt") == ["湖区公报"]
    assert _titles(client, order="title") == ["山区公报", "湖区公报"]
    assert _titles(client, limit="1", offset="1", order="title") == ["湖区公报"]
    dated = {
        entry["title"]: entry["date"] for entry in client.get("/page/documents").json()["entries"]
    }
    first, second = dated["湖区公报"], dated["山区公报"]
    assert first < second
    assert _titles(client, **{"to": first}) == ["湖区公报"]
    assert _titles(client, **{"from": second[:7]}) == ["山区公报"]
    [chosen] = client.get("/page/selection", params={"query": "山区"}).json()["ids"]
    assert client.get(f"/page/documents/{chosen}").json()["title"] == "山区公报"


@pytest.mark.parametrize(
    "query", ["order=worst", "offset=-1", "limit=0", "limit=1000000", "from=yesterday", "limit=x"]
)
def test_a_question_in_the_wrong_form_is_one_sentence(client: TestClient, query: str) -> None:
    response = client.get(f"/page/documents?{query}")
    assert response.status_code == 400
    assert set(response.json()) == {"error"}
    assert "。" in response.json()["error"]


_entries = st.builds(
    Entry,
    id=st.uuids().map(str),
    source=st.sampled_from(["a.txt", "b.PDF", "无后缀", "c.htm"]),
    title=st.text(alphabet="甲乙a ", max_size=4),
    date=st.sampled_from(["", "2022-05-01", "2023-01-31", "2023-02-01"]),
    page=st.just(""),
    publication=st.sampled_from(["", "某日报"]),
    characters=st.integers(0, 9),
    chunks=st.just(1),
    added=st.sampled_from(["2024-01-01 00:00:00", "2024-01-02 00:00:00"]),
    paths=st.just(()),
)


@given(
    st.lists(_entries), st.sampled_from(sorted(ORDERS)), st.sampled_from(["", "2023", "2023-01"])
)
def test_a_list_holds_what_is_wanted_and_loses_nothing_else(
    entries: list[Entry], order: str, month: str
) -> None:
    assert sorted(e.id for e in listed(entries, Wanted(order=order))) == sorted(
        e.id for e in entries
    )
    within = listed(entries, Wanted(since=month, until=month, order=order))
    assert {e.id for e in within} == {
        e.id for e in entries if e.date.startswith(month) and (e.date or not month)
    }
    newest = [e.date for e in listed(entries, Wanted(order="newest"))]
    assert newest == sorted(newest, reverse=True)


# -- what is added ---------------------------------------------------------------------------


def test_a_known_name_with_another_content_waits_for_a_word(client: TestClient) -> None:
    _add(client)
    other = _REPORT.replace("12.5", "13.9")
    status, asked = _add(client, data=other)
    assert status == 409
    assert "年报.txt" in asked["error"]
    assert _add(client)[1]["status"] == "unchanged"
    assert _add(client, data=other, same_name="both")[1]["status"] == "added"
    assert client.get("/page/documents").json()["all"] == 2
    third = _REPORT.replace("12.5", "15.1")
    assert _add(client, data=third, same_name="replace")[1]["status"] == "replaced"
    texts = [
        client.get(f"/page/documents/{entry['id']}").json()["text"]
        for entry in client.get("/page/documents").json()["entries"]
    ]
    assert sorted(["15.1" in text for text in texts]) == [False, True]
    assert not any("12.5" in text for text in texts)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("空.txt", b"", "没有可收录的文字"),
        ("表.xlsx", b"PK\x03\x04 nothing", "压缩包|损坏"),
        ("图.png", b"\x89PNG....", "图片"),
        ("坏.pdf", b"%PDF-1.7 broken", "损坏"),
        ("程序.exe", b"MZ....", "不认识的文件类型"),
    ],
)
def test_a_bad_file_is_told_and_nothing_is_left(
    client: TestClient, archive: Archive, name: str, data: bytes, said: str
) -> None:
    status, answer = _add(client, name, data)
    assert status == 422
    assert any(word in answer["error"] for word in said.split("|"))
    assert archive.entries() == ()
    assert list((archive.folder / "files").glob("*")) == []


def test_a_file_too_large_is_413(client: TestClient) -> None:
    status, answer = _add(client, "大.txt", b"a" * 1_000_001)
    assert status == 413
    assert "YOUJU_MAX_FILE_MB" in answer["error"]


@pytest.mark.parametrize(
    ("name", "source"),
    [("../../etc/甲.txt", "甲.txt"), ("C:\\文\\甲.txt", "甲.txt"), ("甲\x1b.txt", "甲\\x1b.txt")],
)
def test_a_name_is_a_name_and_no_path(client: TestClient, name: str, source: str) -> None:
    assert _add(client, name)[0] == 200
    [entry] = client.get("/page/documents").json()["entries"]
    assert (entry["source"], entry["paths"]) == (source, [f"page:{source}"])


def test_a_long_name_keeps_its_kind(client: TestClient) -> None:
    assert _add(client, f"{'长' * 500}.txt")[0] == 200
    [entry] = client.get("/page/documents").json()["entries"]
    assert entry["source"] == f"{'长' * 150}.txt"


def test_only_a_known_word_replaces(client: TestClient, archive: Archive) -> None:
    _add(client)
    status, answer = _add(client, data=_REPORT.replace("12.5", "13.9"), same_name="yes")
    assert (status, answer) == (400, {"error": "请求的参数不对：same_name。"})
    assert "12.5" in archive.document(archive.entries()[0].id).text


@pytest.mark.parametrize("name", ["", "/", ".."])
def test_a_file_without_a_name_is_400_or_no_known_kind(client: TestClient, name: str) -> None:
    assert _add(client, name)[0] in {400, 422}


# -- who may ---------------------------------------------------------------------------------

_CHANGES = [("POST", "/page/add?name=a.txt"), ("DELETE", "/page/documents/{id}"),
            ("POST", "/page/documents/{id}/index"), ("POST", "/page/unlock")]  # fmt: skip
_READS = ["/page/state", "/page/documents", "/page/selection", "/page/documents/{id}",
          "/page/documents/{id}/chunks", "/page/documents/{id}/boxes?start=0&end=1"]  # fmt: skip


def _all_refused(client: TestClient, status: int, headers: dict[str, str]) -> set[str]:
    """What every change is answered, which leaves the library as it was."""
    [entry] = client.get("/page/documents").json()["entries"]
    said = set()
    for method, path in _CHANGES:
        response = client.request(
            method, path.format(id=entry["id"]), headers=headers, content=b"x\xe4\xb8\x80" * 9
        )
        assert response.status_code == status, (method, path)
        said.add(response.json()["error"])
    assert client.get("/page/documents").json()["entries"] == [entry]
    return said


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9"},
        {"Origin": f"http://{_HOST}", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=str,
)
def test_a_foreign_page_is_answered_nothing(client: TestClient, headers: dict[str, str]) -> None:
    document_id = _add(client)[1]["document_id"]
    _all_refused(client, 403, {**_OURS, **headers})
    for path in _READS:
        assert client.get(path.format(id=document_id), headers=headers).status_code == 403


def test_a_form_cannot_change_anything(client: TestClient) -> None:
    """A form of a foreign page sets no header, and an old browser tells no origin."""
    _add(client)
    _all_refused(client, 403, {})
    _all_refused(client, 403, {"Content-Type": "multipart/form-data; boundary=x"})


def test_no_preflight_of_a_foreign_page_is_allowed(client: TestClient) -> None:
    for method, path in _CHANGES:
        asked = {"Origin": "http://evil.example", "Access-Control-Request-Method": method,
                 "Access-Control-Request-Headers": "x-youju"}  # fmt: skip
        response = client.options(path.format(id="x"), headers=asked)
        assert "access-control-allow-origin" not in response.headers
        assert "access-control-allow-headers" not in response.headers or response.status_code >= 400


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"manage": "off"}, "YOUJU_MANAGE"),
        ({"manage": "off", "password": "密"}, "YOUJU_MANAGE"),
        ({"host": "0.0.0.0"}, "YOUJU_PASSWORD"),
        ({"host": "192.0.2.1"}, "YOUJU_PASSWORD"),
        ({"host": "::"}, "YOUJU_PASSWORD"),
    ],
    ids=str,
)
def test_changes_are_off_and_the_page_says_which_setting(
    archive: Archive, settings: dict[str, str], named: str
) -> None:
    archive.add("/甲.txt", "甲.txt", _REPORT.encode())
    with _client(archive, **settings) as client:
        state = client.get("/page/state").json()
        assert state["closed"]
        assert named in state["reason"]
        assert _all_refused(client, 403, _OURS) == {state["reason"]}
        assert len(_titles(client)) == 1


def test_a_password_is_asked_for_before_a_change(archive: Archive) -> None:
    archive.add("/甲.txt", "甲.txt", _REPORT.encode())
    with _client(archive, host="0.0.0.0", password="密 码1") as client:
        assert client.get("/page/state").json()["password"] is True
        assert "密码" in _all_refused(client, 401, _OURS).pop()
        assert _all_refused(client, 401, {**_OURS, "X-Youju-Password": "wrong"}) == {"密码不对。"}
        known = {**_OURS, "X-Youju-Password": "%E5%AF%86%20%E7%A0%811"}
        assert client.post("/page/unlock", headers=known).json() == {"open": True}
        [entry] = client.get("/page/documents").json()["entries"]
        assert client.delete(f"/page/documents/{entry['id']}", headers=known).status_code == 200


def test_guesses_are_few(archive: Archive) -> None:
    now = [0.0]
    password = Password("right", clock=lambda: now[0])
    assert [password.judge(f"g{n}", "a") for n in range(12)] == ["wrong"] * 10 + ["often"] * 2
    assert password.judge("right", "a") == "often"
    assert password.judge("right", "b") == "open"
    assert password.judge("", "b") == "wrong"
    now[0] = 61
    assert password.judge("right", "a") == "open"


def test_the_memory_of_guesses_is_bounded() -> None:
    now = [0.0]
    password = Password("right", clock=lambda: now[0])
    for client in range(3000):
        now[0] += 1
        password.judge("wrong", str(client))
    assert len(password._failures) <= 1000


def test_a_password_is_not_shown() -> None:
    settings = Settings(password="geheim")
    assert "geheim" not in repr(settings) + str(settings) + repr(replace(settings, port=1))
    assert Settings.from_environment({"YOUJU_PASSWORD": "geheim"}) == settings


def test_a_wrong_word_for_manage_is_told() -> None:
    with pytest.raises(ValueError, match=r"YOUJU_MANAGE='nein'.*on 或 off"):
        Settings.from_environment({"YOUJU_MANAGE": "nein"})


@pytest.mark.parametrize("origin", ["http://[", "http://a.example:x", "", "http://"])
def test_an_origin_that_is_none_is_foreign(origin: str) -> None:
    assert foreign({"host": "a.example", "origin": origin})


# -- the printed page ------------------------------------------------------------------------

_PAGES = [["甲区统计公报", "甲区完成工业投资12.5亿元，同比增长8.1%，高于全市平均水平三个点。"],
          ["第二章民生", "甲区新增就业3.2万人，比上年多增加了两千人，失业率有所下降。"]]  # fmt: skip


def test_a_page_is_drawn_and_the_quotation_boxed(client: TestClient) -> None:
    added = _add(client, "公报.pdf", make_pdf(_PAGES))[1]
    at = f"/page/documents/{added['document_id']}"
    document = client.get(at).json()
    assert document["printed"] is True
    drawn = client.get(f"{at}/pages/2")
    assert drawn.headers["content-type"] == "image/png"
    assert drawn.content.startswith(b"\x89PNG")
    start = document["text"].index("新增就业")
    found = client.get(f"{at}/boxes", params={"start": start, "end": start + 9}).json()
    assert found["page"] == 2
    [(left, top, right, bottom)] = found["boxes"]
    # The characters are 10 points wide, from 50 on; the second row stands 784 high of 842.
    assert left == pytest.approx((50 + 10 * 2) / 595, abs=0.01)
    assert right - left == pytest.approx(9 * 10 / 595, abs=0.02)
    assert top < 1 - 784 / 842 < bottom + 0.005
    assert client.get(f"{at}/pages/3").status_code == 404
    assert client.get(f"{at}/pages/0").status_code == 404


def test_without_an_original_there_is_only_text(client: TestClient, archive: Archive) -> None:
    data = make_pdf(_PAGES)
    added = _add(client, "公报.pdf", data)[1]
    (archive.folder / "files" / sha256(data).hexdigest()).unlink()
    at = f"/page/documents/{added['document_id']}"
    assert client.get(at).json()["printed"] is False
    assert client.get(f"{at}/pages/1").status_code == 404
    text = _add(client)[1]["document_id"]
    assert client.get(f"/page/documents/{text}").json()["printed"] is False


@pytest.mark.parametrize("span", [(-1, 2), (5, 5), (0, 10**6)])
def test_a_span_outside_is_400(client: TestClient, span: tuple[int, int]) -> None:
    added = _add(client, "公报.pdf", make_pdf(_PAGES))[1]
    at = f"/page/documents/{added['document_id']}/boxes?start={span[0]}&end={span[1]}"
    assert client.get(at).status_code == 400


# -- the files of the page -------------------------------------------------------------------


@pytest.mark.parametrize("name", ["render.py", "..%2Fapp.py", "%2E%2E%2Fapp.py", "chat.js.map"])
def test_only_the_files_of_the_page_are_given(client: TestClient, name: str) -> None:
    assert client.get(f"/page/web/{name}").status_code == 404
