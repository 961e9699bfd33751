"""Settings and providers as the window sees them; files follow on the storage thread."""

from __future__ import annotations

import contextlib
from dataclasses import fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal, Slot

from desktop_chat.domain.ids import now_ms
from desktop_chat.domain.keys import take_variable
from desktop_chat.domain.network_options import NetworkOptions, NetworkSettings, ProxyUse
from desktop_chat.domain.providers import DEMO_PROVIDER_ID, KeySource, ModelChoice, Provider
from desktop_chat.domain.settings import (
    CLEAR_ORIGINS,
    CONNECT_S,
    DEFAULT_MODEL,
    DEFAULT_PROVIDER,
    FAVOURITES,
    FIRST_BYTE_S,
    NETWORK,
    REMEMBERED,
    SETTINGS,
    SILENCE_S,
    Setting,
    Value,
)
from desktop_chat.storage.paths import make_folder
from desktop_chat.storage.settings import ProvidersFile, SettingsFile

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_chat.domain.assistants import Assistant, Prompt
    from desktop_chat.domain.errors import Failure
    from desktop_chat.runtime.storing.collection import Collection
    from desktop_chat.runtime.storing.store_thread import StorageThread
    from desktop_chat.storage.entries import Entry
    from desktop_chat.storage.paths import Profile

UNDO_MS: Final = 8000
RELOAD_MS: Final = 200
ASSISTANTS_FILE: Final = "assistants.json"

DEMO: Final = Provider(
    id=DEMO_PROVIDER_ID,
    name="Demo",
    protocol="openai_chat",
    base_url="",
    model="demo",
    models=("demo",),
    key_source=KeySource.NONE,
)


class Preferences(QObject):
    """Every setting and every provider. Changes are seen at once and written soon."""

    setting_changed = Signal(str)
    providers_changed = Signal()
    choice_changed = Signal()
    provider_removed = Signal(object)
    """Payload: `Provider`. Its undo time is over: its keys may leave the keyring."""
    assistants_changed = Signal()
    damaged = Signal(object)
    """Payload: the `Failure` of a file that was read late."""

    def __init__(
        self, profile: Profile, store: StorageThread, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._folder = profile.settings
        self._settings_file = SettingsFile(profile.settings_file)
        self._providers_file = ProvidersFile(profile.providers_file)
        self._values, settings_failure = self._settings_file.load()
        self._providers, providers_failure = self._providers_file.load()
        self._hide_keys()
        self.failures: tuple[Failure, ...] = tuple(
            one for one in (settings_failure, providers_failure) if one is not None
        )
        self._removed: Provider | None = None
        self._undo = self._timer(UNDO_MS, self._on_undo_over)
        self._reload = self._timer(RELOAD_MS, self._on_reload)
        self._watcher: QFileSystemWatcher | None = None

    @property
    def has_assistants(self) -> bool:
        """Whether there may be assistants; asked at start, so nothing is read for it."""
        return "assistants" in vars(self) or (self._folder / ASSISTANTS_FILE).exists()

    @cached_property
    def assistants(self) -> Collection[Assistant]:
        """What a chat can begin with; the file is read at first use."""
        from desktop_chat.runtime.storing.collection import Collection  # noqa: PLC0415 - not at start
        from desktop_chat.storage.entries import assistants_file  # noqa: PLC0415 - not at start

        file = assistants_file(self._folder / ASSISTANTS_FILE)
        assistants = self._told(Collection(file, self._store, self))
        assistants.changed.connect(self.assistants_changed)
        return assistants

    @cached_property
    def prompts(self) -> Collection[Prompt]:
        """Texts to be asked again; the file is read at first use."""
        from desktop_chat.runtime.storing.collection import Collection  # noqa: PLC0415 - not at start
        from desktop_chat.storage.entries import prompts_file  # noqa: PLC0415 - not at start

        file = prompts_file(self._folder / "prompts.json")
        return self._told(Collection(file, self._store, self))

    def value(self, setting: Setting[Value]) -> Value:
        """Return a setting's value; its default where none, or none that fits, is stored."""
        value = self._values.get(setting.name, setting.default)
        return cast("Value", value) if setting.accepts(value) else setting.default

    def set_value(self, setting: Setting[Value], value: Value) -> None:
        """Set a setting; a value that does not fit is a mistake of the caller."""
        self._change({setting.name: value})

    def providers(self) -> tuple[Provider, ...]:
        """Return all providers, in the order in which they were added; the demo is the last."""
        return (*self._providers, DEMO)

    def provider(self, provider_id: str) -> Provider | None:
        """Return a provider, or None where it was removed."""
        return next((one for one in self.providers() if one.id == provider_id), None)

    def save_provider(self, provider: Provider) -> None:
        """Add a provider, or replace the one of the same id."""
        if provider.is_demo:
            return
        others = [one for one in self._providers if one.id != provider.id]
        if len(others) == len(self._providers):
            self._providers = (*self._providers, provider)
        else:
            self._providers = tuple(
                provider if one.id == provider.id else one for one in self._providers
            )
        self._store.post_write(lambda: self._providers_file.save(provider))
        self.providers_changed.emit()

    def remove_provider(self, provider_id: str) -> None:
        """Remove a provider at once; its key leaves the keyring when undo is no longer offered."""
        provider = self.provider(provider_id)
        if provider is None or provider.is_demo:
            return
        self.finish_removal()
        self._removed = provider
        self._providers = tuple(one for one in self._providers if one.id != provider_id)
        self._store.post_write(lambda: self._providers_file.remove(provider_id))
        self._undo.start()
        self.providers_changed.emit()
        self.choice_changed.emit()

    def undo_remove(self) -> bool:
        """Bring the provider that was removed last back; False where it is too late."""
        provider, self._removed = self._removed, None
        self._undo.stop()
        if provider is None:
            return False
        self.save_provider(provider)
        return True

    def finish_removal(self) -> None:
        """Let the key of a removed provider go now; at quit, and before the next removal."""
        if self._removed is not None:
            self._undo.stop()
            self._on_undo_over()

    def choice(self) -> ModelChoice:
        """Return what new chats talk to: the last choice, the first provider, or the demo."""
        chosen = self.provider(self.value(DEFAULT_PROVIDER))
        if chosen is not None:
            return ModelChoice(chosen.id, self.value(DEFAULT_MODEL) or default_model(chosen))
        first = self.providers()[0]
        return ModelChoice(first.id, default_model(first))

    def set_choice(self, choice: ModelChoice) -> None:
        """Remember what new chats talk to."""
        if choice != self.choice():
            self._change(
                {DEFAULT_PROVIDER.name: choice.provider_id, DEFAULT_MODEL.name: choice.model}
            )
            self.choice_changed.emit()

    def favourites(self) -> tuple[ModelChoice, ...]:
        """Return the starred models."""
        lines = self.value(FAVOURITES).splitlines()
        pairs = (line.partition("\t") for line in lines)
        return tuple(ModelChoice(provider, model) for provider, tab, model in pairs if tab)

    def toggle_favourite(self, choice: ModelChoice) -> None:
        """Star a model, or take its star away."""
        stars = self.favourites()
        stars = (
            tuple(one for one in stars if one != choice) if choice in stars else (*stars, choice)
        )
        lines = "\n".join(f"{one.provider_id}\t{one.model}" for one in stars)
        self.set_value(FAVOURITES, lines)

    def network(self) -> NetworkSettings:
        """Return what holds for the requests of all providers."""
        texts = [self.value(one) for one in NETWORK]
        # What somebody wrote and is no such word meant some proxy: it is told when it is used.
        known = texts[0] in set(ProxyUse) - {ProxyUse.SETTINGS}
        use = ProxyUse(texts[0]) if known else ProxyUse.OWN
        names = [one.name for one in fields(NetworkOptions)][1:]
        return NetworkSettings(
            options=NetworkOptions(proxy_use=use, **dict(zip(names, texts[1:], strict=True))),
            connect_s=self.value(CONNECT_S),
            first_byte_s=self.value(FIRST_BYTE_S),
            silence_s=self.value(SILENCE_S),
            clear_origins=frozenset(self.value(CLEAR_ORIGINS).splitlines()),
        )

    def set_network(self, options: NetworkOptions) -> None:
        """Set what holds for the requests of all providers."""
        values = [getattr(options, one.name) for one in fields(NetworkOptions)]
        self._change({one.name: str(now) for one, now in zip(NETWORK, values, strict=True)})

    def allow_cleartext(self, origin: str) -> None:
        """Let keys go unencrypted to an origin, as the person said."""
        self._take_up_origins()
        allowed = self.network().clear_origins | {origin}
        self.set_value(CLEAR_ORIGINS, "\n".join(sorted(allowed)))

    def watch(self) -> None:
        """Follow what the command line changes beside the window: providers, and what they may."""
        with contextlib.suppress(OSError):  # then there is nothing to follow either
            make_folder(self._folder)
        self._watcher = QFileSystemWatcher([str(self._folder)], self)
        self._watcher.directoryChanged.connect(self._reload.start)

    @Slot()
    def _on_reload(self) -> None:
        self._take_up_origins()
        providers, _ = self._providers_file.load()
        if providers != self._providers:
            self._providers = providers
            self._hide_keys()
            self.providers_changed.emit()

    @Slot()
    def _on_undo_over(self) -> None:
        removed, self._removed = self._removed, None
        if removed is not None:
            self.provider_removed.emit(removed)

    def _take_up_origins(self) -> None:
        """Add what the person allowed in another process to what is known here."""
        stored, failure = self._settings_file.load()
        if failure is not None:
            self.damaged.emit(failure)
        text = stored.get(CLEAR_ORIGINS.name)
        if isinstance(text, str) and (more := {*text.splitlines()} - self.network().clear_origins):
            known = sorted({*self.network().clear_origins, *more})
            self._values = {**self._values, CLEAR_ORIGINS.name: "\n".join(known)}

    def _hide_keys(self) -> None:
        """Take keys out of the environment before this program starts another one."""
        for provider in self._providers:
            named = [one.variable for one in provider.key_places]
            for variable in (*named, *(one.variable for one in provider.headers)):
                take_variable(variable)

    def _told(self, collection: Collection[Entry]) -> Collection[Entry]:
        if collection.failure is not None:
            self.damaged.emit(collection.failure)
        return collection

    def _change(self, changes: dict[str, str | int | bool]) -> None:
        declared = {one.name: one for one in (*SETTINGS, *REMEMBERED)}
        for name, value in changes.items():
            if not declared[name].accepts(value):
                raise ValueError(f"{name} does not accept {value!r}")
        self._values = {**self._values, **changes}
        self._store.post_write(lambda: self._settings_file.update(changes))
        for name in changes:
            self.setting_changed.emit(name)

    def _timer(self, interval_ms: int, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval_ms)
        timer.timeout.connect(slot)
        return timer


def default_model(provider: Provider) -> str:
    """Return the model to begin with at a provider; empty where none is known."""
    return provider.model or next(iter(provider.models), "")


def with_models(provider: Provider, models: tuple[str, ...]) -> Provider:
    """Return the provider with the models that it listed just now; none: with those of before.

    The model to begin with is the first where it is not listed any more; one that somebody
    wrote by hand stays.
    """
    if not models:
        return replace(provider, listed_ms=now_ms())
    model = provider.model
    if model not in models and not _by_hand(provider):
        model = models[0]
    return replace(provider, models=models, model=model, listed_ms=now_ms())


def _by_hand(provider: Provider) -> bool:
    """Whether the model to begin with is known from a person alone."""
    from desktop_chat.domain.presets import preset  # noqa: PLC0415 - not for the first paint

    known = preset(provider.preset)
    ready = (*provider.models, known.model if known is not None else "")
    return bool(provider.model) and provider.model not in ready
