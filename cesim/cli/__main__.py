"""`python -m cesim.cli` is `cesim`."""

import sys

from cesim.cli.main import main

sys.exit(main())
