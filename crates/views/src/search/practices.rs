//! Searching: which pieces of good practice have the words, in which order, and where in them the words stand.

use std::collections::BTreeMap;

use domain::ids::LedgerId;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{spelling, words};
use crate::GoodPracticeView;
use crate::page::{Edge, Page, PageRequest};
use crate::queries::{PracticeFilter, QueryError, ViewReader};
use crate::reaches::{Pairs, Reaches};

/// The most pieces a search comes to: whoever wants more says more.
const MOST: i64 = 500;
/// The most written words that a mistyped one is compared with.
const VOCABULARY: i64 = 50_000;
/// Stand before and after a word that was found, where the database marks it; no text has them.
const MARKS: [char; 2] = ['\u{e000}', '\u{e001}'];

/// What a search came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The pieces found, those with more of the words first, and among these those where they count more.
    pub hits: Page<Hit>,
    /// The words that are written nowhere, and what was looked for in their place.
    pub respelt: Vec<Respelt>,
}

/// A piece of good practice that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// The practice.
    pub practice: GoodPracticeView,
    /// Its heading, piece by piece.
    pub title: Vec<Piece>,
    /// What is done and how, where the words stand.
    pub summary: Vec<Piece>,
    /// How many of the words it has.
    pub words: u64,
    /// How many words were looked for.
    pub of: u64,
}

/// A piece of a text: the words that were looked for, or what stands between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// What it says.
    pub text: String,
    /// Whether it was looked for.
    pub found: bool,
}

/// A word that is written nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Respelt {
    /// As it was typed.
    pub typed: String,
    /// What was looked for in its place.
    pub meant: Vec<String>,
}

/// Words to look for: each a question of its own, any of which a piece may answer.
struct Asked {
    /// For each word typed, what is looked for, as the database takes it.
    terms: Vec<String>,
    respelt: Vec<Respelt>,
}

impl Asked {
    fn any(&self) -> String {
        self.terms.join(" | ")
    }
}

/// A piece's place among what was found: the best first, so the order is of what it lacks.
type Key = ((i64, i64), (Uuid, Uuid));

impl ViewReader {
    /// Searches good practice within `reaches`. Stems count and not endings; a word that is written nowhere is taken for the
    /// ones it is most like; what has every word comes before what has some.
    ///
    /// # Errors
    /// When the database, the vault or the cursor could not be read.
    pub async fn search_practices(
        &self,
        reaches: &Reaches,
        typed: &str,
        filter: &PracticeFilter,
        page: &PageRequest,
    ) -> Result<Found, QueryError> {
        let searched = words::searched(typed);
        if searched.is_empty() || reaches.is_empty() {
            return Ok(Found {
                hits: Page::of_whole(page, Vec::<(Key, Hit)>::new())?,
                respelt: Vec::new(),
            });
        }
        self.bring_words_up(reaches).await?;
        let pairs = reaches.pairs();
        let mut work = self.about(reaches.scope()).await?;
        let asked = understood(&mut work, &pairs, searched).await?;
        let ranked = ranked(&mut work, &pairs, &asked, filter).await?;
        let page = Page::of_whole(page, ranked)?;
        drop(work);
        let hits = self.shown(page, &asked).await?;
        let respelt = asked.respelt;
        Ok(Found { hits, respelt })
    }

    /// The page with what was found open, and the words in it marked.
    async fn shown(&self, page: Page<Ranked>, asked: &Asked) -> Result<Page<Hit>, QueryError> {
        let mut by_ledger: BTreeMap<LedgerId, Vec<Uuid>> = BTreeMap::new();
        for edge in &page.edges {
            let keys = by_ledger.entry(edge.node.ledger).or_default();
            keys.push(edge.node.practice);
        }
        let mut found: BTreeMap<Uuid, GoodPracticeView> = BTreeMap::new();
        for (ledger, keys) in by_ledger {
            let mut views = self.many::<GoodPracticeView>(ledger, &keys).await?;
            self.open(ledger, views.values_mut()).await?;
            found.extend(views);
        }
        let mut marked = self.marked(&page, &found, asked).await?;
        let of = u64::try_from(asked.terms.len()).unwrap_or(u64::MAX);
        let edges = page.edges.into_iter().filter_map(|Edge { cursor, node }| {
            let (title, summary) = marked.remove(&node.practice)?;
            let hit = Hit {
                practice: found.remove(&node.practice)?,
                title,
                summary,
                words: node.words,
                of,
            };
            Some(Edge { cursor, node: hit })
        });
        Ok(Page {
            edges: edges.collect(),
            has_next_page: page.has_next_page,
            has_previous_page: page.has_previous_page,
        })
    }

    /// The headings and summaries of what is on a page, piece by piece.
    async fn marked(
        &self,
        page: &Page<Ranked>,
        found: &BTreeMap<Uuid, GoodPracticeView>,
        asked: &Asked,
    ) -> Result<BTreeMap<Uuid, (Vec<Piece>, Vec<Piece>)>, QueryError> {
        let views = page.edges.iter();
        let views = views.filter_map(|edge| found.get(&edge.node.practice));
        let (mut ids, mut titles, mut summaries) = (Vec::new(), Vec::new(), Vec::new());
        for view in views {
            let terms = &view.current().terms;
            ids.push(view.id.uuid());
            titles.push(without_marks(&terms.title));
            summaries.push(without_marks(terms.summary.shown()));
        }
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let [start, stop] = MARKS;
        let marks = format!("StartSel={start}, StopSel={stop}");
        // Nothing is read of any ledger: the database only marks what it is shown.
        let mut work = self.about(ledger::Scope::Ledgers(Vec::new())).await?;
        let rows = sqlx::query!(
            r#"select new.id as "id!",
                   ts_headline('english', new.title, to_tsquery('english', $4), $5 || ', HighlightAll=true') as "title!",
                   ts_headline('english', new.summary, to_tsquery('english', $4),
                       $5 || ', MaxFragments=3, MaxWords=40, MinWords=12, FragmentDelimiter=" … "') as "summary!"
               from unnest($1::uuid[], $2::text[], $3::text[]) as new (id, title, summary)"#,
            &ids,
            &titles,
            &summaries,
            asked.any(),
            marks,
        )
        .fetch_all(&mut *work)
        .await?;
        let each = rows.into_iter();
        Ok(each
            .map(|row| (row.id, (pieces(&row.title), pieces(&row.summary))))
            .collect())
    }
}

/// What each typed word looks for: itself, or where it is written in nothing that is seen, the words it is most like. Words that are
/// in everything (the, and, of) look for nothing, unless there is nothing else.
async fn understood(
    work: &mut PgConnection,
    pairs: &Pairs,
    searched: Vec<String>,
) -> Result<Asked, QueryError> {
    let rows = sqlx::query!(
        r#"select q.word as "word!", numnode(plainto_tsquery('english', q.word)) > 0 as "telling!",
               exists (
                   select from good_practice_words w
                   join good_practice_view p on p.ledger_id = w.ledger_id and p.practice_id = w.practice_id
                   where (p.ledger_id, p.visibility) in (select * from unnest($2::uuid[], $3::text[]))
                     and w.words @@ plainto_tsquery('english', q.word)) as "written!"
           from unnest($1::text[]) with ordinality as q (word, place) order by q.place"#,
        &searched,
        &pairs.ledgers,
        &pairs.visibilities,
    )
    .fetch_all(&mut *work)
    .await?;
    let mut vocabulary = None;
    let (mut terms, mut respelt) = (Vec::new(), Vec::new());
    for row in rows {
        if !row.telling {
            continue;
        }
        if row.written {
            terms.push(row.word);
            continue;
        }
        if vocabulary.is_none() {
            vocabulary = Some(written(work, pairs).await?);
        }
        let meant = spelling::nearest(&row.word, vocabulary.as_deref().unwrap_or_default());
        if meant.is_empty() {
            terms.push(row.word);
        } else {
            terms.push(format!("({})", meant.join(" | ")));
            let typed = row.word;
            respelt.push(Respelt { typed, meant });
        }
    }
    Ok(Asked { terms, respelt })
}

/// The words that what is seen is written in.
async fn written(work: &mut PgConnection, pairs: &Pairs) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select distinct unnest(w.vocabulary) as "word!"
           from good_practice_words w
           join good_practice_view p on p.ledger_id = w.ledger_id and p.practice_id = w.practice_id
           where (p.ledger_id, p.visibility) in (select * from unnest($1::uuid[], $2::text[]))
           order by 1 limit $3"#,
        &pairs.ledgers,
        &pairs.visibilities,
        VOCABULARY,
    )
    .fetch_all(work)
    .await
}

/// A piece that was found, before it is opened.
struct Ranked {
    ledger: LedgerId,
    practice: Uuid,
    words: u64,
}

async fn ranked(
    work: &mut PgConnection,
    pairs: &Pairs,
    asked: &Asked,
    filter: &PracticeFilter,
) -> Result<Vec<(Key, Ranked)>, QueryError> {
    let rows = sqlx::query!(
        r#"select p.ledger_id, p.practice_id,
               (select count(*) from unnest($4::text[]) as term where w.words @@ to_tsquery('english', term)) as "words!",
               ts_rank('{0.1, 0.25, 0.5, 1.0}', w.words, to_tsquery('english', $3)) as "rank!"
           from good_practice_words w
           join good_practice_view p on p.ledger_id = w.ledger_id and p.practice_id = w.practice_id
           where (p.ledger_id, p.visibility) in (select * from unnest($1::uuid[], $2::text[]))
             and w.words @@ to_tsquery('english', $3)
             and ($5::uuid is null or p.ledger_id = $5)
             and ($6::text is null or p.theme = $6)
             and ($7::uuid[] is null or p.organisation_id = any($7))
             and ($8::bool is null or $8 = exists (
                 select from adoption_view a
                 where a.source_ledger_id = p.ledger_id and a.practice_id = p.practice_id and not a.withdrawn
                   and (a.ledger_id, a.visibility) in (select * from unnest($1::uuid[], $2::text[]))))
             and ($9 or not p.withdrawn)
           order by 3 desc, 4 desc, p.ledger_id, p.practice_id limit $10"#,
        &pairs.ledgers,
        &pairs.visibilities,
        asked.any(),
        &asked.terms,
        filter.ledger.map(LedgerId::uuid),
        filter.theme,
        filter.organisations.as_deref(),
        filter.adopted,
        filter.withdrawn,
        MOST,
    )
    .fetch_all(work)
    .await?;
    let ranked = rows.into_iter().map(|row| {
        let key = (
            (-row.words, in_millionths(row.rank)),
            (row.ledger_id, row.practice_id),
        );
        let ranked = Ranked {
            ledger: row.ledger_id.into(),
            practice: row.practice_id,
            words: row.words.cast_unsigned(),
        };
        (key, ranked)
    });
    let mut ranked: Vec<(Key, Ranked)> = ranked.collect();
    ranked.sort_by_key(|(key, _)| *key);
    Ok(ranked)
}

/// A rank as a number that is lower the higher it is, to be ordered by and to stand in a cursor.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a rank lies between 0 and 1"
)]
fn in_millionths(rank: f32) -> i64 {
    -((f64::from(rank) * 1e6).round() as i64)
}

fn without_marks(text: &str) -> String {
    text.replace(MARKS, "")
}

/// What the database marked, piece by piece.
fn pieces(marked: &str) -> Vec<Piece> {
    let [start, stop] = MARKS;
    let mut pieces = Vec::new();
    for (at, part) in marked.split(start).enumerate() {
        let (found, between) = match part.split_once(stop) {
            Some((found, between)) if at > 0 => (found, between),
            _ => ("", part),
        };
        for (text, found) in [(found, true), (between, false)] {
            if !text.is_empty() {
                let text = text.to_owned();
                pieces.push(Piece { text, found });
            }
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(text: &str, found: bool) -> Piece {
        let text = text.to_owned();
        Piece { text, found }
    }

    #[test]
    fn what_the_database_marked_is_found_and_the_rest_stands_between() {
        let marked = "Corporate \u{e000}training\u{e001} at two \u{e000}levels\u{e001}";
        assert_eq!(
            pieces(marked),
            [
                piece("Corporate ", false),
                piece("training", true),
                piece(" at two ", false),
                piece("levels", true)
            ]
        );
        assert_eq!(pieces("Nothing"), [piece("Nothing", false)]);
        assert_eq!(pieces(""), []);
        assert_eq!(without_marks("a\u{e000}b\u{e001}"), "ab");
    }

    #[test]
    fn a_higher_rank_comes_first() {
        assert!(in_millionths(0.6) < in_millionths(0.1));
        assert_eq!(in_millionths(0.0), 0);
    }
}
