"""`python -m cesim` is the command `cesim`."""

import sys

from cesim.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
