//! Letters: how a link reaches its owner.

use accounts::LinkToken;
use domain::ids::AccountId;

/// Sends letters. What is sent is on its way when this returns; whether it arrives, nobody at the door is told.
pub trait Letters: Send + Sync {
    /// Sends the owner of an account the link by which they set a new password.
    fn send_reset(&self, account: AccountId, link: LinkToken);
}
