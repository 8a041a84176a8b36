//! Examining: whether what a compact's record refers to is there, and is what it was.

use std::fmt;

use domain::file::FileHash;
use domain::ids::LedgerId;
use futures::TryStreamExt;
use sha2::{Digest, Sha256};

use crate::error::FilesError;
use crate::files::Files;
use crate::uploads::{Standing, Stored};

/// What was found of a compact's files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Examined {
    /// How many are referred to.
    pub referred_to: u64,
    /// How many of them were removed for good.
    pub removed: u64,
    /// What is not as it must be.
    pub faults: Vec<Fault>,
}

/// A file that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Whose.
    pub ledger: LedgerId,
    /// Which.
    pub hash: FileHash,
    /// What is wrong with it.
    pub fault: FaultOf,
}

/// What can be wrong with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultOf {
    /// Nothing is known of it, or nothing lies where it was put.
    Missing,
    /// What lies there is not what was put there.
    Changed,
    /// What was put there is another file.
    AnotherHash,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.fault {
            FaultOf::Missing => "is referred to and missing",
            FaultOf::Changed => "is not what was put there",
            FaultOf::AnotherHash => "has content of another hash",
        };
        write!(f, "ledger {}: file {} {what}", self.ledger, self.hash)
    }
}

impl Files {
    /// Reads every file that a compact's record refers to.
    ///
    /// # Errors
    /// When database, vault or store do not answer. That something is not there, or not what it was, is no error but a fault.
    pub async fn examine(&self, ledger: LedgerId) -> Result<Examined, FilesError> {
        let mut examined = Examined::default();
        for (hash, standing) in self.uploads.referred_to(ledger).await? {
            examined.referred_to += 1;
            let fault = match standing {
                Some(Standing::Removed) => {
                    examined.removed += 1;
                    None
                }
                Some(Standing::Stored(stored)) => self.fault_of(hash, &stored).await?,
                Some(Standing::Going) | None => Some(FaultOf::Missing),
            };
            let fault = fault.map(|fault| Fault {
                ledger,
                hash,
                fault,
            });
            examined.faults.extend(fault);
        }
        Ok(examined)
    }

    async fn fault_of(
        &self,
        hash: FileHash,
        stored: &Stored,
    ) -> Result<Option<FaultOf>, FilesError> {
        let content = match self.content(stored).await {
            // Its key was destroyed a moment ago.
            Ok(None) => return Ok(None),
            Ok(Some(content)) => content,
            Err(FilesError::Missing) => return Ok(Some(FaultOf::Missing)),
            Err(FilesError::Tampered) => return Ok(Some(FaultOf::Changed)),
            Err(error) => return Err(error),
        };
        let hashed = content.try_fold(Sha256::new(), |hasher, part| {
            std::future::ready(Ok(hasher.chain_update(&part)))
        });
        match hashed.await {
            Ok(found) => {
                let found = FileHash::new(found.finalize().into());
                Ok((found != hash).then_some(FaultOf::AnotherHash))
            }
            Err(FilesError::Tampered) => Ok(Some(FaultOf::Changed)),
            Err(error) => Err(error),
        }
    }
}
