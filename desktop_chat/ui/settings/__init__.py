"""Settings, shortcuts, usage and limits."""
