"""The fine ledger: balanced postings in integer fen, appended and never edited."""
