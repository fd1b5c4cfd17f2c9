"""The HTTP API: what programs and the pages of other sites ask of a library, beside the chat.

In reading order: `register.py` (sites, keys and the signing secret, kept in the data folder),
`origins.py` and `tokens.py` (who a page is), `rates.py`, `access.py` (who asks, and what they may
see), `problems.py` (what an error looks like), `forms.py` (what goes in and comes out),
`answers.py`, `documents.py`, `pages.py` and `completions.py` (the operations), `metrics.py`,
`application.py` (the whole). `administration.py` is `youju site` and `youju key`.
"""
