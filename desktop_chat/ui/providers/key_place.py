"""What is known of one key of a provider, found out without asking anybody for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop_chat.domain.keys import KeyOutcome, KeyResult
from desktop_chat.domain.providers import KeySource
from desktop_chat.ui.words.key_words import (
    ASKING,
    NOT_USED,
    UNLOCKED,
    UNTIL_QUIT,
    joined,
    keyring_words,
    outside_words,
)
from desktop_chat.ui.words.key_words import used_words as used

if TYPE_CHECKING:
    from desktop_chat.domain.providers import KeyPlace, Provider
    from desktop_chat.runtime.core import Core
    from desktop_chat.runtime.network.keys import KeyJob


class KeyPlaceWatch(QObject):
    """Follows one key: where it is, whether its keyring is locked, when it was last used."""

    changed = Signal()

    def __init__(self, core: Core, provider: Provider, place: KeyPlace, parent: QObject) -> None:
        super().__init__(parent)
        self._core = core
        self._provider_id = provider.id
        self.place = place
        self._where = ""
        self._job: KeyJob | None = None
        self.result: KeyResult | None = None
        """What the keyring said; None where it was not asked, or has not answered yet."""
        core.keys.changed.connect(self._on_keys_changed)
        self.look()

    @property
    def words(self) -> str:
        """Where it is and when it was used, in one line."""
        return joined(self._where, self._used)

    @property
    def full_words(self) -> str:
        """The same, and what goes without saying: that nothing is locked, or was ever used."""
        open_ = self.result is not None and self.result.outcome is KeyOutcome.OK
        where = f"{self._where}, {UNLOCKED}" if open_ else self._where
        return joined(where, self._used or NOT_USED)

    @property
    def in_trouble(self) -> bool:
        """Whether the keyring could not say."""
        well = (KeyOutcome.OK, KeyOutcome.MISSING)
        return self.result is not None and self.result.outcome not in well

    @property
    def in_keyring(self) -> bool:
        """Whether a keyring or this session holds the key, and can let it go."""
        return self.place.source is KeySource.KEYRING

    @property
    def _used(self) -> str:
        return used(self._core.keys.last_used_ms(*self._address))

    @property
    def _address(self) -> tuple[str, str]:
        return self._provider_id, self.place.slot

    @Slot()
    def look(self) -> None:
        """Find out anew."""
        self.result = None
        self._job = None
        if not self.in_keyring:
            self._where = outside_words(self.place)
        elif self._core.keys.session_only(*self._address):
            self._where = UNTIL_QUIT
        else:
            self._where = self._where or ASKING
            self._await(self._core.keys.status(*self._address))
        self.changed.emit()

    @Slot()
    def try_again(self) -> None:
        """Have the keyring unlocked, which may ask the person for its password."""
        self.result = None
        self._where = ASKING
        self._await(self._core.keys.unlock(*self._address))
        self.changed.emit()

    def _await(self, job: KeyJob) -> None:
        self._job = job
        job.finished.connect(self._on_answered)

    @Slot(object)
    def _on_answered(self, result: object) -> None:
        if self.sender() is self._job and isinstance(result, KeyResult):
            self._job = None
            self.result = result
            self._where = keyring_words(result)
            self.changed.emit()

    @Slot(str)
    def _on_keys_changed(self, provider_id: str) -> None:
        if provider_id == self._provider_id:
            self.look()
