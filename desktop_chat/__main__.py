"""The door: `desktop-chat` opens the window, `desktop-chat ask …` and `provider …` stay in text."""

from __future__ import annotations

import atexit
import os
import sys

from desktop_chat.commands.arguments import Arguments, parse


def main(argv: list[str] | None = None) -> int:
    """Run the program; return its exit status, or end the process where all is done.

    All is saved by then. To take the interpreter apart takes longer than everything else at the
    end, and on a busy machine seconds.
    """
    arguments = parse(sys.argv[1:] if argv is None else argv)
    # Each door imports only what it needs: the command line knows no widgets.
    if arguments.command is not None:
        from desktop_chat.cli import run_command  # noqa: PLC0415

        os._exit(run_command(arguments))
    if arguments.first_chat is not None:
        return _first_chat(arguments)
    return _window(arguments)


def _window(arguments: Arguments) -> int:
    if _is_without_display():
        from desktop_chat.cli import no_window  # noqa: PLC0415

        # Qt would abort the process, and speak of its plugins.
        return no_window("there is no display")
    from desktop_chat.runtime.process.quick_imports import quick_imports  # noqa: PLC0415

    try:
        with quick_imports():
            from desktop_chat.app import run_window  # noqa: PLC0415
    except ImportError as missing:  # a system library of Qt's is not there
        from desktop_chat.cli import no_window  # noqa: PLC0415

        return no_window(str(missing))
    status = run_window(arguments)
    # Qt's own end is among them, with which it hands the clipboard over.
    atexit._run_exitfuncs()  # noqa: SLF001 - it has no public name
    os._exit(status)


def _is_without_display() -> bool:
    named = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return sys.platform.startswith("linux") and not any(map(os.environ.get, named))


def _first_chat(arguments: Arguments) -> int:
    try:
        from desktop_chat.app import first_chat  # noqa: PLC0415
    except ImportError as missing:  # a system library of Qt's is not there
        from desktop_chat.cli import first_chat_in_text  # noqa: PLC0415

        return first_chat_in_text(arguments, missing)
    return first_chat(arguments)


if __name__ == "__main__":
    sys.exit(main())
