"""The made-up models of this folder can be imported, here and in the processes that are started from here."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
