"""An answer of Gemini: candidates made of parts, whole objects one after the other."""

from __future__ import annotations

import json
import re
from typing import Final, final

from typing_extensions import override

from desktop_chat.domain.chat import Usage
from desktop_chat.domain.stream import FinishReason, ToolCallDelta
from desktop_chat.protocols.answers.answer_builder import AnswerBuilder
from desktop_chat.protocols.answers.gemini_steps import add_step
from desktop_chat.protocols.framing.json_values import count_of, object_at, objects_at, text_at

_STOPPED: Final = {
    "STOP": FinishReason.STOP,
    "MAX_TOKENS": FinishReason.LENGTH,
    **dict.fromkeys(
        (
            "SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "MODEL_ARMOR",
            "IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION",
        ),
        FinishReason.SAFETY,
    ),
}  # fmt: skip
_NO_REASON: Final = ("", "FINISH_REASON_UNSPECIFIED")
_BAD_ENDS: Final = {
    "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS",
    "MISSING_THOUGHT_SIGNATURE", "MALFORMED_RESPONSE", "NO_IMAGE", "IMAGE_OTHER",
}  # fmt: skip
_COUNTS: Final = ("promptTokenCount", "candidatesTokenCount", "thoughtsTokenCount")
_FENCES: Final = re.compile(r"`{3,}")
_NO_LANGUAGE: Final = re.compile(r"[^a-z0-9+#.-]")
_WELL: Final = ("", "OUTCOME_OK", "OUTCOME_UNSPECIFIED")


@final
class GeminiAnswer(AnswerBuilder):
    """Reads the first candidate of each object."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self._calls = 0
        self._candidate: object = None
        self._last = ""
        """The last characters of the text so far."""
        self._after_fence = False

    @override
    def add_chunk(self, name: str, chunk: dict[str, object], *, with_content: bool) -> None:
        if "event_type" in chunk:
            add_step(self, chunk)
            return
        self.chunks += not chunk.keys().isdisjoint(
            ("candidates", "promptFeedback", "usageMetadata")
        )
        if with_content:
            for candidate in objects_at(chunk, "candidates"):
                if self._is_ours(candidate):
                    self._add_candidate(candidate)
            self._add_feedback(object_at(chunk, "promptFeedback"))
        self.report_usage(_usage_of(object_at(chunk, "usageMetadata")))

    def _is_ours(self, candidate: dict[str, object]) -> bool:
        """Whether a candidate is the first one: others are further answers to the question."""
        index = candidate.get("index") or 0
        if self._candidate is None:
            self._candidate = index
        return index == self._candidate

    def _add_candidate(self, candidate: dict[str, object]) -> None:
        for part in objects_at(object_at(candidate, "content"), "parts"):
            self._add_part(part)
        for url, title in _sources_of(candidate):
            self.cite(url, title)
        reason = text_at(candidate, "finishReason")
        if reason not in _NO_REASON:
            self.finish = _STOPPED.get(reason, FinishReason.UNKNOWN)
        if reason in _BAD_ENDS:
            said = text_at(candidate, "finishMessage")
            self.bad_end = said or f"The service could not finish its answer ({reason})."

    def _add_feedback(self, feedback: dict[str, object]) -> None:
        """Take in that the question itself was refused."""
        if text_at(feedback, "blockReason") not in ("", "BLOCK_REASON_UNSPECIFIED"):
            self.finish = FinishReason.SAFETY
            self.add_refusal(text_at(feedback, "blockReasonMessage"))

    def _add_part(self, part: dict[str, object]) -> None:
        text = text_at(part, "text")
        if text and part.get("thought") is True:
            self.add_reasoning(text)
        elif text:
            self._add_words(text)
        if call := object_at(part, "functionCall") or object_at(part, "toolCall"):
            self._add_call(call)
        self._add_made(part)
        if signature := text_at(part, "thoughtSignature"):
            kept = {"type": "thoughtSignature", "data": signature}
            if call:
                kept["on"] = "functionCall"
            self.keep_opaque(json.dumps(kept))

    def _add_made(self, part: dict[str, object]) -> None:
        """Show what the service made by itself: code, what came of it, data."""
        if code := object_at(part, "executableCode"):
            self._add_fenced(text_at(code, "code"), text_at(code, "language"))
        if result := object_at(part, "codeExecutionResult"):
            self._add_result(result)
        if data := object_at(part, "inlineData"):
            self._add_data(data)

    def _add_words(self, text: str) -> None:
        if self._after_fence and not text.startswith("\n"):
            text = "\n" + text
        self._after_fence = False
        self._last = (self._last + text)[-2:]
        self.add_text(text)

    def _add_fenced(self, text: str, language: str = "") -> None:
        """Add a block of code; nothing in it can end the block."""
        if not text:
            return
        longest = max((len(one) for one in _FENCES.findall(text)), default=2)
        fence = "`" * (longest + 1)
        name = _NO_LANGUAGE.sub("", language.lower().removeprefix("language_unspecified"))[:30]
        ended = text if text.endswith("\n") else text + "\n"
        self._add_apart(f"{fence}{name}\n{ended}{fence}\n")
        self._after_fence = True

    def _add_apart(self, block: str) -> None:
        lines = 0 if not self._last else 2 - (len(self._last) - len(self._last.rstrip("\n")))
        self._after_fence = False
        self._add_words("\n" * lines + block)

    def _add_result(self, result: dict[str, object]) -> None:
        outcome = text_at(result, "outcome")
        failed = "" if outcome in _WELL else outcome.removeprefix("OUTCOME_").lower()
        output = text_at(result, "output")
        self._add_fenced(f"{failed}\n{output}" if failed else output)

    def _add_data(self, data: dict[str, object]) -> None:
        """Say that data came which is not shown: an image takes megabytes of an answer."""
        size = len(text_at(data, "data")) * 3 // 4
        kind = re.sub(r"[^\w./+-]", "", text_at(data, "mimeType"))[:60] or "data"
        self._add_apart(f"`[{kind}, {max(1, size // 1000)} kB]`\n")
        self._after_fence = True

    def _add_call(self, call: dict[str, object]) -> None:
        arguments = call.get("args")
        given = json.dumps(arguments, ensure_ascii=False) if arguments is not None else ""
        name = text_at(call, "name") or text_at(call, "toolType").lower()
        self.add_tool_call(ToolCallDelta(self._calls, text_at(call, "id"), name, given))
        self._calls += 1


def _usage_of(counts: dict[str, object]) -> Usage | None:
    """Return the counts of a report; those in mid-answer may hold none."""
    if counts.keys().isdisjoint(_COUNTS):
        return None
    thoughts = count_of(counts.get("thoughtsTokenCount"))
    tools = count_of(counts.get("toolUsePromptTokenCount"))
    return Usage(
        input_tokens=count_of(counts.get("promptTokenCount")) + tools,
        output_tokens=count_of(counts.get("candidatesTokenCount")) + thoughts,
        reasoning_tokens=thoughts,
        cached_tokens=count_of(counts.get("cachedContentTokenCount")),
    )


def _sources_of(candidate: dict[str, object]) -> list[tuple[object, object]]:
    """Return the address and the title of what an answer stands on, and of what it quotes."""
    found: list[tuple[object, object]] = []
    for chunk in objects_at(object_at(candidate, "groundingMetadata"), "groundingChunks"):
        for kind in ("web", "retrievedContext", "maps"):
            source = object_at(chunk, kind)
            found.append((source.get("uri"), source.get("title")))
    quoted = object_at(candidate, "citationMetadata")
    quotes = (*objects_at(quoted, "citationSources"), *objects_at(quoted, "citations"))
    return found + [(one.get("uri"), one.get("title")) for one in quotes]
