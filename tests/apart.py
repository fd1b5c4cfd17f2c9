"""Processes of their own for tests that kill them, or that need several.

A clean process that has imported what they need, and opened nothing, is copied for each.
"""

import multiprocessing

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.conftest", "qa.desk", "gradio"])
