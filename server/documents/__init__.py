"""Notices, decisions, receipts and statements as numbered PDF files."""
