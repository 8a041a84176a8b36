//! Files, as a whole: with a database, a vault and a store.

mod bucket;
mod examining;
mod receiving;
mod removing;
mod room;
mod support;
mod sweeping;
