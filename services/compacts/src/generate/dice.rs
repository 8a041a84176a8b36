//! Choices that are the same every time.

use uuid::Uuid;

use crate::reference::Path;

/// What decides about what stands at one path. Throwing it twice for the same thing gives the same.
pub(super) struct Dice<'a>(pub &'a Path);

impl Dice<'_> {
    /// A number below `sides`, for `what`.
    pub fn below(&self, what: &str, sides: usize) -> usize {
        let throw: Uuid = self.0.of("dice", what).id();
        let throw = throw.as_u128() % (sides.max(1) as u128);
        usize::try_from(throw).unwrap_or(0)
    }

    /// Whether something that happens once in `times` happens.
    pub fn once_in(&self, what: &str, times: usize) -> bool {
        self.below(what, times) == 0
    }

    /// One of `all`, for `what`.
    pub fn one<'t, T: ?Sized>(&self, what: &str, all: &[&'t T]) -> &'t T {
        all[self.below(what, all.len())]
    }
}
