"""Pure parsers and writers of the documents that episodes come from."""
