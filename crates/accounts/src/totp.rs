//! Codes that change with the time (RFC 6238): SHA-1, 30 seconds, six digits, which is what every authenticator app
//! speaks.
//!
//! Nothing here remembers anything: that a code is not taken twice is seen to where its step is stored.

use chrono::{DateTime, Utc};
use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::chance::{NoRandomness, Randomness};

/// Seconds a code is shown for.
const PERIOD: i64 = 30;

/// Steps before and after the present whose codes are taken too: clocks differ, people type slowly.
const DRIFT: i64 = 1;

/// Bytes of a seed: as long as the hash (RFC 4226, section 4).
const SEED: usize = 20;

/// The seed a server and an app share.
#[derive(Clone)]
pub(crate) struct Seed(Zeroizing<Vec<u8>>);

impl Seed {
    pub(crate) fn draw(randomness: &dyn Randomness) -> Result<Self, NoRandomness> {
        let mut seed = Zeroizing::new(vec![0; SEED]);
        randomness.fill(&mut seed)?;
        Ok(Self(seed))
    }

    /// Reads what [`Seed::in_base32`] gave; `None` if it is no such thing.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(BASE32_NOPAD.decode(text.as_bytes()).ok()?);
        (bytes.len() == SEED).then_some(Self(bytes))
    }

    /// The seed as it is typed into an app that cannot scan.
    pub(crate) fn in_base32(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE32_NOPAD.encode(&self.0))
    }

    /// Which step `code` belongs to, if it is right at `now`.
    pub(crate) fn step_of(&self, code: TotpCode, now: DateTime<Utc>) -> Option<i64> {
        let present = step_at(now);
        let mut found = None;
        // Every step is looked at, so that the answer takes as long whichever it is.
        for step in present - DRIFT..=present + DRIFT {
            let right = self.code_at(step, 1_000_000).to_be_bytes();
            if bool::from(right.ct_eq(&code.0.to_be_bytes())) {
                found = Some(step);
            }
        }
        found
    }

    /// What an app shows at `moment`.
    pub(crate) fn shown_at(&self, moment: DateTime<Utc>) -> String {
        format!("{:06}", self.code_at(step_at(moment), 1_000_000))
    }

    /// RFC 4226, section 5.3, over RFC 6238's counter.
    fn code_at(&self, step: i64, modulus: u32) -> u32 {
        let mut mac =
            Hmac::<Sha1>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        mac.update(&step.to_be_bytes());
        let hash = mac.finalize().into_bytes();
        let offset = usize::from(hash[hash.len() - 1] & 0x0f);
        let word = [
            hash[offset] & 0x7f,
            hash[offset + 1],
            hash[offset + 2],
            hash[offset + 3],
        ];
        u32::from_be_bytes(word) % modulus
    }
}

/// Which step of 30 seconds `moment` lies in.
pub(crate) fn step_at(moment: DateTime<Utc>) -> i64 {
    moment.timestamp().div_euclid(PERIOD)
}

/// Six digits somebody typed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct TotpCode(u32);

impl TotpCode {
    /// Reads six digits; spaces between them are as the apps show them.
    pub(crate) fn read(typed: &str) -> Option<Self> {
        let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
        let sound = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
        sound.then(|| digits.parse().ok().map(Self)).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: the seed of its SHA-1 vectors.
    fn seed() -> Seed {
        Seed(Zeroizing::new(b"12345678901234567890".to_vec()))
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    /// RFC 6238, appendix B: seconds and the eight digits they give.
    const VECTORS: [(i64, u32); 6] = [
        (59, 94_287_082),
        (1_111_111_109, 7_081_804),
        (1_111_111_111, 14_050_471),
        (1_234_567_890, 89_005_924),
        (2_000_000_000, 69_279_037),
        (20_000_000_000, 65_353_130),
    ];

    #[test]
    fn the_codes_are_those_of_the_rfc() {
        for (seconds, eight_digits) in VECTORS {
            let step = step_at(at(seconds));
            assert_eq!(seed().code_at(step, 100_000_000), eight_digits);
            // Six digits are the last six of the eight.
            let six = TotpCode(eight_digits % 1_000_000);
            assert_eq!(seed().step_of(six, at(seconds)), Some(step));
            let shown = format!("{:06}", eight_digits % 1_000_000);
            assert_eq!(seed().shown_at(at(seconds)), shown);
        }
    }

    #[test]
    fn a_code_is_right_one_step_early_and_one_late_and_no_further() {
        let (seconds, code) = (1_111_111_109, TotpCode(81_804));
        let step = Some(step_at(at(seconds)));
        for (late, found) in [(-60, None), (-30, step), (0, step), (30, step), (60, None)] {
            assert_eq!(seed().step_of(code, at(seconds + late)), found, "{late} s");
        }
    }

    #[test]
    fn only_six_digits_are_a_code() {
        assert!(TotpCode::read(" 123 456 ") == Some(TotpCode(123_456)));
        assert!(TotpCode::read("000001") == Some(TotpCode(1)));
        for typed in [
            "",
            "12345",
            "1234567",
            "12345a",
            "+12345",
            "-12345",
            "１２３４５６",
        ] {
            assert!(TotpCode::read(typed).is_none(), "{typed}");
        }
    }
}
