"""Which models the picker lists, and in which order: stars, recent ones, services; or a search."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from desktop_chat.domain.providers import ModelChoice

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from desktop_chat.domain.providers import Provider

RECENT: Final = 5
OFFERS: Final = 4
MOST_FOUND: Final = 200
_WORD_START: Final = " -_/.:"


@dataclass(frozen=True, slots=True)
class Head:
    """The title of a group."""

    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """A line that is read and not chosen."""

    text: str


@dataclass(frozen=True, slots=True)
class ModelRow:
    """A model that can be chosen."""

    choice: ModelChoice
    service: str
    starred: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """A name that no service lists, offered at one that may know it all the same."""

    choice: ModelChoice
    service: str


@dataclass(frozen=True, slots=True)
class AssistantRow:
    """An assistant that can be chosen; without an id: none."""

    assistant_id: str
    name: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class ServerRow:
    """A model server of this computer that can be set up."""

    base_url: str
    words: str


Row = Head | Note | ModelRow | Offer | AssistantRow | ServerRow
CHOOSABLE: Final = ModelRow | Offer | AssistantRow | ServerRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """All that there is to choose among."""

    providers: tuple[Provider, ...]
    favourites: tuple[ModelChoice, ...] = ()
    recent: tuple[ModelChoice, ...] = ()
    current: ModelChoice | None = None
    """The model that answers now, which is listed though its service may not name it."""
    troubled: Collection[str] = ()
    """Ids of the providers whose list could not be loaded."""
    asked: Collection[str] = ()
    """Ids of the providers whose list is being loaded."""
    assistants: tuple[AssistantRow, ...] = ()
    servers: tuple[ServerRow, ...] = ()

    def rows(self, query: str) -> list[Row]:
        """Return what is listed for a search; the empty one lists everything by groups."""
        words = query.split()
        return self._found(words, query.strip()) if words else self._groups()

    def _groups(self) -> list[Row]:
        rows: list[Row] = [Head("Assistants"), *self.assistants] if self.assistants else []
        rows += self._group("Favourites", self.favourites)
        rows += self._group("Recent", self.recent[:RECENT])
        for provider in self.providers:
            choices = [ModelChoice(provider.id, model) for model in self._listed(provider)]
            rows.append(Head(provider.name))
            if not choices or provider.id in self.troubled:
                rows.append(Note(self._why(provider)))
            rows += [self._row(one, provider) for one in choices]
        return rows + ([Head("On this computer"), *self.servers] if self.servers else [])

    def _group(self, title: str, choices: Sequence[ModelChoice]) -> list[Row]:
        by_id = {one.id: one for one in self.providers}
        rows: list[Row] = [
            self._row(one, by_id[one.provider_id]) for one in choices if one.provider_id in by_id
        ]
        return [Head(title), *rows] if rows else []

    def _found(self, words: list[str], text: str) -> list[Row]:
        rows: list[Row] = [one for one in self.assistants if match(words, one.name, "") is not None]
        rows += self._models_found(words)
        rows += [one for one in self.servers if match(words, one.words, "") is not None]
        able = [one for one in self.providers if not one.is_demo]
        offers = [one for one in able if text not in self._known(one)]
        rows += [Offer(ModelChoice(one.id, text), one.name) for one in offers[:OFFERS]]
        return rows or [Note(f"Nothing found for “{text}”. Try fewer or other words.")]

    def _models_found(self, words: list[str]) -> list[Row]:
        """Return the models that fit best, no more of them than anybody reads through."""
        scored: list[tuple[int, int, str, Provider]] = []
        for provider in self.providers:
            for model in self._known(provider):
                score = match(words, model, provider.name)
                if score is not None:
                    scored.append((-score, len(scored), model, provider))
        scored.sort(key=lambda one: one[:2])
        rows: list[Row] = [
            self._row(ModelChoice(provider.id, model), provider)
            for _, _, model, provider in scored[:MOST_FOUND]
        ]
        more = len(scored) - len(rows)
        return [*rows, Note(f"{more} more. Type more of the name.")] if more else rows

    def _known(self, provider: Provider) -> Collection[str]:
        """Return a provider's models, and those that were used or starred without being listed."""
        others = (*self.favourites, *self.recent)
        unlisted = [one.model for one in others if one.provider_id == provider.id]
        return dict.fromkeys((*self._listed(provider), *unlisted))

    def _listed(self, provider: Provider) -> Iterable[str]:
        """Return a provider's models; before them what answers, or is to, without being listed."""
        now = self.current
        chosen = now.model if now is not None and now.provider_id == provider.id else ""
        by_hand = [one for one in (chosen, provider.model) if one not in ("", *provider.models)]
        return dict.fromkeys((*by_hand, *provider.models))

    def _row(self, choice: ModelChoice, provider: Provider) -> ModelRow:
        return ModelRow(choice, provider.name, choice in self.favourites)

    def _why(self, provider: Provider) -> str:
        if provider.id in self.asked:
            return "Loading the list of models…"
        if provider.id in self.troubled and provider.models:
            return "A newer list could not be loaded."
        if provider.id in self.troubled:
            return "The model list could not be loaded. Type a name, or try again."
        return f"{provider.name} lists no models. Type a name."


def match(words: Iterable[str], model: str, service: str) -> int | None:
    """Return how well a model fits all words of a search, None where one of them does not fit."""
    total = 0
    texts = (model.casefold(), service.casefold())
    for word in words:
        folded = word.casefold()
        best = max(_score(folded, text) for text in texts)
        if best == 0:
            return None
        total += best
    # Of two that fit alike, the shorter name is nearer to what was typed.
    return total * 100 - min(len(model), 99)


def _score(word: str, text: str) -> int:
    """Return 0 where the letters of `word` do not all come in `text`, in their order."""
    found = text.find(word)
    if found >= 0:
        starts = found == 0 or text[found - 1] in _WORD_START
        return 40 if starts else 30
    place, score, before = 0, 4, -2
    for letter in word:
        at = text.find(letter, place)
        if at < 0:
            return 0
        score += int(at == before + 1) + int(at == 0 or text[at - 1] in _WORD_START)
        before, place = at, at + 1
    return min(score, 25)
