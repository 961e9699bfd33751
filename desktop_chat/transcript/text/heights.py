"""Heights of things that stand one under the other: sums, look-up by position, cheap changes."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Heights:
    """A Fenwick tree of heights: changing one, summing before one and finding by y are O(log n)."""

    __slots__ = ("_heights", "_tree")

    def __init__(self, heights: Iterable[int] = ()) -> None:
        self._heights = list(heights)
        sums = [0, *accumulate(self._heights)]
        self._tree = [above - sums[at & (at - 1)] for at, above in enumerate(sums)]

    def __len__(self) -> int:
        return len(self._heights)

    def __getitem__(self, index: int) -> int:
        return self._heights[index]

    @property
    def total(self) -> int:
        """The height of everything."""
        return self.before(len(self._heights))

    def before(self, index: int) -> int:
        """Return the height of everything that stands above `index`: its top."""
        total = 0
        while index > 0:
            total += self._tree[index]
            index &= index - 1
        return total

    def find(self, y: int) -> int:
        """Return the index of what stands at `y`; the first above, the last below everything."""
        at, step = 0, 1 << (len(self._tree).bit_length() - 1)
        while step:
            if at + step < len(self._tree) and self._tree[at + step] <= y:
                at += step
                y -= self._tree[at]
            step >>= 1
        return max(0, min(at, len(self._heights) - 1))

    def set(self, index: int, height: int) -> None:
        """Change one height."""
        delta = height - self._heights[index]
        if not delta:
            return
        self._heights[index] = height
        at = index + 1
        while at < len(self._tree):
            self._tree[at] += delta
            at += at & -at

    def append(self, height: int) -> None:
        """Add one at the end."""
        self._heights.append(height)
        at = len(self._heights)
        total, part = height, at - 1
        stop = at - (at & -at)
        while part > stop:
            total += self._tree[part]
            part &= part - 1
        self._tree.append(total)

    def truncate(self, length: int) -> None:
        """Forget everything from `length` on; what stays is summed as before."""
        del self._heights[length:]
        del self._tree[length + 1 :]
