"""How far a confidence may be believed: answers judged again, a calibrator fitted, and measured."""
