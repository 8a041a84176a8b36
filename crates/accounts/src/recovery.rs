//! Codes that stand in for a lost app, each once.

use data_encoding::BASE32_NOPAD;
use domain::ids::AccountId;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::chance::{NoRandomness, Randomness, random};

/// How many there are.
pub(crate) const CODES: usize = 10;

/// Random bytes of one: enough that a quick hash keeps it.
const BYTES: usize = 10;

/// One of them: 80 random bits, written as `abcd-efgh-ijkl-mnop`.
#[derive(Clone)]
pub(crate) struct RecoveryCode(Zeroizing<[u8; BYTES]>);

impl RecoveryCode {
    pub(crate) fn draw(randomness: &dyn Randomness) -> Result<Self, NoRandomness> {
        random(randomness).map(Self)
    }

    pub(crate) fn text(&self) -> String {
        let text = BASE32_NOPAD.encode(&*self.0).to_ascii_lowercase();
        let groups: Vec<&str> = (0..text.len())
            .step_by(4)
            .map(|at| &text[at..at + 4])
            .collect();
        groups.join("-")
    }

    /// Reads what was typed, with or without the dashes.
    pub(crate) fn read(typed: &str) -> Option<Self> {
        if typed.len() > 64 {
            return None;
        }
        let plain = typed.chars().filter(|c| !c.is_whitespace() && *c != '-');
        let plain: Zeroizing<String> =
            Zeroizing::new(plain.collect::<String>().to_ascii_uppercase());
        let bytes = Zeroizing::new(BASE32_NOPAD.decode(plain.as_bytes()).ok()?);
        let bytes = <[u8; BYTES]>::try_from(bytes.as_slice()).ok()?;
        Some(Self(Zeroizing::new(bytes)))
    }

    /// What is stored of it.
    pub(crate) fn hash(&self, account: AccountId) -> [u8; 32] {
        let hash = Sha256::new().chain_update("compacts recovery code\0");
        let hash = hash.chain_update(account.uuid()).chain_update(*self.0);
        hash.finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::SystemRandomness;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = RecoveryCode::draw(&SystemRandomness).unwrap();
        let (text, account) = (code.text(), AccountId::new(uuid::Uuid::from_u128(1)));
        assert_eq!(text.len(), 19);
        for typed in [
            text.clone(),
            text.to_uppercase(),
            text.replace('-', ""),
            text.replace('-', " "),
        ] {
            assert_eq!(
                RecoveryCode::read(&typed).unwrap().hash(account),
                code.hash(account)
            );
        }
        let other = AccountId::new(uuid::Uuid::from_u128(2));
        assert_ne!(
            code.hash(account),
            code.hash(other),
            "it is good for one account"
        );
        for typed in [
            "",
            "abcd",
            "abcd-efgh-ijkl-mno",
            "abcd-efgh-ijkl-mno1",
            &text.repeat(5),
        ] {
            assert!(RecoveryCode::read(typed).is_none(), "{typed}");
        }
    }
}
