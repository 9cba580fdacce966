"""Addresses: a street and a number, with what stands behind them."""
