"""Write the pages that are made from the code: `python docs/generate`, or `--check` them.

A page made by hand from the code is out of date the next day; these cannot be, since a test runs
the check.
"""

from __future__ import annotations

import argparse
import sys

import command_page
import error_page
import operator_table
import result_blocks
import schema_file
import settings_page
from places import ROOT

GENERATORS = (
    error_page.render,
    command_page.render,
    settings_page.render,
    schema_file.render,
    operator_table.render,
    result_blocks.render,
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="docs/generate", description="Write generated pages.")
    parser.add_argument("--check", action="store_true", help="write nothing, fail if one is stale")
    only_check = parser.parse_args().check
    stale = 0
    for generate in GENERATORS:
        for path, text in generate().items():
            name = path.relative_to(ROOT)
            if path.exists() and path.read_text(encoding="utf-8") == text:
                print(f"up to date  {name}")
                continue
            stale += 1
            if only_check:
                print(f"stale       {name}   (make docs)")
            else:
                path.write_text(text, encoding="utf-8")
                print(f"written     {name}")
    return 1 if only_check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
