"""Changes made by hand, turned into a patch of one's own."""
