"""Requests: asked with keys over their routes, recorded, examined."""
