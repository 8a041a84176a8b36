//! What the one binary is made of, where it can be tested without starting it.

pub mod reference;
