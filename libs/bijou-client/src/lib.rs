//! The outbound HTTP client: discovery, balancing, deadlines, retries, breaker, passport.
