"""The demo service: a loopback HTTP server that speaks the real protocol. No Qt."""
