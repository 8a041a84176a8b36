//! The words of good practice, brought up to the view they are made from.

use std::collections::BTreeMap;

use domain::Text;
use domain::ids::LedgerId;
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::words;
use crate::GoodPracticeView;
use crate::queries::{QueryError, ViewReader};
use crate::reaches::Reaches;

/// How many pieces are brought up in one transaction.
const AT_ONCE: i64 = 200;

/// A piece of good practice whose words are not those it has now.
struct Stale {
    view: GoodPracticeView,
    last_position: i64,
}

/// Everyone who opens a text to keep its words holds this shared, from before it is opened until its words are written; a purge
/// takes it alone. So words of a text whose key is gone are either not written yet, and then the text no longer opens, or written, and
/// then the purge finds them.
pub(super) const SHARED: &str =
    "select pg_advisory_xact_lock_shared(hashtextextended('good_practice_words', 0))";

impl ViewReader {
    /// Brings the words of all good practice in these ledgers up to what it says now. What stands is not looked at again.
    ///
    /// # Errors
    /// When the database or the vault could not be used.
    pub(super) async fn bring_words_up(&self, reaches: &Reaches) -> Result<(), QueryError> {
        if self.vault.is_none() {
            return Ok(());
        }
        loop {
            let mut work = self.about(reaches.scope()).await?;
            if !any_stale(&mut work).await? {
                return Ok(());
            }
            sqlx::query(SHARED).execute(&mut *work).await?;
            let mut stale = stale(&mut work).await?;
            if stale.is_empty() {
                return Ok(());
            }
            self.open_summaries(&mut stale).await?;
            keep(&mut work, &stale).await?;
            work.commit().await?;
        }
    }

    async fn open_summaries(&self, stale: &mut [Stale]) -> Result<(), QueryError> {
        let Some(vault) = &self.vault else {
            return Ok(());
        };
        let mut by_ledger: BTreeMap<LedgerId, Vec<&mut Text>> = BTreeMap::new();
        for one in stale {
            let ledger = one.view.ledger;
            let summary = one.view.versions.last_mut();
            let summary = summary.map(|version| &mut version.terms.summary);
            by_ledger.entry(ledger).or_default().extend(summary);
        }
        for (ledger, summaries) in by_ledger {
            vault.open_texts(ledger, summaries).await?;
        }
        Ok(())
    }
}

async fn any_stale(work: &mut PgConnection) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (
               select from good_practice_view p
               left join good_practice_words w on w.ledger_id = p.ledger_id and w.practice_id = p.practice_id
               where w.last_position is distinct from p.last_position) as "any!""#,
    )
    .fetch_one(work)
    .await
}

async fn stale(work: &mut PgConnection) -> Result<Vec<Stale>, QueryError> {
    let rows = sqlx::query!(
        r#"select p.last_position, p.document
           from good_practice_view p
           left join good_practice_words w on w.ledger_id = p.ledger_id and w.practice_id = p.practice_id
           where w.last_position is distinct from p.last_position
           order by p.ledger_id, p.practice_id limit $1"#,
        AT_ONCE,
    )
    .fetch_all(work)
    .await?;
    let stale = rows.into_iter().map(|row| {
        Ok(Stale {
            view: serde_json::from_str(&row.document)?,
            last_position: row.last_position,
        })
    });
    stale.collect()
}

/// What is kept of each, beside its key: columns of one statement.
#[derive(Default)]
struct Columns {
    ledgers: Vec<Uuid>,
    practices: Vec<Uuid>,
    last_positions: Vec<i64>,
    subjects: Vec<Option<Uuid>>,
    titles: Vec<String>,
    themes: Vec<String>,
    summaries: Vec<String>,
    organisations: Vec<String>,
    /// Arrays of words as JSON: PostgreSQL takes no array of arrays of several lengths.
    vocabularies: Vec<Value>,
}

impl Columns {
    fn push(&mut self, stale: &Stale) {
        let terms = &stale.view.current().terms;
        let summary = words::without_people(terms.summary.plain().unwrap_or_default());
        let organisation = terms.organisation.as_ref();
        let organisation = organisation.map(|it| it.name.clone()).unwrap_or_default();
        let theme = words::of_code(&terms.theme);
        let texts = [&terms.title, &theme, &summary, &organisation];
        let vocabulary = words::written(texts.map(String::as_str));
        let sealed = terms.summary.sealed();
        self.ledgers.push(stale.view.ledger.uuid());
        self.practices.push(stale.view.id.uuid());
        self.last_positions.push(stale.last_position);
        self.subjects
            .push(sealed.map(|sealed| sealed.subject().uuid()));
        self.titles.push(terms.title.clone());
        self.themes.push(theme);
        self.summaries.push(summary);
        self.organisations.push(organisation);
        self.vocabularies.push(vocabulary.into_iter().collect());
    }
}

/// A heading counts most, then the theme, then what is done, then who does it.
async fn keep(work: &mut PgConnection, stale: &[Stale]) -> Result<(), sqlx::Error> {
    let mut columns = Columns::default();
    for one in stale {
        columns.push(one);
    }
    sqlx::query!(
        r#"insert into good_practice_words (ledger_id, practice_id, last_position, subject_id, words, vocabulary)
           select new.ledger_id, new.practice_id, new.last_position, new.subject_id,
               setweight(to_tsvector('english', new.title), 'A') || setweight(to_tsvector('english', new.theme), 'B')
                   || setweight(to_tsvector('english', new.summary), 'C')
                   || setweight(to_tsvector('english', new.organisation), 'D'),
               array(select jsonb_array_elements_text(new.vocabulary))
           from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[],
               $9::jsonb[])
               as new (ledger_id, practice_id, last_position, subject_id, title, theme, summary, organisation, vocabulary)
           on conflict (ledger_id, practice_id) do update set last_position = excluded.last_position,
               subject_id = excluded.subject_id, words = excluded.words, vocabulary = excluded.vocabulary
           where excluded.last_position >= good_practice_words.last_position"#,
        &columns.ledgers,
        &columns.practices,
        &columns.last_positions,
        &columns.subjects as _,
        &columns.titles,
        &columns.themes,
        &columns.summaries,
        &columns.organisations,
        &columns.vocabularies,
    )
    .execute(work)
    .await?;
    Ok(())
}

/// Takes away what is kept of a ledger: the next search keeps it anew.
pub(crate) async fn forget(work: &mut PgConnection, ledger: LedgerId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from good_practice_words where ledger_id = $1",
        ledger.uuid()
    )
    .execute(work)
    .await?;
    Ok(())
}

/// Words that should not be there.
pub(crate) struct Words {
    /// The practice they are kept of.
    pub(crate) practice: Uuid,
    /// What is wrong with them.
    pub(crate) what: &'static str,
}

/// What of the words of a ledger's good practice cannot have come from its view: of what is not there, from a later entry than
/// there is, or of headings it does not have. What was sealed cannot be compared without the vault.
pub(crate) async fn strays(
    work: &mut PgConnection,
    ledger: LedgerId,
) -> Result<Vec<Words>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select w.practice_id,
               p.practice_id is null as "nowhere!",
               coalesce(w.last_position > p.last_position, false) as "ahead!",
               coalesce(w.last_position = p.last_position
                   and ts_filter(w.words, '{a}') <> setweight(to_tsvector('english', p.title), 'A'), false) as "other!"
           from good_practice_words w
           left join good_practice_view p on p.ledger_id = w.ledger_id and p.practice_id = w.practice_id
           where w.ledger_id = $1 order by w.practice_id"#,
        ledger.uuid(),
    )
    .fetch_all(work)
    .await?;
    let strays = rows.into_iter().filter_map(|row| {
        let what = match (row.nowhere, row.ahead, row.other) {
            (true, ..) => "words are kept of a good practice that is not there",
            (_, true, _) => "words are kept from a later entry than its view has folded",
            (_, _, true) => "the words kept of its heading are not those of its heading",
            _ => return None,
        };
        Some(Words {
            practice: row.practice_id,
            what,
        })
    });
    Ok(strays.collect())
}
