"""The failures that the service itself detects, each with its HTTP status."""

from __future__ import annotations

from r2c.errors import InputError, R2CError, StoreError, declare
from r2c_api.page.faults import FROM_ANOTHER_SITE, NO_SUCH_EXAMPLE, NO_SUCH_FILE

INTERNAL = declare(
    "R2C-B600", R2CError,
    what="The service met a fault of its own ({kind}).",
    why="This should not happen, whatever the request.",
    remedy="Try again; if it stays, report it with the time {at}.",
)  # fmt: skip
MALFORMED = declare(
    "R2C-B601", InputError,
    what="The request does not have the form it should have: {problem}.",
    why="{count:place} in it cannot be read as documented.",
    remedy="Correct what `errors` names; /openapi.json describes every request.",
)  # fmt: skip
NO_SUCH_JOB = declare(
    "R2C-B602", InputError,
    what="There is no formulation {job!r}.",
    why="It never was, it was removed, or it belongs to somebody else.",
    remedy="Check the id; GET /v1/formulations lists yours.",
)  # fmt: skip
TOO_LARGE = declare(
    "R2C-B603", InputError,
    what="The request is larger than {limit} bytes.",
    why="Larger ones cannot be taken in bounded time and memory.",
    remedy="Leave out rows and columns that the problem does not need.",
)  # fmt: skip
NOT_ENDED = declare(
    "R2C-B604", InputError,
    what="The formulation {job!r} has no answer: it is {state}.",
    why="Its parts exist once the job has succeeded.",
    remedy="Follow its events, or ask for it with `Prefer: wait=30`.",
)  # fmt: skip
NO_SUCH_PART = declare(
    "R2C-B605", InputError,
    what="The formulation {job!r} has no {part}.",
    why="{reason}.",
    remedy="Its result tells outcome, faults and evidence.",
)  # fmt: skip
OTHER_REQUEST = declare(
    "R2C-B606", InputError,
    what="The idempotency key {key!r} was used for another request.",
    why="A key stands for one request, so that sending it again does nothing twice.",
    remedy="Take a fresh key for a fresh request.",
)  # fmt: skip
QUEUE_FULL = declare(
    "R2C-B607", StoreError,
    what="{waiting:job} wait already.",
    why="The queue is bounded, so that nobody waits without end.",
    remedy="Try again after the time that Retry-After tells.",
)  # fmt: skip
WORKERS_DIED = declare(
    "R2C-B608", R2CError,
    what="The work on the job was begun {attempts:time} and never came to an end.",
    why="The process died each time, or the fault did not pass.",
    remedy="Make the problem smaller, or raise R2C_SERVE_ATTEMPTS.",
)  # fmt: skip
READING_TOO_SLOW = declare(
    "R2C-B609", InputError,
    what="The text and the tables could not be read within {seconds:.0f} s.",
    why="Reading has a limit, so that no request can keep the service busy.",
    remedy="Leave out what the problem does not need, or send CSV in place of a workbook.",
)  # fmt: skip
UNREADABLE_UPLOAD = declare(
    "R2C-B610", InputError,
    what="The files could not be read: {reason}.",
    why="They are read in a process of their own, and it ended without a result.",
    remedy="Send smaller files, or save them anew as CSV.",
)  # fmt: skip
UNKNOWN_FORM = declare(
    "R2C-B611", InputError,
    what="A request of the type {type!r} is not understood here.",
    why="A formulation is asked for as application/json or multipart/form-data.",
    remedy="Set Content-Type to one of these.",
)  # fmt: skip
HTTP = declare(
    "R2C-B612", InputError,
    what="The service cannot answer this request: {problem}.",
    why="The service has no answer to {method} {path}.",
    remedy="/openapi.json lists what there is.",
)  # fmt: skip
NO_SERVICE = declare(
    "R2C-B613", StoreError,
    what="The store of the service cannot be used: {reason}.",
    why="Jobs, their events and their results are kept there.",
    remedy="Free space or correct the permissions of R2C_DATA_DIR; what was accepted is kept.",
)  # fmt: skip
BUSY = declare(
    "R2C-B614", StoreError,
    what="All {places:place} for answers at once are taken.",
    why="Such requests solve models while they wait, and the machine can only solve so many.",
    remedy="Try again after the time that Retry-After tells, or submit a job.",
)  # fmt: skip
NOT_FROM_HERE = declare(
    "R2C-B615", InputError,
    what="The request was not meant for this machine, or comes from a web page of another one.",
    why="This service asks for no key, so it answers programs of its own machine alone.",
    remedy="Ask http://127.0.0.1, or start the service with keys: `r2c serve --keys`.",
)  # fmt: skip
NO_KEYS_YET = declare(
    "R2C-B616", InputError,
    what="The service cannot listen on {host!r} without keys.",
    why="Everybody who reaches that address could use it, and there is no key yet.",
    remedy="Make one with `r2c keys create NAME`, or listen on 127.0.0.1.",
)  # fmt: skip
CANNOT_LISTEN = declare(
    "R2C-B617", InputError,
    what="The service cannot listen on {host} port {port}: {reason}.",
    why="The system gave it no such address.",
    remedy="Choose another with --host and --port, or end the program that has it.",
)  # fmt: skip
NO_SUCH_RULE = declare(
    "R2C-B618", InputError,
    what="The formulation {job!r} has no rule {rule!r}.",
    why="A patch changes one rule of the model by its id.",
    remedy="Take one of {known}.",
)  # fmt: skip
TOO_LONG = declare(
    "R2C-B619", R2CError,
    what="No answer was found within {seconds:.0f} s.",
    why="A request that solves while it waits has a limit.",
    remedy="Ask for fewer values at once, or submit a job with POST /v1/solve.",
)  # fmt: skip
ONE_VALUE = declare(
    "R2C-B620", InputError,
    what="None of the changes has several values.",
    why="A table of scenarios has a row for each value of one change.",
    remedy="Write `capacity = 80, 100, 120` or `capacity = 80..120 step 10`, or ask what-if.",
)  # fmt: skip
NO_SUCH_CARD = declare(
    "R2C-B621", InputError,
    what="There is no archetype {id!r}.",
    why="The knowledge base has no card of that name.",
    remedy="GET /v1/cards lists all; near it are {close}.",
)  # fmt: skip
NO_SUCH_BATCH = declare(
    "R2C-B622", InputError,
    what="There is no batch {batch!r}.",
    why="It never was, it was removed, or it belongs to somebody else.",
    remedy="Check the id that POST /v1/batches gave.",
)  # fmt: skip
UNREADABLE_ROW = declare(
    "R2C-B623", R2CError,
    what="The job cannot be read from the store ({kind}).",
    why="It was written by another version, or it is damaged.",
    remedy="Submit the problem anew.",
)  # fmt: skip
TENANT_QUEUE_FULL = declare(
    "R2C-B624", InputError,
    what="{waiting:job} of yours wait already.",
    why="Each tenant has a share of the queue, so that nobody fills it for all.",
    remedy="Try again after the time that Retry-After tells.",
)  # fmt: skip
KEY_NEEDED = declare(
    "R2C-B630", InputError,
    what="A key is needed: {reason}.",
    why="This service answers only those whom it knows.",
    remedy="Send `Authorization: Bearer r2c_...`; `r2c keys create` makes keys.",
)  # fmt: skip
KEY_DOES_NOT_ALLOW = declare(
    "R2C-B631", InputError,
    what="The key does not allow this: it needs the scope {needed!r}.",
    why="The key has {scopes}.",
    remedy="Use another key, or have one made with `r2c keys create --scope {needed}`.",
)  # fmt: skip
TOO_MANY_REQUESTS = declare(
    "R2C-B632", InputError,
    what="There were more than {limit:request} in a minute.",
    why="Everybody has a share, so that nobody is kept waiting by others.",
    remedy="Go on in {seconds:second}; events and `Prefer: wait` save requests.",
)  # fmt: skip
NO_SUCH_KEY = declare(
    "R2C-B633", InputError,
    what="There is no key {id!r}.",
    why="Keys are named by the first part after `r2c_`.",
    remedy="`r2c keys list` tells all.",
)  # fmt: skip
USED_UP = declare(
    "R2C-B634", InputError,
    what="The {what} of today are used up.",
    why="What one may use on a day is limited; reading stays possible.",
    remedy="Go on tomorrow (UTC), or have the limit raised.",
)  # fmt: skip
BAD_TENANT = declare(
    "R2C-B635", InputError,
    what="{tenant!r} cannot be the name of a tenant.",
    why="It names a folder.",
    remedy="Take up to 40 small letters, digits and hyphens, a letter or digit first.",
)  # fmt: skip
KEY_ENDED = declare(
    "R2C-B637", InputError,
    what="The key {id!r} is not in force any more.",
    why="A fresh key in its place would give back what was taken.",
    remedy="Make a new one with `r2c keys create`.",
)  # fmt: skip
BAD_SCOPE = declare(
    "R2C-B636", InputError,
    what="There is no scope {scope!r}.",
    why="A key allows some of {known}.",
    remedy="Give one of these with --scope; the option can be repeated.",
)  # fmt: skip
TOO_MANY_CARDS = declare(
    "R2C-B641", InputError,
    what="There are {limit:card} of your own already.",
    why="Every search looks at all of them.",
    remedy="Remove those that are not needed.",
)  # fmt: skip
OTHER_CARD = declare(
    "R2C-B642", InputError,
    what="The card describes {found!r}, not {id!r}.",
    why="A card is kept under the id that it has.",
    remedy="Put it to /v1/cards/{found}, or correct its id.",
)  # fmt: skip
NO_DRIVER = declare(
    "R2C-B640", InputError,
    what="R2C_DATABASE names a Postgres database, and its driver is not installed.",
    why="The driver is not needed for SQLite, so it comes with an extra.",
    remedy="Install `rule2constraint[postgres]`, or unset R2C_DATABASE.",
)  # fmt: skip

TOO_MANY_STREAMS = declare(
    "R2C-B728", InputError,
    what="{limit:stream} of events of yours are open already.",
    why="Each of them holds a connection, so that everybody has a share of them.",
    remedy="Close some, or ask for a job with `Prefer: wait=30`.",
)  # fmt: skip
NEVER_ENDS = declare(
    "R2C-B729", R2CError,
    what="The job was worked on for {seconds:.0f} s without coming to an end.",
    why="Its limit is {limit:.0f} s of wall time, whatever its own budget is; something hangs.",
    remedy="Submit it again; if it stays, make the problem smaller or raise R2C_SERVE_JOB_SECONDS.",
)  # fmt: skip

STATUS: dict[str, int] = {
    INTERNAL.code: 500,
    MALFORMED.code: 422,
    NO_SUCH_JOB.code: 404,
    TOO_LARGE.code: 413,
    NOT_ENDED.code: 409,
    NO_SUCH_PART.code: 404,
    OTHER_REQUEST.code: 422,
    QUEUE_FULL.code: 503,
    WORKERS_DIED.code: 500,
    READING_TOO_SLOW.code: 422,
    UNREADABLE_UPLOAD.code: 422,
    UNKNOWN_FORM.code: 415,
    NO_SERVICE.code: 503,
    BUSY.code: 503,
    NOT_FROM_HERE.code: 403,
    NO_SUCH_RULE.code: 404,
    TENANT_QUEUE_FULL.code: 429,
    UNREADABLE_ROW.code: 500,
    KEY_ENDED.code: 409,
    KEY_NEEDED.code: 401,
    KEY_DOES_NOT_ALLOW.code: 403,
    TOO_MANY_REQUESTS.code: 429,
    NO_SUCH_KEY.code: 404,
    USED_UP.code: 429,
    TOO_LONG.code: 422,  # not 503: clients would repeat what costs the most
    NO_SUCH_CARD.code: 404,
    NO_SUCH_BATCH.code: 404,
    TOO_MANY_STREAMS.code: 429,
    NEVER_ENDS.code: 500,
    FROM_ANOTHER_SITE.code: 403,
    NO_SUCH_FILE.code: 404,
    NO_SUCH_EXAMPLE.code: 404,
}
"""The status of a failure that does not follow from its class."""
