//! Progress across the compacts of a region, from their saved commitments.

use std::collections::BTreeMap;

use domain::Visibility;
use domain::ids::LedgerId;
use ledger::Scope;
use uuid::Uuid;

use super::{QueryError, ViewReader};
use crate::commitment::Detail;
use crate::regional_progress::{
    CompactCommitments, ProgressFilter, RegionalProgress, regional_progress,
};
use crate::{CommitmentView, CompactOverview, RegionRegister};

impl ViewReader {
    /// Progress across the compacts of the region whose ledger this is, made of what they have released; none while
    /// there is no region.
    ///
    /// # Errors
    /// When the database or a document could not be read.
    pub async fn regional_progress(
        &self,
        region: LedgerId,
        filter: &ProgressFilter,
    ) -> Result<Option<RegionalProgress>, QueryError> {
        let found = self.released(region, filter, Detail::Brief).await?;
        Ok(found.map(|(register, found)| regional_progress(&register, &found, filter)))
    }

    /// What the compacts of the region whose ledger this is have released, each with the position it was made from, as of one
    /// moment; none while there is no region.
    ///
    /// # Errors
    /// When the database or a document could not be read.
    pub async fn released(
        &self,
        region: LedgerId,
        filter: &ProgressFilter,
        detail: Detail,
    ) -> Result<Option<(RegionRegister, Vec<CompactCommitments>)>, QueryError> {
        let Some(register) = self.one::<RegionRegister>(region, region.uuid()).await? else {
            return Ok(None);
        };
        let ledgers: Vec<LedgerId> = register
            .compacts
            .iter()
            .map(|compact| compact.id.ledger())
            .collect();
        let compacts = self.compacts_of(&ledgers).await?.into_iter();
        let compacts: Vec<_> = compacts.map(|(compact, _)| compact).collect();
        let found = self
            .commitments_with_positions(&compacts, filter, detail)
            .await?;
        Ok(Some((register, found)))
    }

    /// The released commitments of some compacts, with the positions they were made from, as of one moment.
    async fn commitments_with_positions(
        &self,
        compacts: &[CompactOverview],
        filter: &ProgressFilter,
        detail: Detail,
    ) -> Result<Vec<CompactCommitments>, QueryError> {
        let ids: Vec<Uuid> = compacts
            .iter()
            .map(|compact| compact.ledger.uuid())
            .collect();
        let scope: Scope = compacts.iter().map(|compact| compact.ledger).collect();
        let mut work = self.about(scope).await?;
        let released: Vec<String> = Visibility::ALL
            .into_iter()
            .filter(|visibility| visibility.is_released())
            .map(|visibility| visibility.as_str().to_owned())
            .collect();
        // One statement sees one moment: a figure and the position it names belong together.
        let rows = sqlx::query!(
            r#"select r.ledger_id, r.position as "position!", 
                   case when $5 then c.brief else c.document end as "document?"
               from (select ledger_id, max(last_outside) as position from commitment_view
                     where ledger_id = any($1) and last_outside is not null group by ledger_id) r
               left join commitment_view c on c.ledger_id = r.ledger_id
                 and c.visibility = any($2)
                 and ($3::text is null or c.session = $3)
                 and ($4::text is null or $4 = any(c.themes))
               order by r.ledger_id, c.session, c.ref_order, c.commitment_id"#,
            &ids,
            &released,
            filter.session.map(|session| session.to_string()),
            filter.theme,
            detail == Detail::Brief,
        )
        .fetch_all(&mut *work)
        .await?;
        let mut found: BTreeMap<Uuid, (Option<u64>, Vec<CommitmentView>)> = BTreeMap::new();
        for row in rows {
            let (_, commitments) = found
                .entry(row.ledger_id)
                .or_insert((Some(row.position.cast_unsigned()), Vec::new()));
            if let Some(document) = row.document {
                commitments.push(serde_json::from_str(&document)?);
            }
        }
        drop(work);
        let compacts = compacts.iter().map(|compact| {
            let (made_from, commitments) = found.remove(&compact.ledger.uuid()).unwrap_or_default();
            CompactCommitments {
                compact: compact.fact(),
                made_from,
                commitments,
            }
        });
        Ok(compacts.collect())
    }
}
