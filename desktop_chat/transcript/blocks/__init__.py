"""What an answer is made of: one box for each kind of block, and columns of them."""
