"""Composing the Word report from the study: the same tables and rows that the screen shows."""
