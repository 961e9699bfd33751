"""The storage thread, and what is posted to it and read beside it."""
