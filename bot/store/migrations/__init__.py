"""The store's migrations: each file in `versions/` is one step, run in order when a store opens.

To change a table, change `bot/store/tables.py`, copy the newest step under the next number and
point its `down_revision` at the step before. A test holds the steps and the tables together.
"""
