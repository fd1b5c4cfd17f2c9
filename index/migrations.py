"""How a library of an older format becomes one of today's: numbered steps, a transaction each.

Step n makes format n out of format n - 1; a new file is format 0. Where the format stands is SQLite's
`user_version`, set in the step's own transaction: a library is never between two formats. A step
that was once released is not changed any more, for there are libraries that stand on it: what
changes is a step after it.
"""

import sqlite3
from pathlib import Path

from index import lexical
from index.errors import LibraryError

STEPS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)",
        """CREATE TABLE documents (
        id TEXT PRIMARY KEY, source TEXT NOT NULL, title TEXT NOT NULL, date TEXT NOT NULL,
        page TEXT NOT NULL, publication TEXT NOT NULL, text TEXT NOT NULL,
        sections TEXT NOT NULL, page_starts TEXT NOT NULL,
        added TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP)""",
        """CREATE TABLE sources (
        path TEXT PRIMARY KEY, digest TEXT NOT NULL,
        document_id TEXT NOT NULL REFERENCES documents (id))""",
        "CREATE INDEX sources_by_document ON sources (document_id)",
        """CREATE TABLE chunks (
        number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
        document_id TEXT NOT NULL REFERENCES documents (id),
        start INTEGER NOT NULL, end INTEGER NOT NULL,
        text TEXT NOT NULL, heading TEXT NOT NULL, embedding BLOB NOT NULL)""",
        "CREATE INDEX chunks_by_document ON chunks (document_id)",
        lexical.CREATE,
    ),
    # Which version of the loader read a file; 0 is one of before they were told apart.
    ("ALTER TABLE sources ADD COLUMN loader INTEGER NOT NULL DEFAULT 0",),
)
FORMAT = len(STEPS)


def migrate(connection: sqlite3.Connection, file: Path) -> None:
    """Bring a library to today's format; LibraryError if it is of a later one.

    The connection commits by itself (`isolation_level=None`); `file` is what the message names.
    """
    version = format_of(connection)
    if version > FORMAT:
        raise LibraryError(
            f"资料库 {file} 的格式（{version}）比本程序所知的（{FORMAT}）新。"
            "请用较新版本的 Youju 打开，或换一个数据目录。"
        )
    for number, step in enumerate(STEPS[version:], start=version + 1):
        connection.execute("BEGIN IMMEDIATE")
        try:
            for statement in step:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def format_of(connection: sqlite3.Connection) -> int:
    """The format that a library is of."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
