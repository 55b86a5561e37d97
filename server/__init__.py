"""The centre: takes events in, puts them before an officer, keeps the ledger and the public list."""
