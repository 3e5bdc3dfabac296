"""Takes the picture of the README: the answer in short of a report, by headless Chromium.

cesim run scenarios/chubu-2035.yaml --lang en
python docs/picture.py runs/chubu-2035 docs/images/report.png
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

WIDTH, HEIGHT = 1200, 1350
WITHOUT = "<style>section#about { display: none }</style></head>"
"""The explanation at the top is left out: the README gives its own."""


def main() -> int:
    """Take the picture."""
    report, picture = Path(sys.argv[1]) / "report.html", Path(sys.argv[2])
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser is None:
        print("Chromium is needed", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as profile:
        page = Path(profile) / "page.html"
        page.write_text(report.read_text(encoding="utf-8").replace("</head>", WITHOUT, 1), encoding="utf-8")
        options = [
            "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={profile}",
            f"--window-size={WIDTH},{HEIGHT}", "--virtual-time-budget=15000",
        ]  # fmt: skip
        command = [browser, *options, f"--screenshot={picture.resolve()}", page.as_uri()]
        subprocess.run(command, check=True, capture_output=True)
    print(picture, f"{picture.stat().st_size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
