"""The process itself: its start, its memory, its signals, its output."""
