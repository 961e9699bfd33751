"""From text to blocks, to colours and to clipboard flavours. No Qt."""
