"""The tests of taixin; ``python -m tests`` obtains what they need and runs them."""
