//! Who came to a meeting, as it is ticked and typed: on the form that records it, and where it is put right.
//!
//! The organisations that may have come stand in a table to be ticked; whoever came beside them has a row of their own below it.

mod organisations;
mod said;
mod table;

pub use organisations::{MayCome, register};
pub use said::{in_words, look_for_contradictions, said};
pub use table::{Came, Table, as_typed};

/// The lists in which it is said: the organisations that are known, and others.
const LISTS: [&str; 2] = ["attendance", "others"];
