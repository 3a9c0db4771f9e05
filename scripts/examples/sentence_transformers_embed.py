"""Turns each text on standard input, one a line, into a vector of length 1, by sentence-transformers.

Install:  pip install sentence-transformers
Run:      python sentence_transformers_embed.py FOLDER < texts.txt      # FOLDER: what `albert export` wrote
"""

import sys

from sentence_transformers import SentenceTransformer

model = SentenceTransformer(sys.argv[1])
texts = [line.rstrip("\n") for line in sys.stdin]
for vector in model.encode(texts):
    print(*(f"{value:.8g}" for value in vector))
