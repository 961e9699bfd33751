"""Which key a form means, and what is asked before it is sent anywhere."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from desktop_chat.domain.presets import presets_for_key, same_service
from desktop_chat.domain.providers import KeySource, split_origin

if TYPE_CHECKING:
    from desktop_chat.domain.providers import Preset, Provider


class KeyDoubt(Exception):  # noqa: N818 - a question, not a mistake
    """The key is not sent yet; the message says why."""


class NoKey(KeyDoubt):
    """There is none, and the service wants one."""


class OtherOrigin(KeyDoubt):
    """The stored key was given for another address; the person may say that it is meant."""


class KeyChoice:
    """Of one provider in a form: pasted, stored, or none at all."""

    def __init__(self, edited: Provider | None = None) -> None:
        self._known = edited is not None and edited.key_source is not KeySource.NONE
        self.is_shown = self._known
        """Whether the form tells of the stored key, where a field for one would be."""
        self._asked = ""

    @property
    def is_stored(self) -> bool:
        """Whether there is a key of before."""
        return self._known

    def want_another(self) -> None:
        """Show the field: a key is to be pasted, or the stored one is not found.

        As long as nothing is pasted the stored one is meant: nobody gives a key up by an empty
        field, and a keyring that finds nothing may find it again.
        """
        self.is_shown = False
        self._asked = ""

    def take_away(self) -> None:
        """Note that the person removed the stored key."""
        self.is_shown = self._known = False

    def settled(self, provider: Provider, pasted: str, chosen: Preset) -> Provider:
        """Return the provider as it may be connected. Raises `KeyDoubt`."""
        if provider.key_source is not KeySource.KEYRING:
            return provider
        if pasted.strip():
            self._see_whose(pasted, chosen)
            return provider
        if self._known:
            return self._for_its_origin(provider)
        if provider.preset:
            raise NoKey(f"There is no key for {provider.name} yet. Paste one.")
        # A service of the person's own is taken to need none.
        return replace(provider, key_source=KeySource.NONE)

    def _see_whose(self, pasted: str, chosen: Preset) -> None:
        """Stop a key that names its own service from going to another by a slip."""
        found = presets_for_key(pasted)
        if len(found) != 1 or not chosen.id or self._asked or same_service(found[0], chosen):
            return
        self._asked = "asked"
        raise KeyDoubt(
            f"This looks like the key of {found[0].name}, not of {chosen.name}. "
            f"Connect again to send it to {chosen.name} all the same."
        )

    def _for_its_origin(self, provider: Provider) -> Provider:
        """Ask once before a key that was given for one address is sent to another."""
        if provider.key_origin in ("", provider.origin):
            return provider
        if self._asked == provider.origin:
            return replace(provider, key_origin=provider.origin)
        self._asked = provider.origin
        old = split_origin(provider.key_origin)[1]
        raise OtherOrigin(f"The stored key was given for {old}. Send it to {provider.host} too?")
