//! Eureka's XML, as XStream would have written it. See [`crate::json`] for the shared principles.
