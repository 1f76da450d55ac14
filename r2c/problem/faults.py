"""Every failure of the reader: the text, the files, the tables handed over in memory."""

from __future__ import annotations

from r2c.errors import InputError, declare

EMPTY_TEXT = declare(
    "R2C-P001",
    InputError,
    what="The problem text is empty.",
    why="There is nothing to formulate: the text holds no visible character.",
    remedy="Describe the decisions, the limits and the goal in words.",
)
TEXT_TOO_LONG = declare(
    "R2C-P002",
    InputError,
    what="The problem text has {length} characters; the limit is {limit}.",
    why="Longer texts cannot be read in bounded time.",
    remedy="Move large tables into CSV, JSON or XLSX files, or shorten the text.",
)
CONTROL_CHARACTER = declare(
    "R2C-P003",
    InputError,
    what="The text holds the control character {character} in line {line}, column {column}.",
    why="Such characters are invisible and mean that a binary file was read as text.",
    remedy="Save the problem as plain UTF-8 text, or remove the character.",
)
FILE_NOT_FOUND = declare(
    "R2C-P010",
    InputError,
    what="There is no data file {path!r}.",
    why="The path does not exist.",
    remedy="Check the spelling and the folder; relative paths start at the current folder.",
)
FILE_UNREADABLE = declare(
    "R2C-P011",
    InputError,
    what="The data file {path!r} cannot be opened: {reason}.",
    why="The operating system refused to read it.",
    remedy="Check the permissions, or give another path.",
)
UNKNOWN_FILE_TYPE = declare(
    "R2C-P012",
    InputError,
    what="The data file {path!r} has the unknown type {suffix!r}.",
    why="Only {known} are read as data.",
    remedy="Save the table as one of these types.",
)
FILE_TOO_LARGE = declare(
    "R2C-P013",
    InputError,
    what="The data file {path!r} has {size} bytes; the limit is {limit}.",
    why="Larger files cannot be read in bounded time and memory.",
    remedy="Keep the rows and columns that the problem needs, or split the file.",
)
TOO_MANY_CELLS = declare(
    "R2C-P014",
    InputError,
    what="{where} has more than {limit} cells.",
    why="Larger tables cannot be read in bounded time and memory.",
    remedy="Keep the rows and columns that the problem needs.",
)
TOO_MANY_COLUMNS = declare(
    "R2C-P022",
    InputError,
    what="{where} has {columns} columns; the limit is {limit}.",
    why="Every column is a name that the model is told, and nobody plans over so many measures.",
    remedy="Write it in long form: one row for each number, with columns that say what it is for.",
)
TOO_MANY_FILES = declare(
    "R2C-P023",
    InputError,
    what="{where} has {files} data files of {size} bytes together.",
    why="The limits are {most} files and {limit} bytes; more cannot be read in bounded time.",
    remedy="Give the files that the problem needs; those of a folder, in a folder of their own.",
)
EMPTY_DATA = declare(
    "R2C-P015",
    InputError,
    what="{where} holds no data.",
    why="A table needs a header and at least one row below it.",
    remedy="Check that the right file was given and that it was saved with its content.",
)
DUPLICATE_COLUMN = declare(
    "R2C-P016",
    InputError,
    what="{where} has two columns named {column!r}.",
    why="A rule that names the column could mean either.",
    remedy="Give every column its own name.",
)
RAGGED_ROW = declare(
    "R2C-P017",
    InputError,
    what="{where}, row {row}: {found} values where the header has {expected}.",
    why="A value is missing, or a separator inside a value is not quoted.",
    remedy="Correct the row; put values that contain {delimiter!r} in double quotes.",
)
NO_HEADER = declare(
    "R2C-P018",
    InputError,
    what="{where}: the first row holds only numbers.",
    why="The first row must name the columns; read as names, these numbers would be lost as data.",
    remedy="Add a first row with column names.",
)
UNDECODABLE = declare(
    "R2C-P019",
    InputError,
    what="The file {path!r} is not text: byte {byte} at offset {offset} fits no known encoding.",
    why="UTF-8, UTF-16 and Windows-1252 were tried.",
    remedy="Save the file as UTF-8.",
)
MIXED_ENCODINGS = declare(
    "R2C-P024",
    InputError,
    what="The file {path!r} is UTF-8 but for the byte {byte} in line {line} (offset {offset}).",
    why="Parts in two encodings were put together; read as either, some of its names are wrong.",
    remedy="Correct the character in that line, or write the file anew as UTF-8 throughout.",
)
CELL_TOO_LONG = declare(
    "R2C-P025",
    InputError,
    what="A cell of the row that begins in line {line} of {path!r} has over {limit} characters.",
    why="No name or number is so long; after a quote that is never closed, the rest is one cell.",
    remedy="Shorten the cell, leave out its column, or close the double quote that it begins with.",
)
MALFORMED_CSV = declare(
    "R2C-P020",
    InputError,
    what="The CSV file {path!r} cannot be split into fields at line {line}: {reason}.",
    why="Usually a double quote is opened and never closed.",
    remedy="Correct the quotes near that line.",
)
DOUBTFUL_MARK = declare(
    "R2C-P021",
    InputError,
    what="{where}, column {column!r}, line {line}: {value!r} may be {readings}.",
    why=(
        "Files with semicolons are written with decimal commas or with decimal points, and {reason}"
        "; a wrong guess is wrong by a factor of 1000."
    ),
    remedy=(
        "Write the numbers of this column without a mark between thousands (1700), or with one, "
        "two or four decimals (1.70)."
    ),
)
MALFORMED_JSON = declare(
    "R2C-P030",
    InputError,
    what="The file {path!r} is not valid JSON: {reason}.",
    why="It cannot be read up to its end.",
    remedy="Correct the file at the place named; a JSON validator shows it.",
)
UNTABULAR_JSON = declare(
    "R2C-P031",
    InputError,
    what="The JSON value at {where} is not a table: {reason}.",
    why=(
        "Read as tables are: a list of objects, an object of equally long lists, an object of "
        "named tables, a list of equally long lists, a list of plain values, a plain value."
    ),
    remedy="Bring the data into one of these shapes.",
)
NOT_A_WORKBOOK = declare(
    "R2C-P040",
    InputError,
    what="The file {path!r} is not a readable XLSX workbook: {reason}.",
    why="It may be an old .xls file, encrypted, or damaged.",
    remedy="Open it in a spreadsheet program and save it as .xlsx without a password, or as CSV.",
)
WORKBOOK_BOMB = declare(
    "R2C-P041",
    InputError,
    what="The workbook {path!r} would unpack to {size} bytes of {kind}, {ratio} times its size.",
    why=(
        "The limits are {limit} bytes of {kind} and a ratio of {ratio_limit}; beyond lies a zip "
        "bomb."
    ),
    remedy="Remove unused sheets, formats and pictures, or save the table as CSV.",
)
FORMULA_WITHOUT_VALUE = declare(
    "R2C-P042",
    InputError,
    what="Cell {cell} of sheet {sheet!r} in {path!r} is a formula without a stored result.",
    why="The workbook was written by a program that does not calculate; R2C does not either.",
    remedy="Open and save the file once in a spreadsheet program, or store plain values.",
)
FORMULA_AS_TEXT = declare(
    "R2C-P044",
    InputError,
    what="The file {path!r} has a formula in line {line}, column {column!r}: {value!r}.",
    why="A CSV file has no results beside its formulas, and R2C does not calculate any.",
    remedy=(
        "Export the file once more with values instead of formulas; begin a label that looks like "
        "one with a letter."
    ),
)
ERROR_CELL = declare(
    "R2C-P043",
    InputError,
    what="{where} in {path!r} holds the error {value!r}.",
    why="A formula failed, so the value is not known.",
    remedy="Mend the formula, or clear the cell.",
)
UNEQUAL_COLUMNS = declare(
    "R2C-P050",
    InputError,
    what="{where}: column {column!r} has {found} values, others have {expected}.",
    why="The columns of a table must be equally long.",
    remedy="Fill the short columns with None, or make two tables.",
)
NOT_A_SCALAR = declare(
    "R2C-P051",
    InputError,
    what="{where}, column {column!r}, row {row}: a value of type {type!r} does not fit in a cell.",
    why="Cells hold text, finite numbers, truth values or nothing.",
    remedy="Convert the value, or spread it over several columns.",
)
NOT_A_SOURCE = declare(
    "R2C-P052",
    InputError,
    what="{where} is of type {type!r}, which is not a table.",
    why="Tables are given as a path, a list of dict rows, a dict of columns or a DataFrame.",
    remedy="Pass one of these.",
)
