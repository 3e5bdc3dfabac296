"""The made-up documents and the finder of the official ones."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
