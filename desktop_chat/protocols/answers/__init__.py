"""What services send back, read into text, reasoning, usage and ends."""
