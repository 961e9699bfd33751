"""Open chats: their sessions and records, and answers in flight."""
