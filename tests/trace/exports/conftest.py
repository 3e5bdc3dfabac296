"""Puts the made-up ledgers of this folder, and those of the folder above, where its tests find them."""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]
