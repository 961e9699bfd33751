"""The network thread, its loop and jobs, and the mailbox in which facts come back."""
