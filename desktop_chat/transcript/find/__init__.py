"""Finding words in the conversation, and what the scroll bar marks."""
