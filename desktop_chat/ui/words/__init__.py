"""What the person reads: failures, money, keys, networks and commands in words."""
