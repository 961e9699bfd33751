"""A conversation's rows, as messages that are made when they are first asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from typing_extensions import override

from desktop_chat.domain.chat import Message, PackedPart, PartKind, Role
from desktop_chat.domain.history import History
from desktop_chat.storage.rows import ROLES, message_from

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from desktop_chat.domain.chat import Part

    Row = tuple[Any, ...]

HISTORY_COLUMNS: Final = (
    "message.rowid, message.id, message.parent, message.role, message.state, message.deleted_at"
)
"""What is known of every message before it is made; the rest would take as long again to read."""
PART_COLUMNS: Final = "part.message, part.kind, CAST(part.text AS BLOB), part.data"
_TEXT: Final = PartKind.TEXT.value
_SEEN: Final = (_TEXT, PartKind.REFUSAL.value)
_KIND, _PACKED = 1, 2


class StoredHistory(History):
    """Keeps rows and packed texts: objects of ours for each cost more than reading the file."""

    def __init__(
        self,
        conversation_id: str,
        rows: Sequence[Row],
        parts: Sequence[Row],
        growing: Mapping[int, tuple[Part, ...]],
        details: Callable[[int], Row | None],
    ) -> None:
        """Take rows with `HISTORY_COLUMNS` and `PART_COLUMNS`, in order.

        Of those that are streaming, `growing` has the parts with what their journals hold.
        `details` reads the row of one message, with `MESSAGE_COLUMNS`, if it is still there.
        """
        names = {row[0]: row[1] for row in rows}
        kept = [row for row in rows if row[-1] is None]
        self._rowids = [row[0] for row in kept]
        self._conversation_id = conversation_id
        self._parts: dict[int, list[Row]] = {}
        self._growing = growing
        self._details = details
        sizes = dict.fromkeys(self._rowids, 0)
        for part in parts:
            rowid, kind, packed, _ = part
            known = self._parts.get(rowid)
            if known is None:
                self._parts[rowid] = [part]
            else:
                known.append(part)
            # Another program may have added a message after the rows were read.
            if kind in _SEEN and rowid in sizes:
                sizes[rowid] += len(packed)
        for rowid, whole in growing.items():
            sizes[rowid] = sum(part.size for part in whole if part.kind in _SEEN)
        super().__init__(
            [row[1] for row in kept],
            [names.get(row[2]) for row in kept],
            [ROLES.get(row[3], Role.ASSISTANT) for row in kept],
            list(sizes.values()),
        )
        for rowid in growing:
            # Made now, as it was when its journal was read: it goes on.
            self.one(self._rowids.index(rowid))

    @override
    def packed(self, number: int) -> bytes | None:
        rowid = self._rowids[number]
        parts = self._parts.get(rowid, [])
        alone = len(parts) == 1 and parts[0][_KIND] == _TEXT and rowid not in self._growing
        return parts[0][_PACKED] if alone else None

    @override
    def make(self, number: int) -> Message:
        rowid = self._rowids[number]
        parts = self._growing.get(rowid)
        if parts is None:
            parts = unpacked(self._parts.get(rowid, ()))
        row = self._details(rowid)
        if row is None:
            return self._bare(number, parts)
        return message_from(row, self._conversation_id, parts)

    def _bare(self, number: int, parts: tuple[Part, ...]) -> Message:
        """Return a message of which only what was said is known, and nothing of that is lost."""
        return Message(
            id=self.ids[number],
            conversation_id=self._conversation_id,
            parent_id=self.parents[number],
            role=self.roles[number],
            parts=parts,
        )


def unpacked(rows: Sequence[Row]) -> tuple[Part, ...]:
    """Return the parts of rows with `PART_COLUMNS`."""
    return tuple([PackedPart(kind, packed, data) for _, kind, packed, data in rows])
