"""Where a person reads: what keeps the line still, and what tells of news below."""
