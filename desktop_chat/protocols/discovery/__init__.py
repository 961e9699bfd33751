"""Finding the model servers that run on this computer."""
