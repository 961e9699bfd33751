"""What answers cost: prices, the ledger, limits to spending."""
