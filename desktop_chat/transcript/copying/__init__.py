"""Taking text away: a selection, a message or the whole chat in every flavour."""
