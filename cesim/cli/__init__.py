"""The command line: a door that parses, calls and prints. Each command is one file of this room."""
