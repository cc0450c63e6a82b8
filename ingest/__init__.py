"""From documents to an index: read, clean, split into guidelines, embed, publish."""
