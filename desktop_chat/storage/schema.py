"""The chat file's tables, its version, and the steps from one version to the next.

Every table has a `rowid` of its own for joins and full-text search; what may leave the file bears
an `id` that we made. Times are integer milliseconds, UTC. Deleted is what has a `deleted_at`.
"""

from __future__ import annotations

import sqlite3
from typing import Final

APPLICATION_ID: Final = 0x44436874
"""`DCht`: tells our files from those of other programs."""
VERSION: Final = 5
BUSY_TIMEOUT_S: Final = 1.0
"""How long another process's write is waited for."""

_FIRST: Final = """
CREATE TABLE conversation (
    rowid INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    head TEXT,
    provider_id TEXT NOT NULL,
    model TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER
);
CREATE INDEX conversation_newest ON conversation (updated_at DESC) WHERE deleted_at IS NULL;

CREATE TABLE message (
    rowid INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    conversation INTEGER NOT NULL REFERENCES conversation (rowid) ON DELETE CASCADE,
    parent INTEGER REFERENCES message (rowid) ON DELETE CASCADE,
    role TEXT NOT NULL,
    state TEXT NOT NULL,
    provider_id TEXT NOT NULL,
    provider_name TEXT NOT NULL,
    model TEXT NOT NULL,
    params TEXT,
    usage TEXT,
    finish_reason TEXT NOT NULL,
    error TEXT,
    raw_tail TEXT NOT NULL,
    reasoning_ms INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    deleted_at INTEGER
);
CREATE INDEX message_conversation ON message (conversation);
CREATE INDEX message_parent ON message (parent);
CREATE INDEX message_streaming ON message (state) WHERE state = 'streaming';

CREATE TABLE part (
    rowid INTEGER PRIMARY KEY,
    message INTEGER NOT NULL REFERENCES message (rowid) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    data TEXT NOT NULL,
    UNIQUE (message, ordinal)
);

CREATE TABLE journal (
    rowid INTEGER PRIMARY KEY,
    message INTEGER NOT NULL REFERENCES message (rowid) ON DELETE CASCADE,
    owner TEXT NOT NULL,
    part TEXT NOT NULL,
    seq INTEGER NOT NULL,
    text TEXT NOT NULL,
    UNIQUE (message, seq)
);

CREATE TABLE draft (
    rowid INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    text TEXT NOT NULL,
    caret INTEGER NOT NULL
);

CREATE TABLE workspace (
    rowid INTEGER PRIMARY KEY CHECK (rowid = 1),
    active INTEGER NOT NULL,
    geometry BLOB NOT NULL,
    sidebar INTEGER
);

CREATE TABLE tab (
    rowid INTEGER PRIMARY KEY,
    conversation TEXT NOT NULL,
    preview INTEGER NOT NULL,
    item TEXT NOT NULL,
    block INTEGER NOT NULL,
    offset INTEGER NOT NULL,
    following INTEGER NOT NULL
);
"""

_SECOND: Final = """
ALTER TABLE tab ADD COLUMN y INTEGER NOT NULL DEFAULT 0;
"""

_THIRD: Final = """
ALTER TABLE message ADD COLUMN first_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE message ADD COLUMN took_ms INTEGER NOT NULL DEFAULT 0;

CREATE TABLE ledger (
    rowid INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    conversation TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    provider_id TEXT NOT NULL,
    provider_name TEXT NOT NULL,
    model TEXT NOT NULL,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    reasoning_tokens INTEGER NOT NULL,
    cached_tokens INTEGER NOT NULL,
    about INTEGER NOT NULL,
    cost INTEGER,
    price_date TEXT NOT NULL
);
CREATE INDEX ledger_time ON ledger (created_at, provider_id, cost);
CREATE INDEX ledger_conversation ON ledger (conversation);
"""

_FOURTH: Final = """
ALTER TABLE conversation ADD COLUMN assistant_id TEXT NOT NULL DEFAULT '';
ALTER TABLE conversation ADD COLUMN params TEXT NOT NULL DEFAULT '';
"""

_FIFTH: Final = """
ALTER TABLE conversation ADD COLUMN code_wraps TEXT NOT NULL DEFAULT '';
"""

MIGRATIONS: Final[tuple[str, ...]] = (_FIRST, _SECOND, _THIRD, _FOURTH, _FIFTH)
"""Step n takes a file from version n to n + 1; a step that was released is never changed."""

TABLES: Final = (
    "conversation",
    "message",
    "part",
    "journal",
    "draft",
    "workspace",
    "tab",
    "ledger",
)


def connect(address: str) -> sqlite3.Connection:
    """Open a database by its path or `file:` address, with nothing read from it yet."""
    # Which thread uses it is the owner's business: it is made on one and used on another.
    connection = sqlite3.connect(
        address,
        timeout=BUSY_TIMEOUT_S,
        isolation_level=None,
        check_same_thread=False,
        uri=address.startswith("file:"),
    )
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def stamp(connection: sqlite3.Connection) -> tuple[int, int]:
    """Return the file's application id and version; the first read, so it meets all damage."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return application, version


def migrate(connection: sqlite3.Connection, version: int) -> None:
    """Take a database from `version` to `VERSION`, each step whole or not at all."""
    for step in range(version, VERSION):
        connection.executescript(
            f"BEGIN IMMEDIATE; {MIGRATIONS[step]}"
            f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {step + 1}; COMMIT;"
        )


def probe(connection: sqlite3.Connection) -> None:
    """Read a row of every table, so that a file cut short or written over is noticed at once."""
    for table in TABLES:
        connection.execute(f"SELECT * FROM {table} ORDER BY rowid DESC LIMIT 1").fetchone()  # noqa: S608 - our own names
