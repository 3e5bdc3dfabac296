"""What a study answers, from its folder: numbers and tables. Names and words are the report's."""
