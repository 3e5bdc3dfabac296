"""Puts the made-up documents and ledgers, and the finder of the official documents, where these tests find them."""

import sys
from pathlib import Path

here = Path(__file__).parent
sys.path[:0] = [str(here), str(here.parents[0]), str(here.parents[0] / "exports"), str(here.parents[0] / "standards")]
