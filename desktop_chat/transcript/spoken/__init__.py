"""What assistive technology is told, and the way to it."""
