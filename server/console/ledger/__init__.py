"""The ledger's pages: a cashier's day, and what an auditor looks at."""
