"""Settings: each is one declaration, from which file, default, check and form follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Generic, TypeVar

Value = TypeVar("Value", str, int, bool)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting(Generic[Value]):
    """A typed setting with everything that a form and a file need to know of it."""

    name: str
    default: Value
    section: str
    label: str
    help: str = ""
    choices: tuple[tuple[Value, str], ...] = ()
    """Allowed values with the words that the form shows."""
    minimum: int | None = None
    maximum: int | None = None

    def accepts(self, value: object) -> bool:
        """Whether a value, perhaps from a file that somebody edited, fits the declaration."""
        if type(value) is not type(self.default):
            return False
        if self.choices and value not in {choice for choice, _ in self.choices}:
            return False
        if type(value) is not int:
            return True
        high_enough = self.minimum is None or value >= self.minimum
        return high_enough and (self.maximum is None or value <= self.maximum)


@dataclass(frozen=True, slots=True, kw_only=True)
class FontSetting(Setting[str]):
    """A family of type; empty: the system's own."""

    default: str = ""
    fixed: bool = False
    """Whether families whose letters are all as wide as each other are offered alone."""


THEME: Final = Setting(
    name="theme",
    default="system",
    section="Appearance",
    label="Colours",
    choices=(("system", "Follow the system"), ("light", "Light"), ("dark", "Dark")),
)
FONT_SIZE: Final = Setting(
    name="font_size",
    default=15,
    section="Appearance",
    label="Text size",
    help="In pixels; headings and code follow it.",
    minimum=12,
    maximum=24,
)
TEXT_FONT: Final = FontSetting(name="text_font", section="Appearance", label="Font of text")
CODE_FONT: Final = FontSetting(
    name="code_font", section="Appearance", label="Font of code", fixed=True
)
CODE_SIZE: Final = Setting(
    name="code_size",
    default=87,
    section="Appearance",
    label="Size of code",
    choices=(
        (80, "Small"),
        (87, "A little smaller than the text"),
        (100, "As large as the text"),
        (115, "Larger than the text"),
    ),
)
"""In percent of the text's size."""
COLUMN_WIDTH: Final = Setting(
    name="column_width",
    default=680,
    section="Appearance",
    label="Width of the text",
    choices=((560, "Narrow"), (680, "Ordinary"), (860, "Wide"), (0, "As wide as the window")),
)
"""In pixels, at the ordinary size of type; 0: no bound."""
REDUCED_MOTION: Final = Setting(
    name="reduced_motion",
    default="system",
    section="Appearance",
    label="Movement",
    choices=(("system", "Follow the system"), ("full", "Animate"), ("reduced", "Keep still")),
)
SEND_KEY: Final = Setting(
    name="send_key",
    default="enter",
    section="Writing",
    label="Send with",
    choices=(("enter", "Enter"), ("ctrl_enter", "Ctrl+Enter")),
    help="Shift+Enter always begins a new line.",
)
AFTER_SENDING: Final = Setting(
    name="after_sending",
    default="question",
    section="Reading",
    label="After sending",
    choices=(("question", "Keep the question at the top"), ("end", "Follow the end")),
)
FOLD_REASONING: Final = Setting(
    name="fold_reasoning",
    default=True,
    section="Reading",
    label="Fold the model's reasoning when its answer starts",
)
LINE_NUMBERS: Final = Setting(
    name="line_numbers", default=False, section="Reading", label="Line numbers in code"
)
WRAP_CODE: Final = Setting(
    name="wrap_code",
    default=False,
    section="Reading",
    label="Wrap long lines of code",
    help="Each block can be set otherwise by its own button.",
)
SPEAK_ANSWERS: Final = Setting(
    name="speak_answers",
    default=True,
    section="Reading",
    label="Let a screen reader speak answers as they arrive",
)
DOLLAR_MATHS: Final = Setting(
    name="dollar_maths",
    default=False,
    section="Reading",
    label="Read $…$ as mathematics",
    help="Some models write formulas between single dollars. Prices may then be taken for them.",
)
RESTORE_TABS: Final = Setting(
    name="restore_tabs",
    default=True,
    section="Start",
    label="Open the tabs of last time",
)
FIND_SERVERS: Final = Setting(
    name="find_servers",
    default=True,
    section="Start",
    label="Look for model servers on this computer",
    help="At the usual ports of Ollama, LM Studio, llama.cpp, vLLM, Jan, KoboldCpp and LocalAI.",
)

CONNECT_S: Final = Setting(
    name="connect_s",
    default=10,
    section="Network",
    label="Seconds to connect",
    minimum=1,
    maximum=600,
)
FIRST_BYTE_S: Final = Setting(
    name="first_byte_s",
    default=900,
    section="Network",
    label="Seconds until an answer begins",
    help="Some models think for many minutes before the first word. 0: as long as it takes.",
    minimum=0,
    maximum=86_400,
)
SILENCE_S: Final = Setting(
    name="silence_s",
    default=300,
    section="Network",
    label="Seconds of silence in an answer",
    help="0: as long as it takes. Models on this computer are always waited for.",
    minimum=0,
    maximum=86_400,
)

AnySetting = Setting[str] | Setting[int] | Setting[bool]

SETTINGS: Final[tuple[AnySetting, ...]] = (
    THEME,
    FONT_SIZE,
    TEXT_FONT,
    CODE_FONT,
    CODE_SIZE,
    COLUMN_WIDTH,
    REDUCED_MOTION,
    SEND_KEY,
    AFTER_SENDING,
    FOLD_REASONING,
    LINE_NUMBERS,
    WRAP_CODE,
    SPEAK_ANSWERS,
    DOLLAR_MATHS,
    RESTORE_TABS,
    FIND_SERVERS,
    CONNECT_S,
    FIRST_BYTE_S,
    SILENCE_S,
)

DEFAULT_PROVIDER: Final = Setting(name="default_provider", default="", section="", label="")
DEFAULT_MODEL: Final = Setting(name="default_model", default="", section="", label="")
FAVOURITES: Final = Setting(name="favourites", default="", section="", label="")
"""Starred models, a line each: provider id, a tab, model."""
SENT: Final = Setting(name="sent", default=0, section="", label="", minimum=0)
"""How many questions were sent, up to the few after which hints are no longer shown."""

ZOOM: Final = Setting(name="zoom", default=100, section="", label="", minimum=50, maximum=300)
"""What every size of type is multiplied by, in percent."""

NETWORK: Final = tuple(
    Setting(name=name, default=default, section="", label="")
    for name, default in (
        ("proxy_use", "system"),
        ("proxy", ""),
        ("proxy_user", ""),
        ("proxy_password_for", ""),
        ("no_proxy", ""),
        ("ca_file", ""),
        ("client_certificate", ""),
        ("client_key", ""),
    )
)
"""The texts of `NetworkOptions`, in its order; they have a form of their own."""
CLEAR_ORIGINS: Final = Setting(name="clear_origins", default="", section="", label="")
"""Where keys may go without encryption, a line each."""

SPENDING_CAPS: Final = Setting(name="spending_caps", default="", section="", label="")
"""Limits to what may be spent, a line each: day or month, a tab, provider id or nothing, a tab,
dollars."""

REMEMBERED: Final[tuple[AnySetting, ...]] = (
    DEFAULT_PROVIDER,
    DEFAULT_MODEL,
    FAVOURITES,
    SENT,
    ZOOM,
    *NETWORK,
    CLEAR_ORIGINS,
    SPENDING_CAPS,
)
"""What the program remembers by itself; no form shows it."""
