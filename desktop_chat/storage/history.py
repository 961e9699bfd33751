"""A conversation's rows, as messages that are made when they are first asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from typing_extensions import override

from desktop_chat.domain.chat import PackedPart, PartKind, Role
from desktop_chat.domain.history import History
from desktop_chat.storage.rows import MESSAGE_COLUMNS, ROLES, message_from

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desktop_chat.domain.chat import Message, Part

    Row = tuple[Any, ...]

HISTORY_COLUMNS: Final = (
    f"{MESSAGE_COLUMNS.replace('parent.id', 'message.parent')}, message.deleted_at"
)
PART_COLUMNS: Final = "part.message, part.kind, CAST(part.text AS BLOB), part.data"
_TEXT: Final = PartKind.TEXT.value
_SEEN: Final = (_TEXT, PartKind.REFUSAL.value)
_KIND, _PACKED, _ROLE = 1, 2, 3


class StoredHistory(History):
    """Keeps rows and packed texts: objects of ours for each cost more than reading the file."""

    def __init__(
        self,
        conversation_id: str,
        rows: Sequence[Row],
        parts: Sequence[Row],
        growing: Mapping[int, tuple[Part, ...]],
    ) -> None:
        """Take rows with `HISTORY_COLUMNS` and `PART_COLUMNS`, in order.

        Of messages that are streaming, `growing` has the parts with what their journals hold.
        """
        names = {row[0]: row[1] for row in rows}
        self._rows = [row for row in rows if row[-1] is None]
        self._conversation_id = conversation_id
        self._parts: dict[int, list[Row]] = {}
        self._growing = growing
        for part in parts:
            self._parts.setdefault(part[0], []).append(part)
        super().__init__(
            [row[1] for row in self._rows],
            [names.get(row[2]) for row in self._rows],
            [ROLES.get(row[_ROLE], Role.ASSISTANT) for row in self._rows],
            [self._size(row[0]) for row in self._rows],
        )

    @override
    def packed(self, number: int) -> bytes | None:
        rowid = self._rows[number][0]
        parts = self._parts.get(rowid, [])
        alone = len(parts) == 1 and parts[0][_KIND] == _TEXT and rowid not in self._growing
        return parts[0][_PACKED] if alone else None

    @override
    def make(self, number: int) -> Message:
        rowid, identity, _, *rest = self._rows[number][:-1]
        parts = self._growing.get(rowid)
        if parts is None:
            parts = unpacked(self._parts.get(rowid, ()))
        row = (rowid, identity, self.parents[number], *rest)
        return message_from(row, self._conversation_id, parts)

    def _size(self, rowid: int) -> int:
        if rowid in self._growing:
            return sum(part.size for part in self._growing[rowid] if part.kind in _SEEN)
        parts = self._parts.get(rowid, [])
        if len(parts) == 1 and parts[0][_KIND] == _TEXT:
            return len(parts[0][_PACKED])
        return sum(len(part[_PACKED]) for part in parts if part[_KIND] in _SEEN)


def unpacked(rows: Sequence[Row]) -> tuple[Part, ...]:
    """Return the parts of rows with `PART_COLUMNS`."""
    return tuple([PackedPart(kind, packed, data) for _, kind, packed, data in rows])
