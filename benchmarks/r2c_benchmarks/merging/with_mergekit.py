"""Runs recipes with mergekit; started by an interpreter that has it, which need not be this one.

PYTHON with_mergekit.py FOLDER        every FOLDER/*.yaml is merged into FOLDER/<name>/
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from pathlib import Path


def main() -> None:
    """Merge everything in the folder; `versions.json` says with what."""
    import yaml
    from mergekit.config import MergeConfiguration  # type: ignore[import-not-found]
    from mergekit.merge import run_merge  # type: ignore[import-not-found]
    from mergekit.options import MergeOptions  # type: ignore[import-not-found]

    folder = Path(sys.argv[1])
    for path in sorted(folder.glob("*.yaml")):
        config = MergeConfiguration.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        options = MergeOptions(
            copy_tokenizer=False, write_model_card=False, quiet=True, random_seed=0
        )
        run_merge(config, str(folder / path.stem), options)
    told = {name: version(name) for name in ("mergekit", "torch")}
    (folder / "versions.json").write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    main()
