//! The gateway: the platform's front door.
