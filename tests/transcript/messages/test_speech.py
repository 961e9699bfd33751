"""Whole sentences of an arriving answer, each once and none cut."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from desktop_chat.markdown.stream import MarkdownStream
from desktop_chat.transcript.messages.speech import Speech

TEXT = """# A heading

First. Second sentence, of 3.5 words! And \u201ca quoted one.\u201d Is it?

- one
- two
  1. deep
- [x] done

| a | b |
|---|---|
| 1 | 2 |

中文第一句。第二句！还有

```
x = 1. 2
```

The end"""
SAID = [
    "A heading",
    "First.",
    "Second sentence, of 3.5 words!",
    "And \u201ca quoted one.\u201d",
    "Is it?",
    "one",
    "two",
    "1. deep",
    "done: done",
    "table, 2 rows, 2 columns.",
    "中文第一句。",
    "第二句！",
    "还有",
    "plain code, 1 line.",
    "The end",
]


@given(st.lists(st.integers(1, 12), min_size=1))
def test_every_cutting_says_the_same_words_once(sizes: list[int]) -> None:
    stream, speech = MarkdownStream(), Speech()
    said: list[str] = []
    at, turn = 0, 0
    while at < len(TEXT):
        size = sizes[turn % len(sizes)]
        stream.feed(TEXT[at : at + size])
        said.append(speech.next(stream.blocks, ended=False))
        at, turn = at + size, turn + 1
    stream.finish()
    said.append(speech.next(stream.blocks, ended=True))
    assert "".join("".join(said).split()) == "".join("".join(SAID).split())


def test_no_half_of_a_sentence_is_said() -> None:
    stream, speech = MarkdownStream(), Speech()
    stream.feed("It is 3.")
    assert speech.next(stream.blocks, ended=False) == ""
    stream.feed("14 and not more. Then")
    assert speech.next(stream.blocks, ended=False) == "It is 3.14 and not more."
    assert speech.next(stream.blocks, ended=False) == ""
