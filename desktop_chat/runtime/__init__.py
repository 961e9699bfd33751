"""What moves: threads, replies, sessions, and the core that builds them. QtCore alone."""
