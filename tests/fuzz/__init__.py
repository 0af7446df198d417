"""``make fuzz``: gives every parser documents that are broken, hostile or grown beyond reason."""
