"""A form as browsers send it: an input for files that was left empty comes with an empty name."""

from __future__ import annotations

from typing import Any

_BETWEEN = "-----------------------------4105"


def form(**fields: str) -> dict[str, Any]:
    """What to post: the fields, and no file."""
    parts = [
        f'--{_BETWEEN}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    parts.append(
        f'--{_BETWEEN}\r\nContent-Disposition: form-data; name="files"; filename=""\r\n'
        "Content-Type: application/octet-stream\r\n\r\n\r\n"
    )
    parts.append(f"--{_BETWEEN}--\r\n")
    kind = f"multipart/form-data; boundary={_BETWEEN}"
    return {"content": "".join(parts).encode(), "headers": {"Content-Type": kind}}
