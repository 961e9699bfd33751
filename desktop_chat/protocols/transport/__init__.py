"""Requests on their way: routes, proxies, credentials, failures, redaction, recording."""
