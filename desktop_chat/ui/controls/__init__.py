"""The parts that windows and forms are made of."""
