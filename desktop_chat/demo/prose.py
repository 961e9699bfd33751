"""The demo's words: what it says of itself, the tour, and the help."""

# ruff: noqa: E501 - a paragraph of markdown is one line, however long

from __future__ import annotations

from typing import Final

TOUR: Final = r"""# Welcome

You wrote: “{quote}”

This is the **built-in demo**. It is *not* a language model: it lives inside this program, knows nothing, and its words were written in advance. They reach you the way a real answer does, though, piece by piece from a server, so here is a short tour of what you will see.

## Text and lists

Words can be **bold**, *italic*, ~~struck out~~ or `code`, and there can be [links](https://www.python.org/).

1. An answer is set in type while it arrives.
2. Meanwhile you can scroll, select and copy:
   - the whole answer,
   - a single block of code,
   - or only what you selected,
     - however deep it is nested.
3. You can stop it at any time, and keep what has come.

Things to try:

- [x] Ask a question
- [ ] Ask another one in a second tab, at the same time
- [ ] Add a service of your own

> Your keys are kept in the system's keyring, never in a file.
>
> Your chats stay on this computer.

## Code

```python
from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    # A place on the plane.
    x: float
    y: float

    def distance(self) -> float:
        return (self.x**2 + self.y**2) ** 0.5


print(Point(3, 4).distance())  # 5.0
```

```javascript
const words = ["ask", "read", "copy"];
const lengths = words.map((word) => `${{word}}: ${{word.length}}`);
console.log(lengths.join(", ")); // ask: 3, read: 4, copy: 4
```

```sql
SELECT model, count(*) AS answers
FROM message
WHERE role = 'assistant'
GROUP BY model
ORDER BY answers DESC;
```

## Maths

The whole area under a bell curve:

$$
\int_{{-\infty}}^{{\infty}} e^{{-x^2}} \, dx = \sqrt{{\pi}}
$$

## Words that the demo understands

{words}

For a real conversation, choose **Add a service…** in the list of models. It takes an API key, or a model server on your own computer.
"""

WORDS: Final = """| Write | and you get |
| :--- | :--- |
| `long 2000` | an answer of 2,000 tokens |
| `code 100` | a hundred lines of code |
| `maths` | formulas |
| `think` | the reasoning first, then the answer |
| `slow` | an answer that takes its time |
| `error 429` | what a busy service says; also `error 401` and `error 500` |
| `drop` | a connection that breaks in the middle |
| `image` | pictures, a masked link |
| `scripts` | writing from around the world |
| `help` | this table |"""

HELP: Final = """This is the **built-in demo**. It is not a language model; any question brings its short tour. These words, anywhere in a question, bring something else:

{words}

They can be put together, such as `think slow code 20`.
"""

IMAGE: Final = """A picture that stands in the answer itself is simply shown:

![bands of colour]({data})

A picture elsewhere is never loaded by itself, since its address could carry your words away:

![larger bands of colour]({site}/picture.png)

Nor is [https://www.python.org/]({site}/elsewhere) opened unseen: its words are not its address.
"""

SCRIPTS: Final = """## 中文

你好！文字、代码、表格和公式在这里一样清晰。

> 学而时习之，不亦说乎？
>
> ——《论语》

## 日本語

古池や蛙飛びこむ水の音。**太字**も`コード`も同じように読めます。

## 한국어

글과 **굵은 글씨**, `코드`를 함께 읽을 수 있습니다.

## العربية

تُكتب هذه الفقرة من اليمين إلى اليسار، ومعها كلمات مثل `Qt` و**خط عريض**.

- القائمة أيضاً على اليمين.
- أرقام: ١، ٢، ٣

## עברית

גם פסקה זו נכתבת מימין לשמאל, עם `קוד` ועם **הדגשה**.

## Ελληνικά, русский, हिन्दी, ไทย

Καλημέρα κόσμε. Съешь ещё этих мягких булок. नमस्ते दुनिया। สวัสดีชาวโลก

Characters of several parts stay whole: 👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽 é ñ Z̦.
"""

CODE: Final = """Here is Python, {count} {lines} of it. The demo is no language model: it wrote these by counting.

```python
{code}
```
"""

ALREADY_SAID: Final = """The demo has nothing to add: its last answer had reached its end. It is no language model, and only knows the words that `help` lists.
"""

REASONING: Final = """The question is “{quote}”.

First, is there anything to work out? The demo is not a language model, so it cannot reason. These lines were written in advance to show where a model's reasoning stands: apart from the answer, above it, and out of the way once the answer starts.

Second, what would be of use? Probably to see that this part can be unfolded and read at leisure, and that copying the answer leaves it out.

So the plan is simple:
1. stop thinking here,
2. give the answer below.
"""
