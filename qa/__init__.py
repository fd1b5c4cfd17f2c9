"""Question in, cited answer out. Stands on `index`; knows no user interface."""
