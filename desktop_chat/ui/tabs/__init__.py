"""The open chats and the strip over them."""
