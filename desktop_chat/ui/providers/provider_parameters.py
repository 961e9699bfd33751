"""What every question to a service sets, folded into its form."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from desktop_chat.domain.parameters import NAMES, NOTHING_SET
from desktop_chat.ui.assistants.parameter_fields import ParameterFields
from desktop_chat.ui.controls.folded_section import FoldedSection

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop_chat.domain.parameters import Parameters
    from desktop_chat.domain.providers import Provider
    from desktop_chat.ui.look.appearance import Appearance

# A service's headers stand in the form itself, for they may be secrets there.
_WANTED: Final = tuple(name for name in NAMES if name != "headers")


class ProviderParameters(FoldedSection):
    """Fields that fold; a chat and its assistant may say otherwise."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(appearance, "Parameters", lambda: self._made(appearance), parent)
        self._parameters = NOTHING_SET

    @property
    def fields(self) -> ParameterFields | None:
        """The fields; None before they were unfolded."""
        return self.body if isinstance(self.body, ParameterFields) else None

    def show_parameters(self, parameters: Parameters) -> None:
        """Show what is set: unfolded where anything is."""
        self._parameters = parameters
        if self.fields is not None:
            self.fields.show_parameters(parameters)
        self.set_unfolded(unfolded=bool(parameters.names))

    def applied(self, provider: Provider) -> Provider:
        """Return the provider with what the fields say. Raises `WordsError`."""
        fields = self.fields
        wanted = self._parameters if fields is None else fields.parameters()
        return replace(provider, parameters=wanted)

    def _made(self, appearance: Appearance) -> ParameterFields:
        fields = ParameterFields(appearance, _WANTED)
        fields.show_parameters(self._parameters)
        return fields
