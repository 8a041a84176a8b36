//! Files: which streams refer to one.

use domain::file::FileHash;
use domain::ids::LedgerId;

use super::{QueryError, ViewReader};
use crate::FileReferences;

/// How many streams are looked at that refer to the same file. Beyond that, nobody is helped by the next.
const MOST: i64 = 100;

impl ViewReader {
    /// Which streams of a compact refer to a file, with the files' names opened; up to a hundred.
    ///
    /// # Errors
    /// When the database or a document could not be read.
    pub async fn references_to(
        &self,
        ledger: LedgerId,
        file: FileHash,
    ) -> Result<Vec<FileReferences>, QueryError> {
        let mut work = self.about(ledger).await?;
        let rows = sqlx::query_scalar!(
            "select document from file_reference
             where ledger_id = $1 and $2 = any(hashes) order by stream_id limit $3",
            ledger.uuid(),
            file.to_string(),
            MOST,
        )
        .fetch_all(&mut *work)
        .await?;
        drop(work);
        let found: Result<Vec<FileReferences>, _> =
            rows.iter().map(|row| serde_json::from_str(row)).collect();
        let mut found = found?;
        self.open(ledger, &mut found).await?;
        Ok(found)
    }
}
