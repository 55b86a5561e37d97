"""Who a case is about: identity under seal, contacts, consent, statements."""
