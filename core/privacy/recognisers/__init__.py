"""Recognisers: one small file a kind, a pattern and a validator each, that says what it does not find."""
