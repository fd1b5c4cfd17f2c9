"""How good and how fast it is: runs the very assistant that is served. Nothing imports it."""
