//! Where a sealed text stands. It is sealed for that place, and cannot be read in another.

use domain::ids::{LedgerId, SubjectId};
use domain::stream::StreamId;

/// A place: a ledger, and in it a field of something.
///
/// Whoever unseals must say the same place as whoever sealed, so a place is named by what does not change: the stream (or
/// the row's id) and the field, never a position or a label.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Context {
    ledger: LedgerId,
    place: String,
}

impl Context {
    /// A place named freely, such as `account/6f96…/email`, for what does not stand in a stream.
    pub fn new(ledger: LedgerId, place: impl Into<String>) -> Self {
        let place = place.into();
        Self { ledger, place }
    }

    /// A field of a stream's events, such as `name` of a person.
    pub fn field(ledger: LedgerId, stream: StreamId, field: &str) -> Self {
        Self::new(ledger, format!("{stream}/{field}"))
    }

    /// Any text of a ledger's events. One and the same text may stand in several places of it, "from" here and "to" there.
    pub fn text(ledger: LedgerId) -> Self {
        Self::new(ledger, "text")
    }

    /// The ledger.
    pub const fn ledger(&self) -> LedgerId {
        self.ledger
    }

    /// The place in it.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// The bytes a text of `subject` is bound to here. What varies in length stands last, so no two places share them.
    pub(crate) fn bound(&self, subject: SubjectId) -> Vec<u8> {
        [
            b"compacts sealed text 1\0".as_slice(),
            self.ledger.uuid().as_bytes(),
            subject.uuid().as_bytes(),
            self.place.as_bytes(),
        ]
        .concat()
    }
}
