//! Meetings: of a compact or of one of its groups, by day.

use chrono::NaiveDate;
use domain::Reach;
use domain::ids::{GroupId, LedgerId};
use uuid::Uuid;

use super::{Bounds, QueryError, ViewReader};
use crate::MeetingView;
use crate::page::{Page, PageRequest};

impl ViewReader {
    /// A compact's meetings within `reach`, or those of one of its groups, by the day they were held or are to be held; those
    /// with no day yet come last.
    ///
    /// # Errors
    /// When the database, a document or the cursor could not be read.
    pub async fn meetings(
        &self,
        ledger: LedgerId,
        group: Option<GroupId>,
        reach: &Reach,
        page: &PageRequest,
    ) -> Result<Page<MeetingView>, QueryError> {
        let from = page.start::<((NaiveDate, i64), Uuid)>()?;
        let (place, id) = from.unzip();
        let (day, position) = place.unzip();
        let bounds = Bounds::from(reach);
        let mut work = self.about(ledger).await?;
        let page = walk!(
            work, page;
            r#"select day, begun_position, meeting_id, document
               from meeting_view
               where ledger_id = $1
                 and ($2::uuid is null or group_id = $2)
                 and (visibility = any($7) or group_id = any($8))
                 and"#,
            from "$5::uuid", "(day, begun_position, meeting_id)", "($3, $4, $5)",
            order "day, begun_position, meeting_id", "day desc, begun_position desc, meeting_id desc",
            limit "$6";
            [
                ledger.uuid(),
                group.map(GroupId::uuid),
                day,
                position,
                id,
                page.limit(),
                &bounds.visibilities,
                &bounds.groups,
            ];
            row => {
                let view = serde_json::from_str(&row.document)?;
                Ok((((row.day, row.begun_position), row.meeting_id), view))
            }
        );
        drop(work);
        Ok(page)
    }
}
