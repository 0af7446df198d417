"""How well search, chapters, titles and extracts do on episodes that people made chapters for."""
