//! Roles given to accounts: who holds what, for which days, and how it came to end.

use chrono::NaiveDate;
use domain::ids::{AccountId, CompactId, GrantId, LedgerId, RegionId};
use domain::region::{Holding, RoleEnded, RoleGranted};
use domain::stream::StreamKind;
use domain::{Event, RegionEvent};
use ledger::Entry;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::table::{Row, Table};
use crate::tracked::{Stamp, Tracked, Why};
use crate::view::{Fold, View, ViewName};

/// A role in an account's hands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoleGrantView {
    /// The grant.
    pub id: GrantId,
    /// The region's ledger it is recorded in.
    pub ledger: LedgerId,
    /// Who holds what.
    pub held: Holding,
    /// The first day on which it is held.
    pub from: NaiveDate,
    /// The last day on which it is held, that day included; none has no end. Before the first day for a role that was
    /// taken away before it began: it is held on no day.
    pub until: Tracked<Option<NaiveDate>>,
    /// When it was given.
    pub given: Stamp,
}

impl RoleGrantView {
    /// The region it was given in.
    pub fn region(&self) -> RegionId {
        self.ledger.uuid().into()
    }

    /// Whether it is held on this day.
    pub fn is_held(&self, on: NaiveDate) -> bool {
        self.from <= on && self.until.current.is_none_or(|until| on <= until)
    }

    fn given(event: &RoleGranted, entry: &Entry) -> Self {
        Self {
            id: event.grant_id,
            ledger: entry.recorded.ledger,
            held: event.held.clone(),
            from: event.from,
            until: Tracked::new(event.until),
            given: entry.into(),
        }
    }

    fn ended(&mut self, event: &RoleEnded, entry: &Entry) {
        // No day comes before the first there is: a role that ends on it is held on none either way.
        let last = event.from.pred_opt().unwrap_or(event.from);
        let why = Why::because(&event.reason);
        self.until.change(Some(last), why, entry);
    }
}

impl Fold for RoleGrantView {
    fn key(entry: &Entry) -> Option<Uuid> {
        if entry.recorded.stream.kind != StreamKind::Region {
            return None;
        }
        match &entry.event {
            Event::Region(RegionEvent::RoleGranted(event)) => Some(event.grant_id.uuid()),
            Event::Region(RegionEvent::RoleEnded(event)) => Some(event.grant_id.uuid()),
            _ => None,
        }
    }

    fn begin(entry: &Entry) -> Option<Self> {
        match &entry.event {
            Event::Region(RegionEvent::RoleGranted(event)) => Some(Self::given(event, entry)),
            _ => None,
        }
    }

    fn apply(&mut self, entry: &Entry) {
        if let Event::Region(RegionEvent::RoleEnded(event)) = &entry.event {
            self.ended(event, entry);
        }
    }
}

impl View for RoleGrantView {
    const NAME: ViewName = ViewName::RoleGrant;
    const TABLE: Table = Table::RoleGrants;

    fn rows(&self) -> Result<Vec<Row>, serde_json::Error> {
        let columns = Columns {
            ledger_id: self.ledger,
            grant_id: self.id,
            account_id: self.held.account_id,
            compact_id: self.held.post.compact(),
            from_day: self.from,
            until_day: self.until.current,
        };
        Ok(vec![Row::new(Self::TABLE, self.id.uuid(), &columns, self)?])
    }
}

/// The row's columns.
#[derive(Serialize)]
struct Columns {
    ledger_id: LedgerId,
    grant_id: GrantId,
    account_id: AccountId,
    compact_id: Option<CompactId>,
    from_day: NaiveDate,
    until_day: Option<NaiveDate>,
}
