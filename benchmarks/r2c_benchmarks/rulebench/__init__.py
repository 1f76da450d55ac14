"""RuleBench: problems of many rules, told in business English, whose optima were proved."""
