"""Runs a command with a throw-away Postgres, whose address R2C_TEST_POSTGRES tells it.

python -m topology.with_postgres pytest -m postgres
"""

from __future__ import annotations

import os
import subprocess
import sys

from r2c.errors import R2CError
from topology.postgres import throw_away


def main() -> int:
    """The status of the command."""
    try:
        with throw_away() as server:
            told = {**os.environ, "R2C_TEST_POSTGRES": server.url}
            return subprocess.run(sys.argv[1:], env=told, check=False).returncode
    except R2CError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
