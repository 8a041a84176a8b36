//! Assessments and challenges of commitments, in the region's ledger.

use domain::ids::{CommitmentId, LedgerId};
use uuid::Uuid;

use super::{QueryError, ViewReader};
use crate::AssessmentView;

impl ViewReader {
    /// What was made of some commitments, in the order made; withdrawn ones too.
    ///
    /// # Errors
    /// When the database or a document could not be read.
    pub async fn assessments(
        &self,
        region: LedgerId,
        commitments: &[CommitmentId],
    ) -> Result<Vec<AssessmentView>, QueryError> {
        let ids: Vec<Uuid> = commitments.iter().map(|id| id.uuid()).collect();
        let mut work = self.about(region).await?;
        let rows = sqlx::query!(
            "select document from assessment_view
             where ledger_id = $1 and commitment_id = any($2)
             order by made_position, assessment_id",
            region.uuid(),
            &ids,
        )
        .fetch_all(&mut *work)
        .await?;
        drop(work);
        let rows = rows.into_iter();
        let views = rows.map(|row| serde_json::from_str(&row.document));
        Ok(views.collect::<Result<Vec<AssessmentView>, _>>()?)
    }
}
