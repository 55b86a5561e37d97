"""The procedure of a case, from the record to the archive: words, one table, its guards, its picture. Pure."""
