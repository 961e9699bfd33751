"""What survives: conversations, keys, settings, and where they lie. No Qt."""
