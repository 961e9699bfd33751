"""The painted column of messages: a widget that could stand in any program."""
