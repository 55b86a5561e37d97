"""What each document of a case says, gathered from the case, its party, the law and the ledger; how it was served."""
