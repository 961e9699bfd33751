"""Bytes into events and values: SSE, NDJSON, JSON, compression."""
