"""What services offer: their lists of models, and the servers of this computer."""
