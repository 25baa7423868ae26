"""Benchmarks: ratios of two things measured in one run, printed and never asserted."""
