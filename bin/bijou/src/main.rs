//! Bijou: one executable for every role.

fn main() {}
