"""The API over a real server, archive and reader: who is let in, what they see, what they are told."""

import json
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

import app
from index.archive import Archive
from index.errors import ModelError
from index.types import Embedder
from qa.assistant import Assistant
from qa.desk import LocalDesk
from qa.feedback import FeedbackBook
from qa.settings import Settings
from qa.types import Answer, Findings, Passage, Sentence, Step, Turn
from tests.conftest import HashEmbedder, RuleReader, but_its_id, listening
from web.api.application import create_api
from web.api.filters import Filter
from web.api.register import Key, Register, Site
from web.api.tokens import LIFETIME

_OA, _OTHER = "https://oa.example.intra", "https://news.example.intra"
_NEIGHBOUR = "https://wanbao.example.intra"
_REPORT = "甲区年报\n工业\n2024年，甲区完成工业投资12.5亿元，同比增长8.1%。\n2024年，甲区新增就业3.2万人。\n"
_SECRET = "乙区内部通报\n2024年，乙区完成工业投资25.6亿元，同比增长9.9%。\n"
_HOSTILE = '丙区公告 <script>alert(1)</script>\n2024年，丙区完成工业投资33.7亿元 <img src=x onerror="y">。\n'
_ASK, _QUESTION = "/api/v1/ask", {"question": "甲区工业投资是多少"}


class _HeldReader(RuleReader):
    """Waits over questions that say so until it is let go; fails on others."""

    def __init__(self) -> None:
        self.asked, self.let_go = threading.Semaphore(0), threading.Event()

    def read(self, question: str, passages: Sequence[Passage]) -> Findings:
        if "请慢" in question:
            self.asked.release()
            assert self.let_go.wait(20)
        if "请坏" in question:
            raise RuntimeError("secret detail")
        return super().read(question, passages)


@dataclass
class _Clock:
    """Time that passes when it is told to."""

    now: float = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class _Served:
    """A server, and what its tests need of it."""

    http: httpx.Client
    desk: LocalDesk
    register: Register
    admin: str
    site: Site
    reader: _HeldReader
    ids: dict[str, str] = field(default_factory=dict)
    clock: _Clock = field(default_factory=_Clock)

    def call(
        self, method: str, path: str, key: str = "", *, json: object = None, origin: str = ""
    ) -> httpx.Response:
        """A call with a key or a token, from a program or from a page."""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        if origin:
            headers["Origin"] = origin
        return self.http.request(method, path, headers=headers, json=json)

    def token(self) -> str:
        got = self.http.post("/api/v1/token", json={"site": self.site.id}, headers={"Origin": _OA})
        assert (got.status_code, got.json()["expires_in"]) == (200, LIFETIME)
        looks = {"theme": self.site.theme, "accent": self.site.accent, "label": self.site.label}
        assert got.json()["looks"] == looks
        return str(got.json()["token"])


def _serve(folder: Path, settings: Settings, *, whole: bool = False) -> Iterator[_Served]:
    """The API over three documents, alone with a clock set by hand, or within the whole site."""
    with Archive(folder, HashEmbedder) as archive:
        reader = _HeldReader()
        desk = LocalDesk(archive, Assistant(archive, reader))
        register = Register(folder)
        site = Site(
            "办公网",
            (_OA,),
            Filter(("公开/*", "title:丙区*")),
            10_000,
            "dark",
            "#1d4f91",
            "问办公网",
        )
        register.add_site(site)
        register.add_site(Site("晚报网", (_NEIGHBOUR,)))
        clock = _Clock()
        with (
            listening(
                lambda: (
                    app.create_site(desk, settings, "desk-token").app
                    if whole
                    else create_api(desk, settings, clock=clock, wall_clock=clock)
                )
            ) as url,
            httpx.Client(base_url=url, trust_env=False, timeout=20) as http,
        ):
            admin = register.renew_admin_key()
            served = _Served(http, desk, register, admin, site, reader, clock=clock)
            for path, text in (
                ("/公开/年报.txt", _REPORT),
                ("/内部/通报.txt", _SECRET),
                ("/内部/公告.txt", _HOSTILE),
            ):
                added = archive.add(path, Path(path).name, text.encode())
                served.ids[Path(path).stem] = added.document_id
            yield served
            reader.let_go.set()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Served]:
    """The whole site, for the tests that change nothing."""
    folder = tmp_path_factory.mktemp("api")
    yield from _serve(folder, Settings(data=folder, max_file_mb=1, per_minute=10_000), whole=True)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[_Served]:
    """The API alone, with a clock that is set by hand."""
    yield from _serve(tmp_path, Settings(data=tmp_path, max_waiting=0, per_minute=10_000))


def _is_problem(response: httpx.Response, status: int) -> dict[str, Any]:
    told: dict[str, Any] = response.json()
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert told["status"] == status
    assert {"type", "title", "detail"} <= told.keys()
    assert any("一" <= c <= "鿿" for c in told["detail"])
    return told


# -- questions -------------------------------------------------------------------------------


def test_a_program_asks_and_gets_what_the_assistant_says(shared: _Served) -> None:
    got = shared.call("POST", _ASK, shared.admin, json=_QUESTION)
    assert got.status_code == 200
    expected = shared.desk.assistant.ask(_QUESTION["question"]).as_json()
    assert {**got.json(), "timings_ms": 0} == {**expected, "timings_ms": 0}
    assert got.json()["short"] == "12.5亿元"


def test_a_follow_up_leans_on_the_history(shared: _Served) -> None:
    history = [{"question": "甲区工业投资是多少", "answer": "12.5亿元"}]
    asked = {"question": "乙区呢", "history": history}
    answer = shared.call("POST", _ASK, shared.admin, json=asked).json()
    assert (answer["question"], answer["short"]) == ("乙区工业投资是多少", "25.6亿元")


def test_only_chosen_documents_are_asked(shared: _Served) -> None:
    asked = {**_QUESTION, "documents": [shared.ids["公告"]]}
    answer = shared.call("POST", _ASK, shared.admin, json=asked).json()
    assert answer["mode"] == "refuse"
    assert {near["document_id"] for near in answer["nearest"]} == {shared.ids["公告"]}
    asked = {**_QUESTION, "documents": ["0123456789abcdef"]}
    _is_problem(shared.call("POST", _ASK, shared.admin, json=asked), 404)


def _events(text: str) -> list[tuple[str, Any]]:
    blocks = [block.split("\n") for block in text.split("\n\n") if block]
    return [(b[0].removeprefix("event: "), json.loads(b[1].removeprefix("data: "))) for b in blocks]


def test_a_stream_tells_the_steps_the_pieces_the_citations_and_the_whole(shared: _Served) -> None:
    got = shared.call("POST", f"{_ASK}/stream", shared.admin, json=_QUESTION)
    assert got.headers["content-type"].startswith("text/event-stream")
    assert (got.headers["cache-control"], got.headers["x-accel-buffering"]) == ("no-store", "no")
    events = _events(got.text)
    assert [data["stage"] for name, data in events if name == "step"] == ["retrieve", "read"]
    (name, whole) = events[-1]
    assert name == "done"
    assert "".join(data["text"] for name, data in events if name == "piece") == whole["answer"]
    assert ("citations", {"citations": whole["citations"]}) in events
    expected = shared.desk.assistant.ask(_QUESTION["question"]).as_json()
    assert {**whole, "timings_ms": 0} == {**expected, "timings_ms": 0}


class _Wording(Assistant):
    """As if a model worded every answer: its sentences come before the whole."""

    def stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        within: Collection[str] | None = None,
    ) -> Iterator[Step | Sentence | Answer]:
        *steps, answer = super().stream(question, history, within=within)
        assert isinstance(answer, Answer)
        sentences = (Sentence("是12.5亿元。", (1,), True), Sentence("增长8.1%。", (1,), True))
        text = "".join(sentence.marked for sentence in sentences)
        yield from steps
        yield sentences[0]
        yield replace(answer, text=text, mode="generate", sentences=sentences)


def test_sentences_of_a_model_are_pieces_and_none_is_said_twice(shared: _Served) -> None:
    desk = LocalDesk(shared.desk.archive, _Wording(shared.desk.archive, RuleReader()))
    settings = Settings(data=shared.desk.archive.folder)
    authorised = {"Authorization": f"Bearer {shared.admin}"}
    with listening(lambda: create_api(desk, settings)) as url:
        told = httpx.post(
            f"{url}{_ASK}/stream", json=_QUESTION, headers=authorised, trust_env=False
        )
    events = _events(told.text)
    (_, whole) = events[-1]
    assert "".join(data["text"] for name, data in events if name == "piece") == whole["answer"]
    assert whole["answer"] == "是12.5亿元。[1]增长8.1%。[1]"
    assert [sentence["verified"] for sentence in whole["sentences"]] == [True, True]


def test_a_stream_passes_through_as_it_comes(shared: _Served) -> None:
    shared.reader.let_go.clear()
    slow, authorised = (
        {"question": "请慢，甲区工业投资是多少"},
        {"Authorization": f"Bearer {shared.admin}"},
    )
    with shared.http.stream("POST", f"{_ASK}/stream", json=slow, headers=authorised) as response:
        lines = response.iter_lines()
        assert next(lines) == "event: step"
        assert not shared.reader.let_go.is_set()
        shared.reader.let_go.set()
        assert "event: done" in list(lines)


def test_what_fails_in_a_stream_is_a_problem_in_it(shared: _Served) -> None:
    got = shared.call(
        "POST", f"{_ASK}/stream", shared.admin, json={"question": "请坏，甲区工业投资"}
    )
    name, told = _events(got.text)[-1]
    assert (name, told["status"]) == ("error", 500)
    assert "secret" not in got.text


def test_what_fails_is_a_problem_that_tells_nothing_of_the_inside(shared: _Served) -> None:
    got = shared.call("POST", _ASK, shared.admin, json={"question": "请坏，甲区工业投资"})
    _is_problem(got, 500)
    assert "secret" not in got.text


def test_who_comes_when_all_places_are_taken_is_told_when_to_come_again(served: _Served) -> None:
    def hold() -> None:
        served.call("POST", _ASK, served.admin, json={"question": "请慢，甲区工业投资是多少"})

    holders = [threading.Thread(target=hold) for _ in range(2)]
    for holder in holders:
        holder.start()
    for _ in holders:
        assert served.reader.asked.acquire(timeout=10)
    refused = served.call("POST", _ASK, served.admin, json=_QUESTION)
    _is_problem(refused, 503)
    assert int(refused.headers["retry-after"]) > 0
    served.reader.let_go.set()
    for holder in holders:
        holder.join(10)
    assert served.call("POST", _ASK, served.admin, json=_QUESTION).status_code == 200


def test_who_goes_away_gives_the_place_back(served: _Served) -> None:
    for _ in range(4):
        served.reader.let_go.clear()
        slow = {"question": "请慢，甲区工业投资是多少"}
        authorised = {"Authorization": f"Bearer {served.admin}"}
        with (
            httpx.Client(base_url=served.http.base_url, trust_env=False) as leaving,
            leaving.stream("POST", f"{_ASK}/stream", json=slow, headers=authorised) as response,
        ):
            lines = response.iter_lines()
            assert next(lines) == "event: step"
            assert served.reader.asked.acquire(timeout=10)
        served.reader.let_go.set()
        _wait_until(
            lambda: served.call("POST", _ASK, served.admin, json=_QUESTION).status_code == 200
        )


def _wait_until(done: Callable[[], bool]) -> None:
    for _ in range(100):
        if done():
            return
        threading.Event().wait(0.05)
    raise AssertionError("waited in vain")


# -- pages of other sites ------------------------------------------------------------------------


def test_a_page_of_a_listed_site_asks_with_a_token(shared: _Served) -> None:
    got = shared.call("POST", _ASK, shared.token(), json=_QUESTION, origin=_OA)
    assert got.json()["short"] == "12.5亿元"
    assert got.headers["access-control-allow-origin"] == _OA
    assert "Origin" in got.headers["vary"]
    assert "access-control-allow-credentials" not in got.headers


@pytest.mark.parametrize(
    "origin", ["", "null", _OTHER, _OA + ".evil.example", "http://oa.example.intra"]
)
def test_an_unlisted_origin_gets_no_token_and_reads_no_answer(shared: _Served, origin: str) -> None:
    got = shared.call("POST", "/api/v1/token", json={"site": shared.site.id}, origin=origin)
    _is_problem(got, 403)
    assert "access-control-allow-origin" not in got.headers


def test_a_browser_is_told_before_it_calls(shared: _Served) -> None:
    asking = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization",
    }
    told = shared.http.options(_ASK, headers={**asking, "Origin": _OA})
    assert told.status_code == 204
    assert told.headers["access-control-allow-origin"] == _OA
    assert "authorization" in told.headers["access-control-allow-headers"]
    assert "DELETE" not in told.headers["access-control-allow-methods"]
    refused = shared.http.options(_ASK, headers={**asking, "Origin": _OTHER})
    _is_problem(refused, 403)
    assert not {name for name in refused.headers if name.startswith("access-control")}
    assert "Origin" in refused.headers["vary"]


@pytest.mark.parametrize("origin", ["", "null", _OTHER, _NEIGHBOUR])
def test_a_copied_token_is_no_use_elsewhere(shared: _Served, origin: str) -> None:
    token, place = shared.token(), {"start": 0, "end": 4}
    passage = f"/api/v1/documents/{shared.ids['年报']}/passage"
    for path, said in ((_ASK, _QUESTION), (f"{_ASK}/stream", _QUESTION), (passage, place)):
        got = shared.call("POST", path, token, json=said, origin=origin)
        _is_problem(got, 403)
        assert "甲区" not in got.text
        # Headers that a program sends itself, and a browser lets no page set.
        fetched = {"Authorization": f"Bearer {token}", "Sec-Fetch-Site": "same-origin"}
        _is_problem(shared.http.post(path, json=said, headers=fetched), 403)
    assert shared.call("POST", passage, token, json=place, origin=_OA).json()["text"] == "甲区年报"


def test_a_token_ends_after_its_time_and_with_its_site(served: _Served) -> None:
    token = served.token()
    served.clock.now += LIFETIME - 1
    assert served.call("GET", "/api/v1/documents", token, origin=_OA).status_code == 200
    served.clock.now += 1
    _is_problem(served.call("GET", "/api/v1/documents", token, origin=_OA), 401)
    token = served.token()
    served.register.remove_site(served.site.name)
    _is_problem(served.call("GET", "/api/v1/documents", token, origin=_OA), 403)


@pytest.mark.parametrize("place", [0, 5, -1, -8])
def test_a_token_that_was_changed_is_none(shared: _Served, place: int) -> None:
    token = list(shared.token())
    token[place] = "A" if token[place] != "A" else "B"
    _is_problem(shared.call("GET", "/api/v1/documents", "".join(token), origin=_OA), 401)


def test_tokens_and_keys_outlive_a_restart(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, per_minute=10_000)
    first = _serve(tmp_path, settings)
    served = next(first)
    token, admin, site = served.token(), served.admin, served.site
    next(first, None)
    with Archive(tmp_path, HashEmbedder) as archive:
        desk = LocalDesk(archive, Assistant(archive, RuleReader()))
        clock = _Clock()
        with listening(lambda: create_api(desk, settings, wall_clock=clock)) as url:
            page = {"Authorization": f"Bearer {token}", "Origin": _OA}
            assert (
                httpx.get(f"{url}/api/v1/documents", headers=page, trust_env=False).json()["total"]
                == 2
            )
            program = {"Authorization": f"Bearer {admin}"}
            assert (
                httpx.get(f"{url}/api/v1/documents", headers=program, trust_env=False).json()[
                    "total"
                ]
                == 3
            )
    assert Register(tmp_path).site(site.id) == site
    assert (tmp_path / "access.sqlite3").stat().st_mode & 0o777 == 0o600
    assert admin.encode() not in (tmp_path / "access.sqlite3").read_bytes()


def test_a_page_never_meets_a_document_that_is_not_its_sites(shared: _Served) -> None:
    token, hidden = shared.token(), shared.ids["通报"]
    listed = shared.call("GET", "/api/v1/documents", token, origin=_OA).json()
    assert {entry["id"] for entry in listed["documents"]} == {
        shared.ids["年报"],
        shared.ids["公告"],
    }
    assert [entry["paths"] for entry in listed["documents"]] == [[], []]
    unknown = shared.call("GET", "/api/v1/documents/0123456789abcdef", token, origin=_OA)
    for path in (hidden, hidden[:6], f"{hidden}?start=0&end=5"):
        got = shared.call("GET", f"/api/v1/documents/{path}", token, origin=_OA)
        assert (got.status_code, but_its_id(got)) == (404, but_its_id(unknown))
    passage = f"/api/v1/documents/{hidden}/passage"
    got = shared.call("POST", passage, token, json={"start": 0, "end": 5}, origin=_OA)
    assert (got.status_code, but_its_id(got)) == (404, but_its_id(unknown))
    asked = {"question": "乙区工业投资是多少"}
    answer = shared.call("POST", _ASK, token, json=asked, origin=_OA)
    assert answer.json()["mode"] == "refuse"
    assert answer.json()["nearest"]
    assert hidden not in answer.text
    assert "25.6" not in answer.text
    chosen = {**asked, "documents": [hidden]}
    for form in (_ASK, f"{_ASK}/stream"):
        got = shared.call("POST", form, token, json=chosen, origin=_OA)
        assert (got.status_code, but_its_id(got)) == (404, but_its_id(unknown))
    assert shared.call("POST", _ASK, shared.admin, json=asked).json()["short"] == "25.6亿元"


def test_what_a_site_and_a_key_may_holds_at_once_in_a_running_server(served: _Served) -> None:
    key = served.register.add_key(Key("晨报", Filter(("*年报*",))))
    listed = served.call("GET", "/api/v1/documents", key).json()
    assert [entry["id"] for entry in listed["documents"]] == [served.ids["年报"]]
    served.register.remove_key("晨报")
    _is_problem(served.call("GET", "/api/v1/documents", key), 401)


# -- keys --------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["", "yj_wrong", "a.b", "Bearer", "é", "desk-token", "." * 9000])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", _ASK),
        ("POST", f"{_ASK}/stream"),
        ("POST", "/api/v1/feedback"),
        ("GET", "/api/v1/documents"),
        ("GET", "/api/v1/documents/x"),
        ("POST", "/api/v1/documents/x/passage"),
        ("POST", "/api/v1/documents"),
        ("DELETE", "/api/v1/documents/x"),
    ],
)
def test_without_key_or_token_nothing_is_told(
    shared: _Served, method: str, path: str, key: str
) -> None:
    headers = {b"Authorization": f"Bearer {key}".encode()} if key else {}
    got = shared.http.request(method, path, headers=headers)
    _is_problem(got, 401)
    assert got.headers["www-authenticate"] == "Bearer"


def test_only_the_administrator_changes_the_library(shared: _Served) -> None:
    program = shared.register.add_key(Key("读报"))
    for key, origin in ((program, ""), (shared.token(), _OA)):
        for method, path in (("POST", ""), ("DELETE", f"/{shared.ids['年报']}")):
            _is_problem(shared.call(method, f"/api/v1/documents{path}", key, origin=origin), 403)
    assert len(shared.desk.entries()) == 3


def test_a_new_key_of_the_administrator_ends_the_old_one(served: _Served) -> None:
    new = served.register.renew_admin_key()
    _is_problem(served.call("GET", "/api/v1/documents", served.admin), 401)
    assert served.call("GET", "/api/v1/documents", new).status_code == 200
    assert served.register.first_admin_key() is None


def test_whom_a_proxy_names_is_let_in_only_where_that_is_set(
    tmp_path: Path, shared: _Served
) -> None:
    named = {"X-Remote-User": "wang"}
    _is_problem(shared.http.get("/api/v1/documents", headers=named), 401)
    for served in _serve(tmp_path, Settings(data=tmp_path, identity_header="X-Remote-User")):
        got = served.http.get("/api/v1/documents", headers=named)
        assert got.json()["total"] == 3
        foreign = {**named, "Origin": _OTHER}
        _is_problem(served.http.get("/api/v1/documents", headers=foreign), 401)
        _is_problem(
            served.http.delete(f"/api/v1/documents/{served.ids['年报']}", headers=named), 403
        )


# -- how often -----------------------------------------------------------------------------------


def test_an_address_and_a_site_are_counted_apart(tmp_path: Path) -> None:
    for served in _serve(tmp_path, Settings(data=tmp_path, per_minute=3)):
        path, program = "/api/v1/documents", served.register.add_key(Key("晨报"))
        token = served.token()
        codes = [served.call("GET", path, token, origin=_OA).status_code for _ in range(3)]
        assert codes == [200, 200, 429]
        refused = served.call("GET", path, token, origin=_OA)
        _is_problem(refused, 429)
        assert refused.headers["access-control-allow-origin"] == _OA
        assert served.call("GET", path, program).status_code == 200
        served.clock.now += int(refused.headers["retry-after"])
        assert served.call("GET", path, token, origin=_OA).status_code == 200
        told = [served.call("GET", "/v1/models", program) for _ in range(4)][-1]
        assert _is_openais(told, 429)["code"] == "rate_limit_exceeded"
        assert int(told.headers["retry-after"]) > 0


def test_a_site_is_counted_whatever_address_its_pages_call_from(served: _Served) -> None:
    site = Site("新闻网", (_OTHER,), per_minute=2)
    served.register.add_site(site)
    codes = [
        served.call("POST", "/api/v1/token", json={"site": site.id}, origin=_OTHER).status_code
        for _ in range(3)
    ]
    assert codes == [200, 200, 429]
    assert served.token()


# -- documents -----------------------------------------------------------------------------------


def _upload(served: _Served, *files: tuple[str, bytes]) -> httpx.Response:
    authorised = {"Authorization": f"Bearer {served.admin}"}
    sent = [("files", file) for file in files]
    return served.http.post("/api/v1/documents", files=sent, headers=authorised)


def test_files_go_in_are_listed_read_in_part_and_removed(served: _Served) -> None:
    text = "丁区简报\n2024年，丁区完成工业投资41.5亿元。\n"
    got = _upload(served, ("简报.txt", text.encode()), ("空.txt", b""))
    assert got.status_code == 200
    [added, failed] = got.json()
    assert (added["source"], added["status"], failed["status"]) == ("简报.txt", "added", "failed")
    assert failed["message"]
    at = f"/api/v1/documents/{added['id']}"
    whole = served.call("GET", at, served.admin).json()
    part = served.call("GET", f"{at}?start=3&end=9", served.admin).json()
    assert part["text"] == whole["text"][3:9]
    assert (part["start"], part["end"], whole["characters"]) == (3, 9, len(whole["text"]))
    _is_problem(served.call("GET", f"{at}?start=3&end=99999", served.admin), 422)
    changed = _upload(served, ("简报.txt", text.replace("41.5", "42.5").encode())).json()
    assert [one["status"] for one in changed] == ["replaced"]
    _is_problem(served.call("GET", at, served.admin), 404)
    at = f"/api/v1/documents/{changed[0]['id']}"
    assert served.call("DELETE", at, served.admin).json()["source"] == "简报.txt"
    _is_problem(served.call("DELETE", at, served.admin), 404)


def test_a_passage_comes_with_what_stands_around_it(shared: _Served) -> None:
    at = f"/api/v1/documents/{shared.ids['年报']}"
    text = shared.call("GET", at, shared.admin).json()["text"]
    for start, end, around in ((8, 20, 3), (0, len(text), 5), (2, 2, 2000)):
        place = {"start": start, "end": end, "around": around}
        got = shared.call("POST", f"{at}/passage", shared.admin, json=place).json()
        assert got["before"] == text[max(0, start - around) : start]
        assert got["text"] == text[start:end]
        assert got["after"] == text[end : end + around]
    wrong = {"start": 9, "end": 3}, {"start": 0, "end": len(text) + 1}
    for place in wrong:
        _is_problem(shared.call("POST", f"{at}/passage", shared.admin, json=place), 422)


def test_a_list_is_searched_and_paged(shared: _Served) -> None:
    def sources(query: str) -> tuple[list[str], int]:
        told = shared.call("GET", f"/api/v1/documents?{query}", shared.admin).json()
        return [entry["source"] for entry in told["documents"]], told["total"]

    assert sources("query=乙区") == (["通报.txt"], 1)
    assert sources("source=年报") == (["年报.txt"], 1)
    assert sources("query=没有这样的") == ([], 0)
    every, total = sources("limit=500")
    assert (len(every), total) == (3, 3)
    assert sources("offset=1&limit=1") == (every[1:2], 3)
    assert sources("from=2024&to=2025") == ([], 0)


def test_a_file_that_is_too_large_is_a_problem_before_it_is_kept(shared: _Served) -> None:
    _is_problem(_upload(shared, ("大.txt", b"x" * 1_100_000)), 413)


def test_stored_markup_comes_out_as_the_text_it_is(shared: _Served) -> None:
    got = shared.call("POST", _ASK, shared.admin, json={"question": "丙区工业投资是多少"})
    assert got.headers["content-type"] == "application/json"
    assert got.headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'self'" in got.headers["content-security-policy"]
    [citation] = got.json()["citations"]
    assert '<img src=x onerror="y">' in citation["quote"]


# -- feedback, errors, how the server is -------------------------------------------------------------


def test_feedback_is_kept_with_the_answer_it_is_of(served: _Served) -> None:
    answer = served.call("POST", _ASK, served.token(), json=_QUESTION, origin=_OA).json()
    said = {
        **_QUESTION,
        "answer": answer,
        "rating": "down",
        "reason": "citation",
        "remark": "引文不对",
    }
    assert (
        served.call("POST", "/api/v1/feedback", served.token(), json=said, origin=_OA).status_code
        == 200
    )
    [kept] = FeedbackBook(served.desk.archive.folder).all()
    assert (kept.question, kept.rating, kept.reason) == (_QUESTION["question"], "down", "citation")
    assert kept.answer == Answer.from_json(answer).as_json()


@pytest.mark.parametrize(
    "wrong",
    [{"answer": {}}, {"answer": "8.1%"}, {"rating": "so"}, {"reason": "x" * 5000}, {"more": 1}],
)
def test_what_is_no_feedback_is_not_kept(shared: _Served, wrong: dict[str, object]) -> None:
    answer = shared.desk.ask(_QUESTION["question"])
    said = {**_QUESTION, "answer": answer, "rating": "up", **wrong}
    told = _is_problem(shared.call("POST", "/api/v1/feedback", shared.admin, json=said), 422)
    assert next(iter(wrong)) in told["detail"]
    assert "xxxxxxxx" not in json.dumps(told)
    assert FeedbackBook(shared.desk.archive.folder).all() == ()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", "请求体"),
        (b"[]", "请求体"),
        (b"{", "请求体"),
        (b"{}", "question"),
        (b'{"question": 1}', "question"),
        (b'{"question": "\\ud800"}', "question"),
        (b'{"question": "a", "history": [{"answer": "b"}]}', "history.0.question"),
        (b'{"question": "a", "documents": []}', "documents"),
        (b'{"question": "a", "secret_option": 1}', "secret_option"),
        (b'{"question": "%s"}' % (b"x" * 20_000), "question"),
    ],
)
def test_a_mistake_is_told_by_its_field(shared: _Served, body: bytes, field: str) -> None:
    headers = {"Authorization": f"Bearer {shared.admin}", "Content-Type": "application/json"}
    told = _is_problem(shared.http.post(_ASK, content=body, headers=headers), 422)
    assert told["errors"][0]["field"].startswith(field)
    assert len(json.dumps(told)) < 1000
    assert "pydantic" not in json.dumps(told)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api", 404),
        ("GET", "/api/v2/ask", 404),
        ("GET", f"{_ASK}/", 404),
        ("PUT", _ASK, 405),
    ],
)
def test_an_unknown_path_is_a_problem_too(
    shared: _Served, method: str, path: str, status: int
) -> None:
    _is_problem(shared.call(method, path, shared.admin), status)


def _is_openais(response: httpx.Response, status: int) -> dict[str, Any]:
    told: dict[str, Any] = response.json()
    assert response.status_code == status
    assert response.headers["content-type"] == "application/json"
    assert list(told) == ["error"]
    assert {"message", "type", "code"} <= told["error"].keys()
    assert any("一" <= c <= "鿿" for c in told["error"]["message"])
    return dict(told["error"])


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "status"),
    [
        ("POST", "/v1/chat/completions", {}, b"x" * 1_100_000, 413),
        ("GET", "/v1/models", {"Host": "elsewhere.example"}, b"", 421),
        ("GET", "/v1", {}, b"", 404),
        ("GET", "/v1/nothing", {}, b"", 404),
        ("GET", "/v1/models/gpt-x", {}, b"", 404),
        ("PUT", "/v1/models", {}, b"", 405),
        ("POST", "/v1/chat/completions", {}, b"{", 400),
        ("GET", "/v1/models", {"Authorization": "Bearer yj_wrong"}, b"", 401),
        ("OPTIONS", "/v1/models", {"Origin": _OTHER, "Access-Control-Request-Method": "GET"}, b"", 403),
    ],
)  # fmt: skip
def test_whatever_goes_wrong_under_v1_has_openais_form(
    shared: _Served, method: str, path: str, headers: dict[str, str], body: bytes, status: int
) -> None:
    sent = {"Authorization": f"Bearer {shared.admin}", **headers}
    _is_openais(shared.http.request(method, path, headers=sent, content=body), status)


def test_a_foreign_host_elsewhere_is_a_problem(shared: _Served) -> None:
    _is_problem(shared.http.get("/api/v1/health", headers={"Host": "elsewhere.example"}), 421)


def test_the_server_says_that_it_runs_and_what_it_holds(shared: _Served) -> None:
    assert shared.http.get("/api/v1/health").json() == {"status": "ok"}
    assert shared.http.get("/api/v1/ready").json() == {
        "status": "ready",
        "documents": 3,
        "search": "index",
    }


def test_a_server_without_its_model_is_not_ready(tmp_path: Path) -> None:
    def no_model() -> Embedder:
        raise ModelError("没有这个模型。")

    with Archive(tmp_path, no_model) as archive:
        desk = LocalDesk(archive, Assistant(archive, RuleReader()))
        with listening(lambda: create_api(desk, Settings(data=tmp_path))) as url:
            _is_problem(httpx.get(f"{url}/api/v1/ready", trust_env=False), 503)


def test_the_figures_count_what_was_asked(served: _Served) -> None:
    served.call("POST", _ASK, served.admin, json=_QUESTION)
    served.call("POST", _ASK, served.admin, json={"question": "丁市市长是谁"})
    served.call("POST", _ASK, served.admin, json={"question": "请坏，甲区工业投资"})
    told = served.http.get("/metrics").text.splitlines()
    for line in (
        'youju_questions_total{mode="extract"} 1.0',
        'youju_questions_total{mode="refuse"} 1.0',
        "youju_errors_total 1.0",
        'youju_stage_seconds_count{stage="read"} 2.0',
        "youju_documents 3.0",
    ):
        assert line in told


def test_the_figures_are_for_this_machine_or_the_administrator(served: _Served) -> None:
    forwarded = {"X-Forwarded-For": "192.0.2.7"}
    _is_problem(served.http.get("/metrics", headers=forwarded), 403)
    authorised = {**forwarded, "Authorization": f"Bearer {served.admin}"}
    assert served.http.get("/metrics", headers=authorised).status_code == 200
    program = served.register.add_key(Key("晨报"))
    _is_problem(served.call("GET", "/metrics", program), 403)


def test_its_openapi_tells_our_operations_alone_each_with_an_example(shared: _Served) -> None:
    told = shared.http.get("/api/v1/openapi.json").json()
    operations = {
        (method, path): operation
        for path, methods in told["paths"].items()
        for method, operation in methods.items()
    }
    assert len(operations) == 11
    for (_, path), operation in operations.items():
        assert path.startswith("/api/v1/")
        [content] = operation["responses"]["200"]["content"].values()
        assert content["example"]
        assert "application/problem+json" in operation["responses"]["default"]["content"]
        assert "422" not in operation["responses"]
