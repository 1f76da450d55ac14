"""Problems read as a whole: sets, numbers and decisions are declared, rules written as algebra."""
