"""Finding in one chat: the bar, and what joins it to the transcript."""
