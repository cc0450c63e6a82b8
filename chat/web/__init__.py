"""The chat over HTTP: the JSON API, the page, and the documents with the cited sentence marked."""
