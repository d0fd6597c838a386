"""The letters of what people read out and write down."""

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base32: no I, L, O, U, which a pen confuses with 1, 0 and V."""
