"""One chat on the screen: its messages, and what can be done with them."""
