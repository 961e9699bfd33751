"""What mouse and keyboard do: pointing, focus, selecting, pressing, menus, dragging."""
