"""What the Mask tab does: search, review, the user's own rules, preview, write, and what is left over."""
