"""Documents in, ranked passages out. Knows no language model and no user interface."""
