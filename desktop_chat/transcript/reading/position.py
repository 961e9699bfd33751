"""Where a person reads, as a state machine: anchored to a question, following the end, or free."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

TOP_MARGIN: Final = 16
"""How far below the view's top edge an anchored question stands."""
TALL_QUESTION: Final = 0.4
"""From this share of the view on, only the last lines of a question stay in view."""


class State(Enum):
    """What keeps still when the text changes."""

    ANCHORED = "anchored"
    """The question just asked."""
    FOLLOWING = "following"
    """The end."""
    FREE = "free"
    """The line that is being read."""


@dataclass(frozen=True, slots=True)
class Extent:
    """Heights in pixels, as far as they are known now."""

    view: int
    content: int
    """Of all messages, without the space that an anchored question needs below."""
    question_top: int = 0
    question_bottom: int = 0
    last_lines: int = 72
    """The height of the lines of a tall question that stay in view."""


class Reading:
    """The state, and the scroll value that follows from it. Only a person's act changes it."""

    def __init__(self) -> None:
        self.state = State.FOLLOWING
        self.question_id = ""
        """The anchored question; it keeps its space below while the person reads elsewhere."""

    def anchor(self, question_id: str) -> None:
        """Keep a question that was just sent at the top."""
        self.state = State.ANCHORED
        self.question_id = question_id

    def follow(self) -> None:
        """Keep the end in view, as asked for."""
        self.state = State.FOLLOWING

    def free(self) -> None:
        """Keep the line that is read: the person went to a place."""
        self.state = State.FREE

    def scrolled(self, scroll: int, extent: Extent) -> None:
        """Take note that the person scrolled to a value."""
        if scroll < self.maximum(extent):
            self.state = State.FREE
        elif self.spacer(extent) > 0:
            self.state = State.ANCHORED
        else:
            self.state = State.FOLLOWING

    def anchored_scroll(self, extent: Extent) -> int:
        """Return the scroll value at which the question stands at the view's top."""
        height = extent.question_bottom - extent.question_top
        if height > extent.view * TALL_QUESTION:
            return max(extent.question_bottom - extent.last_lines - TOP_MARGIN, 0)
        return max(extent.question_top - TOP_MARGIN, 0)

    def spacer(self, extent: Extent) -> int:
        """Return the space below the content that lets the question stand at the top."""
        if not self.question_id:
            return 0
        return max(0, self.anchored_scroll(extent) + extent.view - extent.content)

    def maximum(self, extent: Extent) -> int:
        """Return the largest scroll value."""
        return max(0, extent.content + self.spacer(extent) - extent.view)

    def scroll(self, extent: Extent, kept: int) -> int:
        """Return the scroll value after a change; `kept` is where the line that is read went."""
        maximum = self.maximum(extent)
        match self.state:
            case State.FOLLOWING:
                return maximum
            case State.ANCHORED:
                return min(self.anchored_scroll(extent), maximum)
            case State.FREE:
                return max(0, min(kept, maximum))
