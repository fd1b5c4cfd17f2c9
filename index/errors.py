"""What can go wrong on this floor. Each message says what was met and what to do next.

IndexingError
├── LoadError          this file gives no text: the rest of a batch goes on
├── ModelError         no such embedding model, or it does not load
├── LibraryError       the record of documents cannot be opened or written
│   ├── LibraryBusy    another process owns it
│   └── WrongModel     filled with one embedding model, opened with another
└── UnknownDocument    no document of this id
"""


class IndexingError(Exception):
    """Anything this floor raises on purpose; its text is meant for the user."""


class LoadError(IndexingError):
    """This file gives no text."""


class ModelError(IndexingError):
    """No such embedding model, or it does not load."""


class LibraryError(IndexingError):
    """The record of documents cannot be opened or written."""


class LibraryBusy(LibraryError):
    """Another process owns the library."""


class WrongModel(LibraryError):
    """The library was filled with another embedding model."""


class UnknownDocument(IndexingError):
    """No document of this id."""
