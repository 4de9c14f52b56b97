//! Identity: accounts, sessions, tokens, keys.
