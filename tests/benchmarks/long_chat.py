"""A stored chat of 10,000 messages: as long as years of daily use make one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from desktop_chat.domain.chat import Conversation, Message, Part, PartKind, Role
from desktop_chat.domain.providers import DEMO_PROVIDER_ID
from desktop_chat.storage.commands import AddMessage, SaveConversation
from desktop_chat.storage.conversations import open_store
from desktop_chat.storage.paths import find_profile

if TYPE_CHECKING:
    from collections.abc import Iterator

MESSAGES: Final = 10_000
BYTES: Final = 15_000_000
CHAT: Final = "00000000-0000-7000-8000-000000000001"
MOMENT_MS: Final = 1_700_000_000_000
LAST: Final = "the very last needle"
"""Stands at the end of the last answer alone."""

QUESTION: Final = "Question {n}: what of 第{n}条, and is it worth it? 🤔"
SECTION: Final = """\
### Point {n}

The quick brown fox of sample {n} jumps over **{n} lazy dogs**, with `code_{n}()` in between, \
and a [link](https://example.org/{n}) to where *all of it* was written down at length. \
中文也在这里，第{n}段的内容写得很长，因为人们确实这样写。 🚀 👩\u200d💻 café

- a first point, which is short
- a second one, which says **rather more** and breaks over the end of its line, as points will

```python
def sample_{n}(values: list[int]) -> int:
    return sum(value * {n} for value in values if value > 0)
```

"""


def write_chat(folder: str) -> int:
    """Write the chat into a profile; return how many bytes of text it holds."""
    store, failure = open_store(find_profile(folder), "benchmark")
    if failure is not None:
        raise RuntimeError(f"the store did not open: {failure}")
    chat = Conversation(
        id=CHAT,
        title="A long one",
        head_id=message_id(MESSAGES - 1),
        created_ms=MOMENT_MS,
        updated_ms=MOMENT_MS,
        provider_id=DEMO_PROVIDER_ID,
        model="demo",
    )
    written = list(messages())
    store.apply([SaveConversation(chat), *map(AddMessage, written)], durable=False)
    store.close()
    return sum(len(one.text.encode()) for one in written)


def message_id(number: int) -> str:
    """Return the id of one message."""
    return f"00000000-0000-7000-9000-{number:012d}"


def messages() -> Iterator[Message]:
    """Yield questions and answers in turn; answers are of three lengths."""
    for number in range(MESSAGES):
        asked = number % 2 == 0
        yield Message(
            id=message_id(number),
            conversation_id=CHAT,
            parent_id=message_id(number - 1) if number else None,
            role=Role.USER if asked else Role.ASSISTANT,
            parts=(Part(PartKind.TEXT, question(number) if asked else answer(number)),),
            created_ms=MOMENT_MS + number,
            provider_id=DEMO_PROVIDER_ID,
            provider_name="Demo",
            model="demo",
        )


def question(number: int) -> str:
    """Return one question's text."""
    return QUESTION.format(n=number)


def answer(number: int) -> str:
    """Return one answer's text: some are long."""
    wanted = 2 * BYTES / MESSAGES * (0.4, 1.0, 1.6)[number % 3]
    section = SECTION.format(n=number)
    text = section * max(1, round(wanted / len(section.encode())))
    return text + (LAST if number == MESSAGES - 1 else "")
