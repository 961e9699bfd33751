"""Whether this computer has a way to the network at all."""

from __future__ import annotations

import socket


def is_online() -> bool:
    """Whether there is a route to the internet. Sends nothing and does not block.

    Connecting a datagram socket only asks the kernel for a route; the addresses are those that
    RFC 5737 and RFC 3849 keep for documentation.
    """
    for family, address in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((address, 9))
                return True
        except OSError:
            continue
    return False
