"""What requests are made of: addresses, fields, turns, lists of models."""
