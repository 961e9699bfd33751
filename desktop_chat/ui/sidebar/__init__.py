"""The list of all chats, and the ways into them."""
