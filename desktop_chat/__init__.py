"""Desktop Chat: a native desktop client for language models."""

__version__ = "0.1.0"
