"""Use cases: one function and one transaction a user action, for page, command line and Python alike."""
