"""The services and their keys: set up, shown and tested."""
