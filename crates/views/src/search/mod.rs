//! Searching good practice by its words, and finding what fits what a compact has before it.
//!
//! PostgreSQL's full-text search needs words, and summaries are sealed. So the words of each piece of good practice, stemmed and
//! without their order being readable as text, are kept in a table of their own, `good_practice_words`. It is no view: nothing is
//! decided by it, it may be emptied at any moment, and a search first brings it up to the views it is made from ([`index`]). Who may see
//! a row is asked of the view beside it and never kept here. A text that is redacted takes its words with it ([`PurgeWords`]).
//! `docs/decisions/11-search.md` says why it is so.

mod index;
mod practices;
mod purge;
mod spelling;
mod suggest;
mod words;

pub use practices::{Found, Hit, Piece, Respelt};
pub use purge::PurgeWords;
pub use suggest::{OpenMatter, Reason, Suggestion};

pub(crate) use index::{forget, strays};
