"""What is seen around the transcript. Holds no truth and does no I/O."""
