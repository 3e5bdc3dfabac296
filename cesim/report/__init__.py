"""The answer as people read it: a web page, a workbook, a few lines on the terminal."""
