"""Orders: the file or workbook in which a casthouse asks something of its scrap, and the objects it asks about."""
