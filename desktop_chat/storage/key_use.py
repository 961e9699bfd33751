"""When each key was last used: its place and a time, and nothing of the key itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from desktop_chat.domain.ids import now_ms
from desktop_chat.storage.json_file import JsonFile

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_chat.domain.errors import Failure
    from desktop_chat.storage.paths import Profile

_STEP_MS: Final = 60_000
"""A time is told by the day: one that is a minute old needs no write."""


class KeyUse:
    """Read at its first need; `post_write` has a small file written on another thread."""

    def __init__(
        self, profile: Profile, post_write: Callable[[Callable[[], Failure | None]], None]
    ) -> None:
        self._file = JsonFile(profile.key_use_file)
        self._post_write = post_write
        self._known: dict[str, int] | None = None

    def last_ms(self, provider_id: str, slot: str) -> int:
        """Return when a key was last used, in ms since 1970; 0: never."""
        return self._times().get(f"{provider_id}/{slot}", 0)

    def note(self, provider_id: str, slot: str) -> None:
        """Remember that a key was used just now."""
        name, now = f"{provider_id}/{slot}", now_ms()
        if now - self._times().get(name, 0) >= _STEP_MS:
            self._times()[name] = now
            self._change(lambda content: content.update({name: now}))

    def forget(self, provider_id: str) -> None:
        """Forget all keys of a provider."""
        gone = [one for one in self._times() if one.startswith(f"{provider_id}/")]
        if not gone:
            return
        for one in gone:
            del self._times()[one]

        def edit(content: dict[str, Any]) -> None:
            for one in gone:
                content.pop(one, None)

        self._change(edit)

    def _change(self, edit: Callable[[dict[str, Any]], None]) -> None:
        def write() -> None:
            # A damaged file is put aside, and nobody has to hear of it: only times stood in it.
            self._file.change(edit)

        self._post_write(write)

    def _times(self) -> dict[str, int]:
        if self._known is None:
            content, _ = self._file.read()
            self._known = {name: at for name, at in content.items() if type(at) is int}
        return self._known
