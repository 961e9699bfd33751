"""What a code block may be called as a file. The words come from a model: never a path."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from desktop_chat.domain.file_names import file_stem

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST: Final = 40
LOOKED_AT: Final = 60
"""Lines among which one that tells a name is looked for."""
LINE: Final = 300
"""Characters of a line that are looked at."""

_WHOLE_NAMES: Final = {"dockerfile": "Dockerfile", "docker": "Dockerfile"} | dict.fromkeys(
    ("make", "makefile"), "Makefile"
)
_ENDINGS: Final = {
    "bash": "sh", "bat": "bat", "batch": "bat", "c": "c", "c#": "cs", "c++": "cpp",
    "clojure": "clj", "cmake": "cmake", "console": "txt", "cpp": "cpp", "cs": "cs",
    "csharp": "cs", "css": "css", "csv": "csv", "cuda": "cu", "dart": "dart", "diff": "diff",
    "elixir": "ex", "elm": "elm", "erlang": "erl", "f#": "fs", "fish": "fish", "fortran": "f90",
    "fsharp": "fs", "go": "go", "golang": "go", "gradle": "gradle", "graphql": "graphql",
    "groovy": "groovy", "h": "h", "haskell": "hs", "hcl": "tf", "hpp": "hpp", "html": "html",
    "ini": "ini", "ipynb": "ipynb", "java": "java", "javascript": "js", "js": "js",
    "json": "json", "json5": "json5", "jsonc": "json", "jsonl": "jsonl", "jsx": "jsx",
    "julia": "jl", "kotlin": "kt", "kt": "kt", "latex": "tex", "less": "less", "lisp": "lisp",
    "lua": "lua", "markdown": "md", "math": "tex", "matlab": "m", "md": "md",
    "mermaid": "mmd", "mjs": "mjs", "nim": "nim", "nix": "nix", "objc": "m", "ocaml": "ml",
    "pascal": "pas", "patch": "patch", "perl": "pl", "php": "php", "powershell": "ps1",
    "proto": "proto", "protobuf": "proto", "ps1": "ps1", "py": "py", "python": "py",
    "python3": "py", "r": "r", "rb": "rb", "rs": "rs", "rst": "rst", "ruby": "rb",
    "rust": "rs", "scala": "scala", "scheme": "scm", "scss": "scss", "sh": "sh",
    "shell": "sh", "solidity": "sol", "sql": "sql", "svelte": "svelte", "svg": "svg",
    "swift": "swift", "tcl": "tcl", "terraform": "tf", "tex": "tex", "toml": "toml",
    "ts": "ts", "tsv": "tsv", "tsx": "tsx", "typescript": "ts", "vb": "vb", "verilog": "v",
    "vhdl": "vhd", "vim": "vim", "vue": "vue", "wasm": "wat", "xml": "xml", "yaml": "yaml",
    "yml": "yaml", "zig": "zig", "zsh": "zsh",
}  # fmt: skip
_DEFINED: Final = re.compile(
    r"\b(?:def|class|func|function|fn|fun|interface|struct|enum|trait|module|namespace|object"
    r"|sub|proc|type|record|protocol|CREATE\s+(?:OR\s+REPLACE\s+)?(?:TABLE|VIEW|FUNCTION)"
    r"(?:\s+IF\s+NOT\s+EXISTS)?)\s+[`\"'*&(]*([^\W\d]\w*)",
    re.IGNORECASE,
)
_BOUND: Final = re.compile(
    r"^\s*(?:export\s+)?(?:const|let|var)\s+([^\W\d]\w*)\s*=\s*(?:async\b|function\b|\()"
)
_COMMENT: Final = re.compile(r"^\s*(?:#+(?!!)|//+|--+|;+|%+|/\*+|<!--|\"\"\"|''')\s*(\w.*)$")
_FILE: Final = re.compile(r"([\w-]{1,40}\.[A-Za-z0-9]{1,8})(?=\s*(?:\*/|-->)?\s*$)")


def ending_of(language: str) -> str:
    """Return the ending of files in a language, without its dot; `txt` for an unknown one."""
    return _ENDINGS.get(_name_of(language), "txt")


def proposed_name(lines: Sequence[str], language: str, otherwise: str = "code") -> str:
    """Return a name with an ending, from the first thing that a text defines or says."""
    whole = _WHOLE_NAMES.get(_name_of(language))
    return whole or _file_name(_told(lines) or otherwise, ending_of(language), otherwise)


def _file_name(words: str, ending: str, otherwise: str) -> str:
    """Return words as the name of a file: letters, digits, `_` and `-` alone, and no path."""
    plain = re.sub(r"[^\w-]+", "-", words).strip("-_")[:LONGEST].strip("-_")
    return f"{file_stem(plain, otherwise)}.{ending}"


def _name_of(language: str) -> str:
    """Return a language's name from what stands behind a fence: `{.python}`, `C++`."""
    found = re.match(r"[{.\s]*([\w+#-]+)", language[:LINE].lower())
    return found[1] if found else ""


def _told(lines: Sequence[str]) -> str:
    first = [line[:LINE] for line in lines[:LOOKED_AT]]
    if named := _file_named(first):
        return named
    comment = ""
    for line in first:
        said = _COMMENT.match(line)
        if said is not None:
            comment = comment or _few_words(said[1])
            continue
        defined = _DEFINED.search(line) or _BOUND.search(line)
        if defined is not None:
            return defined[1]
    return comment


def _file_named(first: list[str]) -> str:
    """Return the stem of a file that the first line names in a comment, as models write it."""
    said = _COMMENT.match(first[0]) if first else None
    found = _FILE.search(said[1].rstrip()) if said is not None else None
    return found[1].rpartition(".")[0] if found is not None else ""


def _few_words(text: str) -> str:
    return "-".join(re.findall(r"\w+", text)[:5]).lower()
