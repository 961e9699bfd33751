"""The demo's words about mathematics: formulas of many kinds, and some that are none."""

# ruff: noqa: E501 - a paragraph of markdown is one line, however long

from __future__ import annotations

from typing import Final

FORMULAS: Final = r"""## In a line

The roots of \(ax^2 + bx + c = 0\) are \(x_{1,2} = \frac{-b \pm \sqrt{b^2 - 4ac}}{2a}\), and they are real where \(b^2 \ge 4ac\). Letters such as \(\alpha\), \(\hat{\theta}\) and \(\mathbb{R}\) stand among words as if they were words.

一个中文句子里也可以有公式，例如 \(E = mc^2\) 或 \(\text{速度} = \frac{s}{t}\)，行距不变。

It costs $5 and $10: that is money.

## By themselves

$$
\int_{-\infty}^{\infty} e^{-x^2} \, dx = \sqrt{\pi}
$$

\[
|x| = \begin{cases} x, & \text{if } x \ge 0 \\ -x, & \text{otherwise} \end{cases}
\]

$$
\begin{aligned}
f(x) &= \sum_{n=0}^{\infty} \frac{f^{(n)}(a)}{n!}\,(x-a)^n \\
     &= f(a) + f'(a)\,(x-a) + \cdots
\end{aligned}
$$

$$
\begin{pmatrix} \cos\varphi & -\sin\varphi \\ \sin\varphi & \cos\varphi \end{pmatrix}
\begin{pmatrix} x \\ y \end{pmatrix}, \qquad
\hat{\theta} = \operatorname*{arg\,max}_{\theta} \prod_{i=1}^{n} p(x_i \mid \theta)
$$

$$
\underbrace{1 + 2 + \cdots + n}_{n \text{ terms}} = \frac{n(n+1)}{2}, \qquad A \xrightarrow{\;f\;} B, \qquad \boxed{x = 42}
$$

One that is wider than the column:

$$
(a+b)^{10} = a^{10} + 10a^9b + 45a^8b^2 + 120a^7b^3 + 210a^6b^4 + 252a^5b^5 + 210a^4b^6 + 120a^3b^7 + 45a^2b^8 + 10ab^9 + b^{10} \qquad \text{for all } a, b \in \mathbb{C}
$$

## Wherever text stands

1. First, \(\lim_{h \to 0} \frac{f(x+h) - f(x)}{h}\).
2. Then a displayed one:

   $$\nabla \times \mathbf{E} = -\frac{\partial \mathbf{B}}{\partial t}$$

> Quoted: \(e^{i\pi} + 1 = 0\), the one that people frame.

| Function | Derivative |
| :--- | :---: |
| \(\sin x\) | \(\cos x\) |
| \(\ln x\) | \(\frac{1}{x}\) |
| \(x^n\) | \(n\,x^{n-1}\) |

## What cannot be drawn

A formula with a mistake shows its source, \(\frac{1}{2\), or in full:

$$
\undefined{x} + \frac{1}{2}
$$
"""
