"""Who may use the API: sites, keys and the secret that signs tokens, kept in the data folder.

A small SQLite file for its user's eyes only. It is read anew at each call, so that what the command
line changes holds at once in a running server. Of a key its hash is kept: it is 256 random bits,
which no table of hashes helps to guess. Who is let in is decided in access.py.
"""

import hashlib
import json
import os
import re
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from index.errors import LibraryError
from web.api.filters import EVERYTHING, Filter
from web.api.origins import normal

_FILE = "access.sqlite3"
# What the administrator's key is called; no program's may be.
ADMIN = "admin"
KEY_PREFIX = "yj_"
_NAME = re.compile(r"[^\x00-\x1f\x7f]{1,80}")
THEMES = ("auto", "light", "dark")
_ACCENT = re.compile(r"(#[0-9a-fA-F]{6})?")
_LABEL = re.compile(r"[^\x00-\x1f\x7f]{0,40}")
_MOST_PER_MINUTE = 100_000

_TABLES = """
CREATE TABLE IF NOT EXISTS sites (id TEXT PRIMARY KEY, name TEXT UNIQUE NOT NULL, fields TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS keys (digest TEXT PRIMARY KEY, name TEXT UNIQUE NOT NULL, fields TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS secrets (name TEXT PRIMARY KEY, value BLOB NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Site:
    """A site whose pages may ask: from where, of which documents, how often a minute.

    `theme`, `accent` and `label` are its looks, "" what a page or the widget has. Its id is public:
    it stands in the pages.
    """

    name: str
    origins: tuple[str, ...]
    documents: Filter = EVERYTHING
    per_minute: int = 120
    theme: str = "auto"
    accent: str = ""
    label: str = ""
    id: str = field(default_factory=lambda: secrets.token_hex(8))

    def __post_init__(self) -> None:
        """ValueError, for the user, of what can be no site."""
        _check_name(self.name)
        if not self.origins:
            raise ValueError("请给出网站地址，例如 --origin https://oa.example.intra")
        if any(origin != normal(origin) for origin in self.origins):
            raise ValueError("网站地址应当写成浏览器发送的样子。")
        if not 0 < self.per_minute <= _MOST_PER_MINUTE:
            raise ValueError(f"每分钟次数应当在 1 到 {_MOST_PER_MINUTE} 之间。")
        if self.theme not in THEMES:
            raise ValueError(f"主题只能是 {'、'.join(THEMES)}。")
        if not _ACCENT.fullmatch(self.accent):
            raise ValueError("颜色应当写成 # 和六位十六进制数字，例如 --accent '#1f5c4d'")
        if not _LABEL.fullmatch(self.label):
            raise ValueError("按钮上的字至多 40 个，不含控制字符。")


@dataclass(frozen=True, slots=True)
class Key:
    """What a key opens: everything, for the administrator's; else answers from some documents."""

    name: str
    documents: Filter = EVERYTHING

    def __post_init__(self) -> None:
        """ValueError, for the user, of what can be no key."""
        _check_name(self.name)

    @property
    def is_admin(self) -> bool:
        return self.name == ADMIN


class Register:
    """The register of one data folder. Any thread or process may read and change it."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / _FILE
        try:
            folder.mkdir(parents=True, exist_ok=True)
            # SQLite gives its side files the mode of this one.
            os.close(os.open(self._file, os.O_CREAT | os.O_RDWR, 0o600))
            with self._open() as connection:
                connection.executescript(_TABLES)
        except (OSError, sqlite3.Error) as error:
            raise LibraryError(
                f"无法打开 {self._file}：{error}。请检查该文件夹是否可写、磁盘是否已满。"
            ) from error

    # -- sites -----------------------------------------------------------------------------

    def all_sites(self) -> tuple[Site, ...]:
        """Every site, by name."""
        rows = self._all("SELECT id, name, fields FROM sites ORDER BY name")
        return tuple(_site(*row) for row in rows)

    def site(self, site_id: str) -> Site | None:
        """The site of this id."""
        rows = self._all("SELECT id, name, fields FROM sites WHERE id = ?", site_id)
        return _site(*rows[0]) if rows else None

    def is_listed(self, origin: str) -> bool:
        """Whether an origin is that of any site."""
        return any(origin in site.origins for site in self.all_sites())

    def add_site(self, site: Site) -> None:
        """Keep a site; ValueError, for the user, if there is one of its name."""
        self._insert("INSERT INTO sites VALUES (?, ?, ?)", site.id, site.name, _fields(site))

    def change_site(self, site: Site) -> None:
        """Keep a site as it is now, by its id; its pages need no other line."""
        with self._open() as connection, connection:
            connection.execute("UPDATE sites SET fields = ? WHERE id = ?", (_fields(site), site.id))

    def remove_site(self, name: str) -> None:
        """Forget a site; ValueError, for the user, if there is none of its name."""
        self._delete("DELETE FROM sites WHERE name = ?", name)

    # -- keys ------------------------------------------------------------------------------

    def all_keys(self) -> tuple[Key, ...]:
        """What there are keys for, by name."""
        return tuple(_key(*row) for row in self._all("SELECT name, fields FROM keys ORDER BY name"))

    def key(self, secret: str) -> Key | None:
        """What a key opens, or None if it is none of ours."""
        rows = self._all("SELECT name, fields FROM keys WHERE digest = ?", _digest(secret))
        return _key(*rows[0]) if rows else None

    def add_key(self, key: Key) -> str:
        """A new key, which is told only here; ValueError, for the user, if its name is taken."""
        if key.is_admin:
            raise ValueError(f"{ADMIN} 是管理员密钥的名称。换管理员密钥请用 youju key new。")
        secret = _new_key()
        fields = _dumped({"documents": key.documents.patterns})
        self._insert("INSERT INTO keys VALUES (?, ?, ?)", _digest(secret), key.name, fields)
        return secret

    def remove_key(self, name: str) -> None:
        """Revoke a key; ValueError, for the user, if there is none of this name."""
        self._delete("DELETE FROM keys WHERE name = ?", name)

    def renew_admin_key(self) -> str:
        """A new key for the administrator; the one before opens nothing any more."""
        secret = _new_key()
        with self._open() as connection, connection:
            connection.execute("DELETE FROM keys WHERE name = ?", (ADMIN,))
            connection.execute("INSERT INTO keys VALUES (?, ?, '{}')", (_digest(secret), ADMIN))
        return secret

    def first_admin_key(self) -> str | None:
        """The administrator's key if there was none yet: at the first start of a server."""
        if any(key.is_admin for key in self.all_keys()):
            return None
        return self.renew_admin_key()

    # -- the secret ------------------------------------------------------------------------

    def signing_secret(self) -> bytes:
        """What tokens are signed with: made once, so that they outlive a restart."""
        with self._open() as connection, connection:
            connection.execute(
                "INSERT OR IGNORE INTO secrets VALUES ('tokens', ?)", (secrets.token_bytes(32),)
            )
            row = connection.execute("SELECT value FROM secrets WHERE name = 'tokens'").fetchone()
        return bytes(row[0])

    # -- inside ----------------------------------------------------------------------------

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._file, timeout=10)) as connection:
            connection.execute("PRAGMA synchronous = FULL")
            yield connection

    def _all(self, query: str, *values: str) -> list[tuple[str, ...]]:
        with self._open() as connection:
            return connection.execute(query, values).fetchall()

    def _insert(self, query: str, *values: str) -> None:
        try:
            with self._open() as connection, connection:
                connection.execute(query, values)
        except sqlite3.IntegrityError as error:
            raise ValueError("这个名称已经有了。请换一个名称，或先用 remove 移除它。") from error

    def _delete(self, query: str, name: str) -> None:
        with self._open() as connection, connection:
            if not connection.execute(query, (name,)).rowcount:
                raise ValueError(f"没有名为“{name}”的登记。请用 list 查看有哪些。")


def _new_key() -> str:
    return KEY_PREFIX + secrets.token_urlsafe(32)


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise ValueError("名称应当是 1 至 80 个字，不含控制字符。")


def _dumped(fields: dict[str, Any]) -> str:
    return json.dumps(fields, ensure_ascii=False)


def _fields(site: Site) -> str:
    return _dumped({**asdict(site), "documents": site.documents.patterns})


def _site(site_id: str, name: str, fields: str) -> Site:
    held = json.loads(fields)
    origins, patterns = tuple(held.pop("origins")), tuple(held.pop("documents"))
    return Site(
        **{**held, "id": site_id, "name": name}, origins=origins, documents=Filter(patterns)
    )


def _key(name: str, fields: str) -> Key:
    return Key(name, Filter(tuple(json.loads(fields).get("documents", ()))))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
