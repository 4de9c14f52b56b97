//! Problem details (RFC 9457): one error shape for the whole platform.
