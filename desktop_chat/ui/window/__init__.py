"""The main window: places the parts and connects them."""
