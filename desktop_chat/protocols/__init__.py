"""How each wire protocol speaks: bytes in, stream events out. httpx, and no Qt."""
