//! The console: what runs, what is slow, what failed and why.
