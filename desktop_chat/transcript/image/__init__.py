"""Images: what is shown of them, and bytes made into pictures beside the window's thread."""
