"""One module a file format: bytes in, paragraphs out. Speakers are left to the layout."""
