"""The prices that hold: the person's own before the program's, each read when first needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_chat.domain.money import find_price

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop_chat.domain.errors import Failure
    from desktop_chat.domain.money import PriceRow
    from desktop_chat.domain.providers import Provider
    from desktop_chat.storage.paths import Profile


class PriceBook:
    """Finds prices. A person's file counts as it stands at each question."""

    def __init__(self, profile: Profile, tell: Callable[[Failure], None]) -> None:
        self._path = profile.prices_file
        self._tell = tell
        self._stamp: tuple[int, int] | None = None
        self._own: tuple[PriceRow, ...] = ()
        self._shipped: tuple[PriceRow, ...] | None = None

    @property
    def path(self) -> Path:
        """The person's own table; there may be none."""
        return self._path

    @property
    def date(self) -> str:
        """When the program's prices were looked up."""
        return next((row.date for row in self._read_shipped()), "")

    def find(self, provider: Provider, model: str) -> PriceRow | None:
        """Return the price of a model; None: it is not known, and none is guessed."""
        if not model:
            return None
        found = find_price(self._read_own(), provider, model)
        if found is None and not (provider.is_local or provider.is_demo):
            found = find_price(self._read_shipped(), provider, model)
        return found

    @property
    def own(self) -> tuple[PriceRow, ...]:
        """The person's own rows."""
        return self._read_own()

    @property
    def shipped(self) -> tuple[PriceRow, ...]:
        """The program's rows."""
        return self._read_shipped()

    def put(self, row: PriceRow) -> None:
        """Let a price of the person's own hold. Raises `OSError` and `PriceError`."""
        from desktop_chat.storage.price_file import put_price  # noqa: PLC0415 - seldom

        put_price(self._path, row)

    def drop(self, row: PriceRow) -> None:
        """Let a price of the person's own hold no longer. Raises as `put` does."""
        from desktop_chat.storage.price_file import drop_price  # noqa: PLC0415 - seldom

        drop_price(self._path, row)

    def begin_own(self) -> Path:
        """Return the person's table, made where there is none. Raises `OSError`."""
        from desktop_chat.storage.prices import begin_own  # noqa: PLC0415 - seldom

        begin_own(self._path)
        return self._path

    def _read_own(self) -> tuple[PriceRow, ...]:
        try:
            status = self._path.stat()
            stamp = (status.st_mtime_ns, status.st_size)
        except OSError:
            stamp = None
        if stamp != self._stamp:
            from desktop_chat.storage.prices import own_prices  # noqa: PLC0415 - seldom

            self._stamp = stamp
            self._own, failure = own_prices(self._path)
            if failure is not None:
                self._tell(failure)
        return self._own

    def _read_shipped(self) -> tuple[PriceRow, ...]:
        if self._shipped is None:
            from desktop_chat.storage.prices import shipped_prices  # noqa: PLC0415 - 5 ms

            self._shipped = shipped_prices()
        return self._shipped
