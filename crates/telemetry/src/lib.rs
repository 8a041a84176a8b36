//! Tracing, metrics and health.
