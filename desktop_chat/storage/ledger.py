"""Reading the ledger: what answers cost, also those of chats that were deleted since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from desktop_chat.domain.chat import Usage
from desktop_chat.domain.spending import Grouping, Sums, Use

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    Rows = Callable[[str, tuple[object, ...]], list[tuple[Any, ...]]]

_USE: Final = (
    "id, conversation, created_at, provider_id, provider_name, model, "
    "input_tokens, output_tokens, reasoning_tokens, cached_tokens, about, cost, price_date"
)
_SUMS: Final = (
    "COUNT(*), SUM(input_tokens), SUM(output_tokens), SUM(reasoning_tokens), "
    "SUM(cached_tokens), COALESCE(SUM(cost), 0), SUM(cost IS NULL), SUM(about)"
)
_LOCAL_TIME: Final = "strftime(?, created_at / 1000, 'unixepoch', 'localtime')"
# The name is the one that the provider bore last.
_NAME: Final = "MAX(created_at || ' ' || provider_name)"
_CHAT: Final = (
    "COALESCE((SELECT {} FROM conversation WHERE conversation.id = ledger.conversation "
    "AND conversation.deleted_at IS NULL), '')"
)
_TIMES: Final = {Grouping.DAY: "%Y-%m-%d", Grouping.MONTH: "%Y-%m"}


class Ledger:
    """Asks a store's ledger; `rows` carries a statement out."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def use(self, message_id: str) -> Use | None:
        """Return an answer's entry."""
        rows = self._rows(f"SELECT {_USE} FROM ledger WHERE id = ?", (message_id,))  # noqa: S608
        return _use_from(rows[0]) if rows else None

    def chat_cost(self, conversation_id: str) -> Sums:
        """Return what all answers of a chat come to, those of other versions included."""
        rows = self._rows(
            f"SELECT {_SUMS} FROM ledger WHERE conversation = ?",  # noqa: S608
            (conversation_id,),
        )
        return _sums_from(rows[0])

    def spent(
        self, day_ms: int, month_ms: int, without: Collection[str]
    ) -> dict[str, tuple[int, int]]:
        """Return what was spent since two moments, by provider; some answers left out."""
        marks = ",".join("?" * len(without))
        left_out = f"AND id NOT IN ({marks})" if without else ""
        rows = self._rows(
            "SELECT provider_id, SUM(CASE WHEN created_at >= ? THEN cost ELSE 0 END), SUM(cost) "  # noqa: S608
            f"FROM ledger WHERE created_at >= ? AND cost IS NOT NULL {left_out} "
            "GROUP BY provider_id",
            (day_ms, month_ms, *without),
        )
        return {provider: (day or 0, month or 0) for provider, day, month in rows}

    def sums(self, grouping: Grouping) -> list[Sums]:
        """Return what answers come to: the newest time first, and of one time the dearest."""
        whose, name = "provider_id", _NAME
        if grouping is Grouping.CHAT:
            whose, name = _CHAT.format("id"), f"' ' || {_CHAT.format('title')}"
        rows = self._rows(
            f"SELECT {_LOCAL_TIME} AS period, {whose} AS whose, {name}, {_SUMS} "  # noqa: S608
            "FROM ledger GROUP BY period, whose "
            "ORDER BY period DESC, COALESCE(SUM(cost), 0) DESC, COUNT(*) DESC",
            (_TIMES.get(grouping, ""),),
        )
        return [_sums_from(row[3:], *row[:3]) for row in rows]


def _use_from(row: tuple[Any, ...]) -> Use:
    identity, conversation, created, provider, name, model, *counts, about, cost, date = row
    return Use(
        message_id=identity,
        conversation_id=conversation,
        created_ms=created,
        provider_id=provider,
        provider_name=name,
        model=model,
        usage=Usage(*counts),
        about=bool(about),
        cost=cost,
        price_date=date,
    )


def _sums_from(
    row: tuple[Any, ...], period: str | None = "", whose: str = "", name: str = ""
) -> Sums:
    answers, *counts, cost, unpriced, about = row
    return Sums(
        period=period or "",
        id=whose,
        name=name.partition(" ")[2],
        answers=answers,
        usage=Usage(*[count or 0 for count in counts]),
        cost=cost,
        unpriced=unpriced or 0,
        about=about or 0,
    )
