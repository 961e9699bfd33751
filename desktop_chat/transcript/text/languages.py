"""How the languages of code blocks are called in their headers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from desktop_chat.markdown.blocks import MATH_LANGUAGE

if TYPE_CHECKING:
    from desktop_chat.markdown.blocks import Code

NAMES: Final = {
    "bash": "Bash", "c": "C", "cpp": "C++", "c++": "C++", "cs": "C#", "csharp": "C#", "css": "CSS",
    "csv": "CSV", "diff": "Diff", "docker": "Docker", "dockerfile": "Dockerfile", "go": "Go",
    "golang": "Go", "graphql": "GraphQL", "haskell": "Haskell", "html": "HTML", "http": "HTTP",
    "ini": "INI", "java": "Java", "javascript": "JavaScript", "js": "JavaScript", "json": "JSON",
    "jsx": "JSX", "julia": "Julia", "kotlin": "Kotlin", "latex": "LaTeX", "lua": "Lua",
    "make": "Makefile", "makefile": "Makefile", "markdown": "Markdown", "md": "Markdown",
    "math": "Formula", "matlab": "MATLAB", "objc": "Objective-C", "perl": "Perl", "php": "PHP",
    "powershell": "PowerShell", "ps1": "PowerShell", "py": "Python", "python": "Python",
    "python3": "Python", "r": "R", "rb": "Ruby", "rs": "Rust", "ruby": "Ruby", "rust": "Rust",
    "scala": "Scala", "scss": "SCSS", "sh": "Shell", "shell": "Shell", "sql": "SQL",
    "svg": "SVG", "swift": "Swift", "tex": "LaTeX", "toml": "TOML", "ts": "TypeScript",
    "tsx": "TSX", "typescript": "TypeScript", "vb": "Visual Basic", "xml": "XML",
    "yaml": "YAML", "yml": "YAML", "zsh": "Zsh",
}  # fmt: skip


def label(language: str) -> str:
    """Return a language's own name; an unknown one as it was written."""
    return NAMES.get(language.lower(), language[:40]) or "Text"


def description(code: Code) -> str:
    """Return what a code block is in a few words."""
    if is_formula(code):
        return "formula"
    lines = len(code.lines)
    return f"{code.language or 'plain'} code, {lines} line{'' if lines == 1 else 's'}"


def is_formula(code: Code) -> bool:
    """Whether a code block is displayed mathematics that has come to its end."""
    return code.language == MATH_LANGUAGE and not code.open
