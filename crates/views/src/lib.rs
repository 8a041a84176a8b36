//! Read models: a pure fold each, and its tables.
