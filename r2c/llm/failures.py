"""The failures of a model endpoint, each with a code and a way out.

L001-L022 are transport and protocol failures (exceptions); L023-L026 are faults of one
candidate (data). Messages never hold the API key.
"""

from __future__ import annotations

from r2c.errors import BudgetError, LanguageModelError, declare

UNREACHABLE = declare(
    "R2C-L001",
    LanguageModelError,
    what="The model endpoint {url!r} cannot be reached.",
    why="The connection failed: {reason}.",
    remedy="Start the model server, or correct R2C_MODEL; `r2c doctor` checks it.",
)
UNKNOWN_HOST = declare(
    "R2C-L002",
    LanguageModelError,
    what="The host of the model endpoint {url!r} is not known.",
    why="Its name cannot be resolved: {reason}.",
    remedy="Correct the host in R2C_MODEL, or check the network's name service.",
)
TIMED_OUT = declare(
    "R2C-L003",
    LanguageModelError,
    what="The model endpoint {url!r} did not answer in full within {seconds:.1f} s.",
    why="It is overloaded, hangs, or the answer is too long for its speed.",
    remedy="Raise R2C_REQUEST_SECONDS, use a faster model, or look at the server's log.",
)
DEADLINE = declare(
    "R2C-L004",
    BudgetError,
    what="The time for this job ended while the model endpoint {url!r} was being asked.",
    why="{state}",
    remedy="Raise R2C_BUDGET_SECONDS, ask for fewer samples, or use a faster model.",
)
KEY_REFUSED = declare(
    "R2C-L005",
    LanguageModelError,
    what="The model endpoint {url!r} refused the key (HTTP {status}).",
    why="It said: {said!r}.",
    remedy="Set R2C_API_KEY to a key that may use this model.",
)
NOT_FOUND = declare(
    "R2C-L006",
    LanguageModelError,
    what="The model endpoint {url!r} knows no model {model!r}, or no such address (HTTP 404).",
    why="It said: {said!r}.",
    remedy="Write R2C_MODEL as http(s)://host:port/v1#model-name; GET /v1/models lists names.",
)
TOO_LARGE = declare(
    "R2C-L007",
    LanguageModelError,
    what="The model endpoint {url!r} refused the request as too large (HTTP 413).",
    why="It said: {said!r}.",
    remedy="Shorten the problem text, or raise the size limit of the server or its proxy.",
)
REFUSED = declare(
    "R2C-L008",
    LanguageModelError,
    what="The model endpoint {url!r} refused the request (HTTP {status}).",
    why="It said: {said!r}.",
    remedy="If it dislikes the format, set R2C_CAPABILITY to json_object or text.",
)
RATE_LIMITED = declare(
    "R2C-L009",
    LanguageModelError,
    what="The model endpoint {url!r} allows no more requests for now (HTTP 429).",
    why="It said: {said!r}; wait asked for: {wait}.",
    remedy="Try later, send fewer requests at a time, or raise the quota.",
)
SERVER_FAILED = declare(
    "R2C-L010",
    LanguageModelError,
    what="The model endpoint {url!r} failed (HTTP {status}).",
    why="It said: {said!r}.",
    remedy="Look at the server's log; if it is starting or overloaded, try again later.",
)
NOT_A_COMPLETION = declare(
    "R2C-L011",
    LanguageModelError,
    what="The model endpoint {url!r} answered with something that is not a chat completion.",
    why="It began: {said!r}.",
    remedy="Check that R2C_MODEL ends in /v1 and leads to the model, not to a web page or proxy.",
)
BROKEN_JSON = declare(
    "R2C-L012",
    LanguageModelError,
    what="The model endpoint {url!r} answered with broken JSON.",
    why="{reason}.",
    remedy="Try again; if it stays, look at the server or the proxy between.",
)
NO_CHOICES = declare(
    "R2C-L013",
    LanguageModelError,
    what="The model endpoint {url!r} answered without any choice.",
    why="A chat completion must hold at least one; this one held none.",
    remedy="Try again; if it stays, the server's log says why it generated nothing.",
)
CONTEXT_EXCEEDED = declare(
    "R2C-L014",
    LanguageModelError,
    what="The request does not fit the context of the model {model!r}.",
    why="The endpoint said: {said!r}.",
    remedy="Shorten the problem, put tables in data files, or use a model with more context.",
)
BROKEN_OFF = declare(
    "R2C-L015",
    LanguageModelError,
    what="The model endpoint {url!r} broke off its reply.",
    why="The connection closed too early: {reason}.",
    remedy="Look at the server's log: it may have crashed or run out of memory.",
)
INSECURE = declare(
    "R2C-L016",
    LanguageModelError,
    what="No secure connection to the model endpoint {url!r} can be made.",
    why="{reason}.",
    remedy="Correct its certificate, set SSL_CERT_FILE to the authority's file, or use http.",
)
UNEXPECTED_STATUS = declare(
    "R2C-L017",
    LanguageModelError,
    what="The model endpoint {url!r} answered HTTP {status}, which no rule here expects.",
    why="It said: {said!r}.",
    remedy="Check the address in R2C_MODEL; redirects are followed, other answers are not.",
)
CLIENT_MISSING = declare(
    "R2C-L018",
    LanguageModelError,
    what="The package 'openai' is not installed.",
    why="Talking to a language model needs it: {reason}.",
    remedy="Install the extra: pip install 'rule2constraint[agents]'.",
)
FORMAT_UNSUPPORTED = declare(
    "R2C-L019",
    LanguageModelError,
    what="The answer cannot be held to a {capability} on an endpoint of kind {kind!r}.",
    why="R2C knows how to send a grammar to llama.cpp and vLLM only.",
    remedy="Set R2C_CAPABILITY to auto, json_schema, json_object or text.",
)
NO_CONTENT = declare(
    "R2C-L023",
    LanguageModelError,
    what="The model's answer {index} has no text.",
    why="{reason}.",
    remedy="Ask again, or use another model.",
)
CUT_OFF = declare(
    "R2C-L024",
    LanguageModelError,
    what="The model's answer {index} was cut off after {max_tokens} tokens.",
    why="It repeats itself, or the problem needs a longer answer.",
    remedy="Split the problem, or use a stronger model.",
)
WITHHELD = declare(
    "R2C-L025",
    LanguageModelError,
    what="The model's answer {index} was withheld by the endpoint's content filter.",
    why="The endpoint says finish_reason=content_filter.",
    remedy="Reword the problem, or use an endpoint without such a filter.",
)
UNREADABLE = declare(
    "R2C-L026",
    LanguageModelError,
    what="The model's answer {index} is not a valid {spec!r}.",
    why="{reason}.",
    remedy="Ask again, or use a model or an endpoint that can be held to a grammar.",
)
