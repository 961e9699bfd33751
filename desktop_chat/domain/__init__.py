"""What things are: values of the standard library alone, known to every floor above."""
