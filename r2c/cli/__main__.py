"""`python -m r2c.cli` is the command `r2c`, for where the script is not on the path."""

from __future__ import annotations

from r2c.cli.main import main

if __name__ == "__main__":
    main()
