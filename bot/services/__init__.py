"""Use cases: each takes ports and an invocation, and returns a reply."""
