"""One act on a case with everything that belongs to it: evidence proved, decided, its document issued."""
