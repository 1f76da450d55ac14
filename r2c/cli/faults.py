"""The failures that the command line itself detects."""

from __future__ import annotations

from r2c.errors import CardError, InputError, R2CError, StoreError, declare

USAGE = declare(
    "R2C-X100", InputError,
    what="{problem}",
    why="The command line cannot be read: {usage}.",
    remedy="See `{command} --help`.",
)  # fmt: skip
INTERNAL = declare(
    "R2C-X101", R2CError,
    what="R2C met a fault of its own: {kind}: {text}.",
    why="This should not happen, whatever the input.",
    remedy="Run it again with R2C_DEBUG=1 in the environment and report what it prints.",
)  # fmt: skip
NOT_INSTALLED = declare(
    "R2C-X120", InputError,
    what="The package {package!r}, which this command needs, is not installed.",
    why="It comes with the extra {extra}, so that who does not use it need not install it.",
    remedy="pip install 'rule2constraint[{extra}]'; in a clone: make setup.",
)  # fmt: skip
NO_SUCH_FILE = declare(
    "R2C-X102", InputError,
    what="The file {path!r} cannot be read: {reason}.",
    why="The {role} is expected there.",
    remedy="Check the path{hint}.",
)  # fmt: skip
NOT_UTF8 = declare(
    "R2C-X103", InputError,
    what="{where} is not UTF-8 text (byte {position}).",
    why="Words in another encoding would be read wrongly without a warning.",
    remedy="Save the text as UTF-8.",
)  # fmt: skip
NO_TEXT = declare(
    "R2C-X104", InputError,
    what="There is no problem text.",
    why="Neither an argument nor --file was given, and standard input is a terminal.",
    remedy="Give the text or a file, `r2c formulate problem.txt`, or pipe it in.",
)  # fmt: skip
TWO_TEXTS = declare(
    "R2C-X105", InputError,
    what="The problem text is given twice, as an argument and by --file.",
    why="Only one of them can be the problem.",
    remedy="Leave one of them out; tables go to --data.",
)  # fmt: skip
NOT_JSON = declare(
    "R2C-X106", InputError,
    what="{where} is not JSON: {reason}.",
    why="A CIR, or an answer saved with --json, is expected.",
    remedy="Write the file with `r2c formulate --json` or `r2c export --format cir`.",
)  # fmt: skip
NOT_AN_ANSWER = declare(
    "R2C-X107", InputError,
    what="{where} is not an answer of R2C: {problem} (at {at}; values that are wrong: {count}).",
    why="Its fields are checked against a closed schema before anything is made of them.",
    remedy="Save the answer again with --json; an answer of another release may not fit.",
)  # fmt: skip
NO_MODEL_YET = declare(
    "R2C-X108", InputError,
    what="The answer in {where} holds no model.",
    why="It ended before there was one, with the outcome {outcome!r}.",
    remedy="Formulate the problem again, or write the CIR by hand.",
)  # fmt: skip
TOO_LARGE = declare(
    "R2C-X109", InputError,
    what="{where} is larger than {limit_mb} MB.",
    why="Files that large are not read into memory.",
    remedy="Keep the model in the CIR and the numbers in tables (--data).",
)  # fmt: skip
NOT_WRITTEN = declare(
    "R2C-X110", StoreError,
    what="The file {path!r} cannot be written: {reason}.",
    why="The result was to be kept there.",
    remedy="Choose another place, or make room and correct the permissions.",
)  # fmt: skip
BROKEN_PLUGIN = declare(
    "R2C-X111", StoreError,
    what="The command {name!r} of the package {package!r} does not load: {reason}.",
    why="It is installed as an entry point of R2C, but importing it failed.",
    remedy="Install or remove that package; the other commands are not concerned.",
)  # fmt: skip
NO_SUCH_CARD = declare(
    "R2C-X112", CardError,
    what="There is no card {id!r}.",
    why="The knowledge base has {count} cards.",
    remedy="Did you mean one of {close}? `r2c cards list` shows all.",
)  # fmt: skip
NOT_EMBEDDED = declare(
    "R2C-X113", InputError,
    what="R2C_MODEL names the endpoint {model!r}, not an embedded model.",
    why="Only a model that runs on this machine can be served from here.",
    remedy="Unset R2C_MODEL, or set it to `embedded` or to a GGUF file.",
)  # fmt: skip
NO_SUCH_DOMAIN = declare(
    "R2C-X116", CardError,
    what="There is no domain pack {id!r}.",
    why="Packs exist for {known}.",
    remedy="Choose one of them; `r2c cards domains` tells what each is about.",
)  # fmt: skip
NO_CARD_FOLDER = declare(
    "R2C-X117", InputError,
    what="There is no folder for a card of your own.",
    why="Neither --to nor the setting `cards` (R2C_CARDS) names one.",
    remedy="Give one: `r2c cards new ID --to my_cards`, and set R2C_CARDS to it.",
)  # fmt: skip
CARD_NOT_WRITTEN = declare(
    "R2C-X118", StoreError,
    what="The card cannot be written below {folder!r}: {reason}.",
    why="A new card is a file there.",
    remedy="Choose another folder, or correct its permissions.",
)  # fmt: skip
