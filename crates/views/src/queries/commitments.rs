//! A compact's commitments.

use domain::Reach;
use domain::commitment::Status;
use domain::facts::ThemeCode;
use domain::ids::{GroupId, LedgerId};
use domain::session::Session;
use uuid::Uuid;

use super::{Bounds, QueryError, ViewReader};
use crate::CommitmentView;
use crate::commitment::Detail;
use crate::page::{Page, PageRequest};
use crate::words::stored;

/// Which commitments; whatever is none does not narrow the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommitmentFilter {
    /// Of this session.
    pub session: Option<Session>,
    /// That stand so.
    pub status: Option<Status>,
    /// With this theme.
    pub theme: Option<ThemeCode>,
    /// Of this group.
    pub group: Option<GroupId>,
}

impl ViewReader {
    /// A compact's commitments that are within `reach`, by session, ref and id.
    ///
    /// # Errors
    /// When the database, a document or the cursor could not be read.
    pub async fn commitments(
        &self,
        ledger: LedgerId,
        filter: &CommitmentFilter,
        reach: &Reach,
        (page, detail): (&PageRequest, Detail),
    ) -> Result<Page<CommitmentView>, QueryError> {
        let (session, ref_order, id) = page
            .start::<(String, String, Uuid)>()?
            .map_or((None, None, None), |(session, ref_order, id)| {
                (Some(session), Some(ref_order), Some(id))
            });
        let bounds = Bounds::from(reach);
        let mut work = self.about(ledger).await?;
        let page = walk!(
            work, page;
            r#"select session, ref_order, commitment_id,
                   case when $12 then brief else document end as "document!"
               from commitment_view
               where ledger_id = $1
                 and ($2::text is null or session = $2)
                 and ($3::text is null or status = $3)
                 and ($4::text is null or $4 = any(themes))
                 and ($5::uuid is null or $5 = any(groups))
                 and (visibility = any($10) or groups && $11)
                 and"#,
            from "$8::uuid", "(session, ref_order, commitment_id)", "($6, $7, $8)",
            order "session, ref_order, commitment_id",
                "session desc, ref_order desc, commitment_id desc",
            limit "$9";
            [
                ledger.uuid(),
                filter.session.map(|session| session.to_string()),
                filter.status.map(stored).transpose()?,
                filter.theme,
                filter.group.map(GroupId::uuid),
                session,
                ref_order,
                id,
                page.limit(),
                &bounds.visibilities,
                &bounds.groups,
                detail == Detail::Brief,
            ];
            row => {
                let view = serde_json::from_str(&row.document)?;
                Ok(((row.session, row.ref_order, row.commitment_id), view))
            }
        );
        drop(work);
        Ok(page)
    }
}
