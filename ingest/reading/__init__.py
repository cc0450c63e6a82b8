"""What reading a document takes: its format, its layout, the marks that structure plain text."""
