"""A scenario as a workbook: written for people who have Excel and nothing else, and read back without a loss."""
