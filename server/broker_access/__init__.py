"""Who may come to the broker and speak there: the register's word, told to the broker."""
