"""A conversation's rows, as messages that are made when they are first asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from typing_extensions import override

from desktop_chat.domain.chat import Message, PackedPart, PartKind, Role
from desktop_chat.domain.history import History
from desktop_chat.storage.rows import ROLES, message_from

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from desktop_chat.domain.chat import Part

    Row = tuple[Any, ...]

HISTORY_COLUMNS: Final = (
    "message.rowid, message.id, message.parent, message.role, message.state, message.deleted_at, "
    "part.kind, CAST(part.text AS BLOB), part.data"
)
"""What is known of every message before it is made, again for each of its parts.

The rest would take as long again to read.
"""
PART_COLUMNS: Final = "part.kind, CAST(part.text AS BLOB), part.data"
_TEXT: Final = PartKind.TEXT.value
_SEEN: Final = (_TEXT, PartKind.REFUSAL.value)
_PART: Final = 6
_KIND: Final = _PART
_PACKED: Final = _PART + 1


class StoredHistory(History):
    """Keeps rows and packed texts: objects of ours for each cost more than reading the file."""

    def __init__(
        self,
        conversation_id: str,
        rows: Sequence[Row],
        growing: Mapping[int, tuple[Part, ...]],
        details: Callable[[int], Row | None],
    ) -> None:
        """Take rows with `HISTORY_COLUMNS`, in order.

        Of those that are streaming, `growing` has the parts with what their journals hold.
        `details` reads the row of one message, with `MESSAGE_COLUMNS`, if it is still there.
        """
        names = {row[0]: row[1] for row in rows}
        self._conversation_id = conversation_id
        self._rows = rows
        self._growing = growing
        self._details = details
        self._firsts: list[int] = []
        """Where the rows of each message begin."""
        ids: list[str] = []
        parents: list[str | None] = []
        roles: list[Role] = []
        sizes: list[int] = []
        before = None
        for at, (rowid, identity, parent, role, _, deleted, kind, packed, _) in enumerate(rows):
            if deleted is not None:
                continue
            if rowid != before:
                before = rowid
                self._firsts.append(at)
                ids.append(identity)
                parents.append(names.get(parent))
                roles.append(ROLES.get(role, Role.ASSISTANT))
                sizes.append(0)
            if kind in _SEEN:
                sizes[-1] += len(packed)
        super().__init__(ids, parents, roles, sizes)
        numbers = {rows[first][0]: number for number, first in enumerate(self._firsts) if growing}
        for rowid, whole in growing.items():
            sizes[numbers[rowid]] = sum(part.size for part in whole if part.kind in _SEEN)
            # Made now, as it was when its journal was read: it goes on.
            self.one(numbers[rowid])

    @override
    def packed(self, number: int) -> bytes | None:
        rows = self._rows_of(number)
        alone = len(rows) == 1 and rows[0][_KIND] == _TEXT and rows[0][0] not in self._growing
        return rows[0][_PACKED] if alone else None

    @override
    def make(self, number: int) -> Message:
        rows = self._rows_of(number)
        rowid = rows[0][0]
        parts = self._growing.get(rowid)
        if parts is None:
            parts = unpacked(row[_PART:] for row in rows if row[_KIND] is not None)
        row = self._details(rowid)
        if row is None:
            return self._bare(number, parts)
        return message_from(row, self._conversation_id, parts)

    def _rows_of(self, number: int) -> Sequence[Row]:
        ends = self._firsts[number + 1 : number + 2] or [len(self._rows)]
        first = self._firsts[number]
        rowid = self._rows[first][0]
        return [row for row in self._rows[first : ends[0]] if row[0] == rowid]

    def _bare(self, number: int, parts: tuple[Part, ...]) -> Message:
        """Return a message of which only what was said is known, and nothing of that is lost."""
        return Message(
            id=self.ids[number],
            conversation_id=self._conversation_id,
            parent_id=self.parents[number],
            role=self.roles[number],
            parts=parts,
        )


def unpacked(rows: Iterable[Row]) -> tuple[Part, ...]:
    """Return the parts of rows with `PART_COLUMNS`."""
    return tuple([PackedPart(kind, packed, data) for kind, packed, data in rows])
