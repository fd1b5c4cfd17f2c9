"""The desk of a running server: the command line works through the owner of the library.

The owner leaves its address and a secret in the data folder, readable by its user alone. What
answers there is in app.py.
"""

import json
import os
import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

import httpx

from index.errors import IndexingError, LibraryError
from index.types import Added, Document, Entry, Finding, Section, Span

_FILE, _DRAFT = "owner.json", "owner.new"

# A large file takes minutes to embed on two cores; a server that is gone refuses at once.
_TIMEOUT = httpx.Timeout(1800, connect=2)


@dataclass(frozen=True, slots=True)
class Owner:
    """Where the server that owns a library listens, and the secret that opens its desk."""

    url: str
    token: str

    @classmethod
    def announce(cls, folder: Path, url: str) -> "Owner":
        """Leave address and a new secret in the data folder, for this user's eyes only."""
        owner = cls(url, secrets.token_urlsafe(32))
        draft = folder / _DRAFT
        try:
            draft.unlink(missing_ok=True)
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                json.dump(asdict(owner), stream)
            # Whole or not at all: who reads half of it takes the library for nobody's.
            draft.replace(folder / _FILE)
        except OSError as error:
            raise LibraryError(
                f"无法写入数据目录 {folder}：{error.strerror}，服务没有启动。"
                "请检查磁盘空间与文件夹权限；youju ask、list、show 不需要写入。"
            ) from error
        return owner

    @staticmethod
    def leave(folder: Path) -> None:
        """Take the announcement back; one that stays is of an owner that does not answer."""
        with suppress(OSError):
            (folder / _FILE).unlink(missing_ok=True)

    @classmethod
    def of(cls, folder: Path) -> "Owner | None":
        """The announced owner, which may be gone, or None."""
        try:
            return cls(**json.loads((folder / _FILE).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None


class RemoteDesk:
    """The six verbs, asked of a server."""

    def __init__(self, owner: Owner) -> None:
        self._client = httpx.Client(
            base_url=owner.url,
            headers={"Authorization": f"Bearer {owner.token}"},
            timeout=_TIMEOUT,
            trust_env=False,
        )

    @classmethod
    def connect(cls, folder: Path) -> "RemoteDesk | None":
        """The desk of the server that owns this folder, or None if none answers."""
        owner = Owner.of(folder)
        if owner is None:
            return None
        desk = cls(owner)
        try:
            desk._call("GET", "/desk")
        except LibraryError:
            desk.close()
            return None
        return desk

    def add(self, path: str, source: str, data: bytes) -> Added:
        return Added(**self._call("POST", "/desk/add", {"path": path, "source": source}, data))

    def entries(self) -> tuple[Entry, ...]:
        listed = self._call("GET", "/desk/documents")["documents"]
        return tuple(Entry(**{**entry, "paths": tuple(entry["paths"])}) for entry in listed)

    def document(self, document_id: str) -> Document:
        return _document(self._call("GET", f"/desk/documents/{quote(document_id, safe='')}"))

    def remove(self, document_id: str) -> Document:
        return _document(self._call("DELETE", f"/desk/documents/{quote(document_id, safe='')}"))

    def ask(self, question: str) -> dict[str, Any]:
        data = json.dumps({"question": question}).encode()
        return self._call("POST", "/desk/ask", data=data)

    def back_up(self, to: IO[bytes]) -> None:
        try:
            with self._client.stream("POST", "/desk/backup") as response:
                if response.is_success:
                    for piece in response.iter_bytes():
                        to.write(piece)
                    return
                body = json.loads(response.read())
        except (httpx.HTTPError, ValueError) as error:
            raise _no_answer(error) from error
        raise _refusal(response.status_code, body)

    def examine(self, repair: bool) -> tuple[Finding, ...]:
        found = self._call("POST", "/desk/examine", {"repair": str(int(repair))})["findings"]
        return tuple(Finding(**{**finding, "of": tuple(finding["of"])}) for finding in found)

    def close(self) -> None:
        self._client.close()

    def _call(
        self, method: str, path: str, query: dict[str, str] | None = None, data: bytes = b""
    ) -> dict[str, Any]:
        try:
            response = self._client.request(method, path, params=query, content=data)
            body: dict[str, Any] = response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise _no_answer(error) from error
        if response.is_success:
            return body
        raise _refusal(response.status_code, body)


def _no_answer(error: Exception) -> LibraryError:
    return LibraryError(
        f"运行中的 Youju 服务没有正常回应：{error!r}。请查看服务的日志，或停止它后重试。"
    )


def _refusal(status: int, body: dict[str, Any]) -> IndexingError:
    if status in {401, 403}:
        return LibraryError("运行中的服务不是这个资料库的所有者。请停止它后重试。")
    return IndexingError(str(body.get("error", body)))


def _document(fields: dict[str, Any]) -> Document:
    sections = tuple(Section(s["heading"], Span(**s["span"])) for s in fields.pop("sections"))
    starts = tuple(fields.pop("page_starts"))
    return Document(**fields, sections=sections, page_starts=starts)
