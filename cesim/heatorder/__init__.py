"""Heat orders: the file in which somebody asks what goes into one heat, and the charge it asks for."""
