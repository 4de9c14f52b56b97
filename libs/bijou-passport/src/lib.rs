//! The passport: the signed identity that travels inside the platform.
