"""The words of the command line, and what they ask for."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Final

from typing_extensions import override

from desktop_chat import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

FAILED: Final = 1
PARAMETERS: Final = {
    "system": ("--system", "TEXT", "what the model is told before the question"),
    "temperature": ("--temperature", "N", "0 keeps to the likeliest words, 2 is wild"),
    "top_p": ("--top-p", "N", "from 0 to 1: how much of what is likely is chosen from"),
    "max_tokens": ("--max-tokens", "N", "how long the answer may be"),
    "reasoning_effort": ("--effort", "LEVEL", "none, minimal, low, medium, high or xhigh"),
    "stop": ("--stop", "TEXT", "end the answer before this text"),
    "seed": ("--seed", "N", "the same number asks for the same answer again"),
    "context_tokens": ("--context", "N", "how much Ollama lets the model read"),
    "extra_body": ("--extra", "JSON", "fields for the request as they stand"),
    "headers": ("--header", "'K: V'", "a header for the request; none that holds a secret"),
}
"""The options of `ask` that set parameters: option, what follows it, and what it is for."""
_SEVERAL: Final = ("stop", "headers")
"""What may be given more than once."""


class Arguments(argparse.Namespace):
    """What was asked for. The class's own values stand for what was not."""

    profile: str | None = None
    first_chat: str | None = None
    command: str | None = None
    action: str = ""
    name: str = ""
    protocol: str = ""
    base_url: str = ""
    model: str = ""
    headers: Sequence[str] = ()
    header_variables: Sequence[str] = ()
    key_stdin: bool = False
    key_variable: str = ""
    key_command: str = ""
    provider: str = ""
    temporary: bool = False
    reasoning: bool = False
    assistant: str = ""
    text: Sequence[str] = ()
    allow_http: bool = False
    proxy: str = ""
    proxy_password_variable: str = ""
    ca_file: str = ""
    client_cert: str = ""
    client_key: str = ""


class _Lines(argparse.Action):
    """Each time that an option is given, its value is one line more."""

    @override
    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[object] | None,
        option_string: str | None = None,
    ) -> None:
        before = getattr(namespace, self.dest, "")
        setattr(namespace, self.dest, f"{before}\n{values}" if before else str(values))


def parse(argv: Sequence[str]) -> Arguments:
    """Read the command line; a mistake in it ends the program with status 2."""
    given = Arguments()
    match argv:
        case []:
            return given  # how the window starts nearly always; the parser takes 5 ms to be made
        case ["--profile", folder] if not folder.startswith("-"):
            given.profile = folder
            return given
        case _:
            return _parser().parse_args(argv, namespace=given)


def _parser() -> argparse.ArgumentParser:
    anywhere = argparse.ArgumentParser(add_help=False)
    anywhere.add_argument(
        "--profile",
        metavar="DIR",
        default=argparse.SUPPRESS,
        help="keep settings, chats and logs under DIR; else DESKTOP_CHAT_PROFILE, else the "
        "platform's own folders",
    )
    parser = argparse.ArgumentParser(
        prog="desktop-chat",
        parents=[anywhere],
        description="Chat with language models. Without a command, the window opens.",
    )
    parser.add_argument("--version", action="version", version=f"Desktop Chat {__version__}")
    parser.add_argument(
        "--first-chat",
        metavar="FILE",
        help="ask the built-in demo one question, print its answer, save a picture of the window",
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _add_ask(commands.add_parser("ask", parents=[anywhere], help="ask one question"))
    commands.add_parser(
        "diagnostics",
        parents=[anywhere],
        help="print what helps to find a fault; no chats, no keys",
    )
    provider = commands.add_parser("provider", parents=[anywhere], help="set services up")
    actions = provider.add_subparsers(dest="action", metavar="ACTION", required=True)
    _add_add(actions.add_parser("add", parents=[anywhere], help="add a service"))
    actions.add_parser("list", parents=[anywhere], help="list the services")
    for action, words in (
        ("test", "test the connection to a service, layer by layer"),
        ("remove", "forget a service"),
    ):
        one = actions.add_parser(action, parents=[anywhere], help=words)
        one.add_argument("name", metavar="NAME")
        if action == "test":
            _add_allow(one)
    return parser


def _add_ask(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--provider", metavar="NAME", default="", help="the service to ask")
    parser.add_argument("--model", metavar="M", default="", help="the model to ask")
    parser.add_argument("--assistant", metavar="NAME", default="", help="who answers")
    parser.add_argument("--temporary", action="store_true", help="keep the chat in no file")
    parser.add_argument("--reasoning", action="store_true", help="show reasoning on stderr")
    _add_allow(parser)
    wanted = parser.add_argument_group("parameters, sent only where they are set")
    for name, (option, follows, words) in PARAMETERS.items():
        action = _Lines if name in _SEVERAL else "store"
        wanted.add_argument(
            option, dest=f"set_{name}", metavar=follows, default="", help=words, action=action
        )
    parser.add_argument(
        "text", nargs="+", metavar="TEXT", help="the question; - reads it from stdin"
    )


def _add_add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("--protocol", metavar="ID", required=True)
    parser.add_argument("--base-url", metavar="URL", default="", help="where the service is")
    parser.add_argument("--model", metavar="M", default="", help="the model to begin with")
    parser.add_argument(
        "--header", metavar="'K: V'", action="append", dest="headers", default=[],
        help="a header for each request; none that holds a secret",
    )  # fmt: skip
    parser.add_argument(
        "--header-env", metavar="'K=VAR'", action="append", dest="header_variables", default=[],
        help="a header whose value is in an environment variable",
    )  # fmt: skip
    key = parser.add_mutually_exclusive_group()
    key.add_argument(
        "--key-stdin", action="store_true", help="put the key from stdin in the keyring"
    )
    key.add_argument(
        "--key-env", metavar="VAR", dest="key_variable", default="", help="the key is in VAR"
    )
    key.add_argument(
        "--key-command", metavar="'PROGRAM ARG…'", default="",
        help="the key is the first line that PROGRAM prints; no shell is involved",
    )  # fmt: skip

    way = parser.add_argument_group("the way there")
    _add_allow(way)
    way.add_argument(
        "--proxy", metavar="URL", default="", help="http://, https:// or socks5://, or none"
    )
    way.add_argument(
        "--proxy-password-env", metavar="VAR", dest="proxy_password_variable", default="",
        help="put the proxy's password, which is in VAR now, in the keyring",
    )  # fmt: skip
    way.add_argument("--ca-file", metavar="FILE", default="", help="trust these certificates too")
    way.add_argument("--client-cert", metavar="FILE", default="", help="your own certificate")
    way.add_argument("--client-key", metavar="FILE", default="", help="its key, if not in its file")


def _add_allow(parser: argparse.ArgumentParser | argparse._ArgumentGroup) -> None:
    parser.add_argument(
        "--allow-http", action="store_true", help="send the key though nothing is encrypted"
    )
