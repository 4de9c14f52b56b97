//! Small mechanisms against failure: retry budget, breaker, backoff, deadline, token bucket.
