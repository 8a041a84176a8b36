//! The outbox: each reminder once, and how far it has come.
//!
//! Every change is one statement that names the state it changes from. The table itself refuses any other way
//! ([`State::may_become`], as a trigger), and a reminder is known by its key: so restarts and replicas change nothing.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::ids::{GroupId, LedgerId};
use ledger::{InScope, Pool, Scope};
use uuid::Uuid;
use views::page::{BadCursor, Page, PageRequest, Walk};

use crate::noticing::Notice;
use crate::reminder::{Key, NotAKind, Reminder, State};

/// How often it is tried to send a reminder.
pub const MAX_ATTEMPTS: u32 = 8;

/// How long whoever sends a reminder may take; then somebody else may.
const CLAIM: TimeDelta = TimeDelta::minutes(5);

/// How long a failed one waits the first time; each time twice as long.
const FIRST_WAIT: TimeDelta = TimeDelta::minutes(5);

/// How long a compact is let alone after a look, whatever is recorded in it.
const SOONEST: TimeDelta = TimeDelta::seconds(10);

/// Why the outbox could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum OutboxError {
    /// The database did not do it.
    #[error("the outbox of reminders could not be read or written")]
    Database(#[from] sqlx::Error),
    /// What stands in it cannot be read.
    #[error("the outbox of reminders holds what this build does not know")]
    Row(#[from] NotAKind),
    /// A page starts at a place the list does not have.
    #[error(transparent)]
    Cursor(#[from] BadCursor),
}

/// What noting what holds came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Noted {
    /// Reminders that were not there before.
    pub new: u64,
    /// Reminders that hold again, and had not been sent.
    pub revived: u64,
    /// Reminders that hold no more.
    pub cancelled: u64,
}

/// Keeps reminders. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Outbox {
    pool: Pool,
}

/// A row as it is stored.
struct Row {
    ledger_id: Uuid,
    kind: String,
    subject_id: Uuid,
    occasion: NaiveDate,
    whole_id: Uuid,
    groups: Vec<Uuid>,
    state: String,
    noticed_at: DateTime<Utc>,
    attempts: i32,
    next_try_at: Option<DateTime<Utc>>,
    delivered_at: Option<DateTime<Utc>>,
}

impl TryFrom<Row> for Reminder {
    type Error = NotAKind;

    fn try_from(row: Row) -> Result<Self, NotAKind> {
        Ok(Self {
            key: Key {
                ledger: row.ledger_id.into(),
                kind: row.kind.parse()?,
                subject: row.subject_id,
                occasion: row.occasion,
            },
            whole: row.whole_id,
            groups: row.groups.into_iter().map(GroupId::new).collect(),
            state: row.state.parse()?,
            noticed_at: row.noticed_at,
            attempts: row.attempts.unsigned_abs(),
            next_try_at: row.next_try_at,
            delivered_at: row.delivered_at,
        })
    }
}

impl Outbox {
    /// Keeps them through these connections.
    pub const fn new(pool: Pool) -> Self {
        Self { pool }
    }

    /// Takes the compacts to be looked at: those whose last look is older than `every`, and those in which something was recorded since,
    /// though none twice within [`SOONEST`]; those waiting longest first. What was recorded within the last seconds may not have been in
    /// the views yet, so it counts as since. Of two who want the same, one gets it. What is taken and not looked at is taken again after
    /// `every`.
    pub(crate) async fn take_turns(
        &self,
        now: DateTime<Utc>,
        every: TimeDelta,
        most: i64,
    ) -> Result<Vec<LedgerId>, OutboxError> {
        let mut work = Scope::Everywhere.begin(&self.pool).await?;
        let taken = sqlx::query_scalar!(
            "insert into reminder_look (ledger_id, taken_at)
             select h.ledger_id, $1 from ledger_head h left join reminder_look l using (ledger_id)
             where h.position > 0 and (l.taken_at is null or l.taken_at <= $2
                 or l.taken_at <= $3 and l.taken_at < h.recorded_at + interval '5 seconds')
             order by l.taken_at nulls first, h.ledger_id limit $4
             on conflict (ledger_id) do update set taken_at = excluded.taken_at
                 where reminder_look.taken_at <= $2 or reminder_look.taken_at <= $3
             returning ledger_id",
            now,
            now - every,
            now - SOONEST,
            most,
        )
        .fetch_all(&mut *work)
        .await?;
        work.commit().await?;
        Ok(taken.into_iter().map(LedgerId::new).collect())
    }

    /// When the compact was looked at that was looked at longest ago; the moment this began for one that never was. None where there is
    /// no compact.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn looked_at(&self) -> Result<Option<DateTime<Utc>>, OutboxError> {
        let mut work = Scope::Everywhere.begin(&self.pool).await?;
        let oldest =
            sqlx::query_scalar!("select min(coalesce(looked_at, taken_at)) from reminder_look");
        Ok(oldest.fetch_one(&mut *work).await?)
    }

    /// Notes what holds in a compact now, all of it: what is not there yet is due, what was cancelled and holds again is due
    /// again, and what waits to be sent and holds no more is cancelled. All or nothing.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn note(
        &self,
        ledger: LedgerId,
        notices: &[Notice],
        now: DateTime<Utc>,
    ) -> Result<Noted, OutboxError> {
        let mut seen = BTreeSet::new();
        let notices = notices.iter().filter(|notice| seen.insert(notice.key));
        let holding = Holding::of(notices);
        let mut work = Scope::from(ledger).begin(&self.pool).await?;
        let (new, revived) = enter(&mut work, ledger, &holding, now).await?;
        let cancelled = cancel_others(&mut work, ledger, &holding, now).await?;
        sqlx::query!(
            "insert into reminder_look (ledger_id, taken_at, looked_at) values ($1, $2, $2)
             on conflict (ledger_id) do update set looked_at = excluded.looked_at",
            ledger.uuid(),
            now,
        )
        .execute(&mut *work)
        .await?;
        work.commit().await?;
        Ok(Noted {
            new,
            revived,
            cancelled,
        })
    }

    /// Claims reminders to be sent, up to `most`: those that are due, those that failed and have waited, and those that whoever
    /// claimed them did not send in time. Nobody else is given them until the claim has run out.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn claim(&self, now: DateTime<Utc>, most: i64) -> Result<Vec<Reminder>, OutboxError> {
        let mut work = Scope::Everywhere.begin(&self.pool).await?;
        sqlx::query!(
            "update reminder set state = 'due', claimed_until = null, changed_at = $1
             where state = 'sending' and claimed_until <= $1",
            now,
        )
        .execute(&mut *work)
        .await?;
        let rows = sqlx::query_as!(
            Row,
            "update reminder r set state = 'sending', attempts = r.attempts + 1, next_try_at = null,
                 claimed_until = $2, changed_at = $1
             from (select ledger_id, kind, subject_id, occasion from reminder
                 where (state = 'due' or (state = 'failed' and next_try_at <= $1)) and attempts < $4
                 order by occasion, ledger_id, kind, subject_id limit $3 for update skip locked) next
             where (r.ledger_id, r.kind, r.subject_id, r.occasion)
                 = (next.ledger_id, next.kind, next.subject_id, next.occasion)
             returning r.ledger_id, r.kind, r.subject_id, r.occasion, r.whole_id, r.groups, r.state, r.noticed_at,
                 r.attempts, r.next_try_at, r.delivered_at",
            now,
            now + CLAIM,
            most,
            MAX_ATTEMPTS.cast_signed(),
        )
        .fetch_all(&mut *work)
        .await?;
        work.commit().await?;
        Ok(rows
            .into_iter()
            .map(Reminder::try_from)
            .collect::<Result<_, _>>()?)
    }

    /// Notes that a claimed reminder was sent. False when it is not this claim's any more: it had run out.
    ///
    /// # Errors
    /// When the database does not do it; then it is not known, and may be sent once more.
    pub async fn delivered(
        &self,
        claimed: &Reminder,
        now: DateTime<Utc>,
    ) -> Result<bool, OutboxError> {
        let Key {
            ledger,
            kind,
            subject,
            occasion,
        } = claimed.key;
        let mut work = Scope::from(ledger).begin(&self.pool).await?;
        let done = sqlx::query!(
            "update reminder set state = 'delivered', delivered_at = $6, claimed_until = null, changed_at = $6
             where ledger_id = $1 and kind = $2 and subject_id = $3 and occasion = $4
                 and state = 'sending' and attempts = $5",
            ledger.uuid(),
            kind.as_str(),
            subject,
            occasion,
            claimed.attempts.cast_signed(),
            now,
        )
        .execute(&mut *work)
        .await?;
        work.commit().await?;
        Ok(done.rows_affected() == 1)
    }

    /// Notes that a claimed reminder could not be sent: it waits, longer each time, and after the last attempt stays as it is. False
    /// when it is not this claim's any more.
    ///
    /// # Errors
    /// When the database does not do it; then its claim runs out.
    pub async fn failed(
        &self,
        claimed: &Reminder,
        now: DateTime<Utc>,
    ) -> Result<bool, OutboxError> {
        let Key {
            ledger,
            kind,
            subject,
            occasion,
        } = claimed.key;
        let mut work = Scope::from(ledger).begin(&self.pool).await?;
        let done = sqlx::query!(
            "update reminder set state = 'failed', next_try_at = $7, claimed_until = null, changed_at = $6
             where ledger_id = $1 and kind = $2 and subject_id = $3 and occasion = $4
                 and state = 'sending' and attempts = $5",
            ledger.uuid(),
            kind.as_str(),
            subject,
            occasion,
            claimed.attempts.cast_signed(),
            now,
            next_try(claimed.attempts, now),
        )
        .execute(&mut *work)
        .await?;
        work.commit().await?;
        Ok(done.rows_affected() == 1)
    }

    /// How many stand in each state, in all compacts.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn counts(&self) -> Result<Vec<(State, u64)>, OutboxError> {
        let mut work = Scope::Everywhere.begin(&self.pool).await?;
        let rows = sqlx::query!(
            r#"select state, count(*) as "count!" from reminder group by state order by state"#
        )
        .fetch_all(&mut *work)
        .await?;
        let counts = rows
            .into_iter()
            .map(|row| Ok((row.state.parse()?, row.count.unsigned_abs())));
        counts.collect()
    }

    /// A page of a compact's reminders, by occasion and then by what they are about: those of `groups`, or all; in `state`, or in
    /// any.
    ///
    /// # Errors
    /// When the database does not answer, or the page starts at a place the list does not have.
    pub async fn page(
        &self,
        ledger: LedgerId,
        (state, groups): (Option<State>, Option<&[GroupId]>),
        page: &PageRequest,
    ) -> Result<Page<Reminder>, OutboxError> {
        let groups: Option<Vec<Uuid>> =
            groups.map(|groups| groups.iter().map(|group| group.uuid()).collect());
        let (occasion, kind, subject) = match page.start::<(NaiveDate, String, Uuid)>()? {
            Some((occasion, kind, subject)) => (Some(occasion), Some(kind), Some(subject)),
            None => (None, None, None),
        };
        let mut work = Scope::from(ledger).begin(&self.pool).await?;
        macro_rules! rows {
            ($beyond:tt, $order:tt) => {
                sqlx::query_as!(
                    Row,
                    "select ledger_id, kind, subject_id, occasion, whole_id, groups, state, noticed_at, attempts,
                         next_try_at, delivered_at
                     from reminder
                     where ledger_id = $1 and ($2::text is null or state = $2)
                         and ($3::uuid[] is null or groups && $3)
                         and ($4::date is null or (occasion, kind, subject_id) " + $beyond + " ($4, $5, $6))
                     order by " + $order + " limit $7",
                    ledger.uuid(),
                    state.map(State::as_str),
                    groups.as_deref(),
                    occasion,
                    kind,
                    subject,
                    page.limit(),
                )
                .fetch_all(&mut *work)
                .await?
            };
        }
        let rows = match page.walk() {
            Walk::Forwards => rows!(">", "occasion, kind, subject_id"),
            Walk::Backwards => rows!("<", "occasion desc, kind desc, subject_id desc"),
        };
        let placed = rows.into_iter().map(|row| {
            let reminder = Reminder::try_from(row)?;
            let Key {
                occasion,
                kind,
                subject,
                ..
            } = reminder.key;
            Ok(((occasion, kind.as_str(), subject), reminder))
        });
        let placed = placed.collect::<Result<Vec<_>, NotAKind>>()?;
        Ok(Page::of(page, placed))
    }
}

/// When one that failed for the so-many-th time is tried again; never after the last.
fn next_try(attempts: u32, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let doubled = 1_i32.checked_shl(attempts.saturating_sub(1))?;
    (attempts < MAX_ATTEMPTS).then(|| now + FIRST_WAIT * doubled)
}

/// What holds, column by column.
struct Holding {
    kinds: Vec<String>,
    subjects: Vec<Uuid>,
    occasions: Vec<NaiveDate>,
    wholes: Vec<Uuid>,
    /// Groups as PostgreSQL writes an array: arrays of arrays cannot differ in length.
    groups: Vec<String>,
}

impl Holding {
    fn of<'a>(notices: impl Iterator<Item = &'a Notice>) -> Self {
        let mut holding = Self {
            kinds: Vec::new(),
            subjects: Vec::new(),
            occasions: Vec::new(),
            wholes: Vec::new(),
            groups: Vec::new(),
        };
        for notice in notices {
            holding.kinds.push(notice.key.kind.to_string());
            holding.subjects.push(notice.key.subject);
            holding.occasions.push(notice.key.occasion);
            holding.wholes.push(notice.whole);
            let groups: Vec<String> = notice.groups.iter().map(ToString::to_string).collect();
            holding.groups.push(format!("{{{}}}", groups.join(",")));
        }
        holding
    }
}

/// Enters what is not there, and what was cancelled again; how many of each.
async fn enter(
    work: &mut InScope<'_>,
    ledger: LedgerId,
    holding: &Holding,
    now: DateTime<Utc>,
) -> Result<(u64, u64), OutboxError> {
    let entered = sqlx::query_scalar!(
        r#"insert into reminder (ledger_id, kind, subject_id, occasion, whole_id, groups, state, noticed_at, changed_at)
           select $1, kind, subject_id, occasion, whole_id, groups::uuid[], 'due', $7, $7
           from unnest($2::text[], $3::uuid[], $4::date[], $5::uuid[], $6::text[])
               as holds (kind, subject_id, occasion, whole_id, groups)
           order by kind, subject_id, occasion
           on conflict (ledger_id, kind, subject_id, occasion) do update
               set state = 'due', groups = excluded.groups, attempts = 0, next_try_at = null, changed_at = excluded.changed_at
               where reminder.state = 'cancelled'
           returning (noticed_at = changed_at) as "new!""#,
        ledger.uuid(),
        &holding.kinds,
        &holding.subjects,
        &holding.occasions,
        &holding.wholes,
        &holding.groups,
        now,
    )
    .fetch_all(&mut **work)
    .await?;
    let new = entered.iter().filter(|new| **new).count() as u64;
    Ok((new, entered.len() as u64 - new))
}

/// Cancels what waits and does not hold any more.
async fn cancel_others(
    work: &mut InScope<'_>,
    ledger: LedgerId,
    holding: &Holding,
    now: DateTime<Utc>,
) -> Result<u64, OutboxError> {
    let cancelled = sqlx::query!(
        "update reminder r set state = 'cancelled', next_try_at = null, changed_at = $5
         where r.ledger_id = $1 and r.state in ('due', 'failed') and not exists (
             select from unnest($2::text[], $3::uuid[], $4::date[]) as holds (kind, subject_id, occasion)
             where (holds.kind, holds.subject_id, holds.occasion) = (r.kind, r.subject_id, r.occasion))",
        ledger.uuid(),
        &holding.kinds,
        &holding.subjects,
        &holding.occasions,
        now,
    )
    .execute(&mut **work)
    .await?;
    Ok(cancelled.rows_affected())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_failed_waits_twice_as_long_each_time_and_not_after_the_last() {
        let now: DateTime<Utc> = "2007-10-01T09:00:00Z".parse().expect("a moment");
        let waits = (1..=MAX_ATTEMPTS).map(|attempts| next_try(attempts, now));
        let minutes: Vec<Option<i64>> = waits
            .map(|at| at.map(|at| (at - now).num_minutes()))
            .collect();
        let expected = [5, 10, 20, 40, 80, 160, 320].map(Some);
        assert_eq!(minutes[..7], expected);
        assert_eq!(minutes[7], None);
    }
}
