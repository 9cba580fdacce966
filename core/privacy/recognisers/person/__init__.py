"""Persons by what stands beside them: titles, greetings, signatures, mail headers."""
