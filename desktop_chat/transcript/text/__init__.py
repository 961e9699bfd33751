"""Running text: sizes and faces, lines of an even rhythm, offsets, links and marks in it."""
