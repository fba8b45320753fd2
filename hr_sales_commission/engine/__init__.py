"""The commission engine: facts and plans in, awards and their reasons out.

Pure Python without Odoo, so that it can be tested and reasoned about alone.
"""
