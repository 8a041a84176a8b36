//! Suggestions: what others did about what a compact has before it, with why each is suggested.
//!
//! Two things speak for a piece of good practice: that it serves the theme of a commitment, or that it is written in the words an objective
//! or a commitment is. A word counts the more the fewer pieces have it ("interview" says more than "training"). Without the theme, words
//! suggest something only when there are two of them and neither is in more than a quarter of all there is.

use std::collections::{BTreeMap, BTreeSet};

use domain::ids::LedgerId;
use uuid::Uuid;

use super::words;
use crate::queries::{QueryError, ViewReader};
use crate::reaches::Reaches;

/// The most pieces that are looked at.
const LOOKED_AT: i64 = 5_000;
/// The most that are suggested.
const SUGGESTED: usize = 50;
/// The most reasons that are told of one.
const REASONS: usize = 3;
/// How much it counts that the theme is shared, beside words.
const THEME_COUNTS: f64 = 2.0;
/// The least that words without the theme must count together.
const WORDS_ALONE: f64 = 3.0;

/// An objective or a commitment a compact has open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenMatter {
    /// What it is called.
    pub title: String,
    /// The themes it serves, by their codes.
    pub themes: BTreeSet<String>,
}

/// A piece of good practice that is suggested.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// Its ledger.
    pub ledger: LedgerId,
    /// The practice.
    pub practice: Uuid,
    /// Why, the weightiest first.
    pub reasons: Vec<Reason>,
}

/// Why something is suggested.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// Which of the matters it fits, by its place among them.
    pub matter: usize,
    /// The theme both serve, by its code.
    pub theme: Option<String>,
    /// The words both are written in, as the matter has them.
    pub words: Vec<String>,
    weight: f64,
}

/// A piece that might be suggested.
struct Candidate {
    ledger: LedgerId,
    practice: Uuid,
    theme: String,
    stems: BTreeSet<String>,
}

impl ViewReader {
    /// What others released that fits what the compact of `own` has open, the best first. What it took up already is left out.
    ///
    /// # Errors
    /// When the database or the vault could not be read.
    pub async fn suggestions(
        &self,
        reaches: &Reaches,
        own: LedgerId,
        matters: &[OpenMatter],
    ) -> Result<Vec<Suggestion>, QueryError> {
        if matters.is_empty() || reaches.is_empty() {
            return Ok(Vec::new());
        }
        self.bring_words_up(reaches).await?;
        let candidates = self.candidates(reaches, own).await?;
        let stems = self.stems(matters).await?;
        Ok(suggested(&candidates, matters, &stems))
    }

    async fn candidates(
        &self,
        reaches: &Reaches,
        own: LedgerId,
    ) -> Result<Vec<Candidate>, QueryError> {
        let pairs = reaches.pairs();
        let mut work = self.about(reaches.scope()).await?;
        let rows = sqlx::query!(
            r#"select p.ledger_id, p.practice_id, p.theme, tsvector_to_array(w.words) as "stems!"
               from good_practice_words w
               join good_practice_view p on p.ledger_id = w.ledger_id and p.practice_id = w.practice_id
               where (p.ledger_id, p.visibility) in (select * from unnest($1::uuid[], $2::text[]))
                 and p.ledger_id <> $3 and not p.withdrawn
                 and not exists (
                     select from adoption_view a
                     where a.ledger_id = $3 and a.source_ledger_id = p.ledger_id and a.practice_id = p.practice_id
                       and not a.withdrawn)
               order by p.last_position desc, p.ledger_id, p.practice_id limit $4"#,
            &pairs.ledgers,
            &pairs.visibilities,
            own.uuid(),
            LOOKED_AT,
        )
        .fetch_all(&mut *work)
        .await?;
        let candidates = rows.into_iter().map(|row| Candidate {
            ledger: row.ledger_id.into(),
            practice: row.practice_id,
            theme: row.theme,
            stems: row.stems.into_iter().collect(),
        });
        Ok(candidates.collect())
    }

    /// The stems of the words that matters are written in; a word that is in everything has none.
    async fn stems(
        &self,
        matters: &[OpenMatter],
    ) -> Result<BTreeMap<String, BTreeSet<String>>, QueryError> {
        let titles = matters.iter().map(|matter| matter.title.as_str());
        let written: Vec<String> = words::written(titles).into_iter().collect();
        let mut work = self.about(ledger::Scope::Ledgers(Vec::new())).await?;
        let rows = sqlx::query!(
            r#"select q.word as "word!", tsvector_to_array(to_tsvector('english', q.word)) as "stems!"
               from unnest($1::text[]) as q (word)"#,
            &written,
        )
        .fetch_all(&mut *work)
        .await?;
        let stems = rows.into_iter();
        Ok(stems
            .map(|row| (row.word, row.stems.into_iter().collect()))
            .collect())
    }
}

/// How much each stem says: the more, the fewer pieces have it.
struct Weights<'a> {
    pieces: f64,
    having: BTreeMap<&'a str, f64>,
}

impl<'a> Weights<'a> {
    fn of(candidates: &'a [Candidate]) -> Self {
        let mut having = BTreeMap::new();
        for stem in candidates.iter().flat_map(|candidate| &candidate.stems) {
            *having.entry(stem.as_str()).or_insert(0.0) += 1.0;
        }
        let pieces = candidates.iter().fold(0.0, |count, _| count + 1.0);
        Self { pieces, having }
    }

    fn weight(&self, stem: &str) -> f64 {
        let having = self.having.get(stem).copied().unwrap_or(self.pieces);
        (1.0 + self.pieces / having).ln()
    }

    /// Whether no more than a quarter of the pieces have it, or it is the only one that does.
    fn is_telling(&self, stem: &str) -> bool {
        let having = self.having.get(stem).copied().unwrap_or(self.pieces);
        having <= 1.0 || having * 4.0 <= self.pieces
    }
}

fn suggested(
    candidates: &[Candidate],
    matters: &[OpenMatter],
    stems: &BTreeMap<String, BTreeSet<String>>,
) -> Vec<Suggestion> {
    let weights = Weights::of(candidates);
    let of_matters: Vec<BTreeSet<String>> = matters
        .iter()
        .map(|matter| words::written([matter.title.as_str()]))
        .collect();
    let each = candidates.iter().filter_map(|candidate| {
        let reasons = matters.iter().zip(&of_matters).enumerate();
        let reasons = reasons.filter_map(|(at, (matter, words))| {
            reason(candidate, (at, matter), (words, stems), &weights)
        });
        let mut reasons: Vec<Reason> = reasons.collect();
        reasons.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.matter.cmp(&b.matter)));
        reasons.truncate(REASONS);
        let weight = reasons.first()?.weight;
        let suggestion = Suggestion {
            ledger: candidate.ledger,
            practice: candidate.practice,
            reasons,
        };
        Some((weight, suggestion))
    });
    let mut each: Vec<(f64, Suggestion)> = each.collect();
    each.sort_by(|(a, one), (b, other)| {
        let place = |it: &Suggestion| (it.ledger, it.practice);
        b.total_cmp(a).then(place(one).cmp(&place(other)))
    });
    each.truncate(SUGGESTED);
    each.into_iter().map(|(_, suggestion)| suggestion).collect()
}

/// Why a piece fits a matter, if it does.
fn reason(
    candidate: &Candidate,
    (at, matter): (usize, &OpenMatter),
    (written, stems): (&BTreeSet<String>, &BTreeMap<String, BTreeSet<String>>),
    weights: &Weights<'_>,
) -> Option<Reason> {
    let theme = matter.themes.contains(&candidate.theme);
    let mut shared: BTreeMap<&str, &str> = BTreeMap::new();
    for word in written {
        let stem = stems.get(word).into_iter().flatten();
        for stem in stem.filter(|stem| candidate.stems.contains(*stem)) {
            // Two words of one stem are one.
            shared.entry(stem).or_insert(word);
        }
    }
    let telling = shared.keys().filter(|stem| weights.is_telling(stem));
    let telling: f64 = telling.clone().map(|stem| weights.weight(stem)).sum();
    let count = shared
        .keys()
        .filter(|stem| weights.is_telling(stem))
        .count();
    if !theme && (count < 2 || telling < WORDS_ALONE) {
        return None;
    }
    let weight: f64 = shared.keys().map(|stem| weights.weight(stem)).sum();
    Some(Reason {
        matter: at,
        theme: theme.then(|| candidate.theme.clone()),
        words: shared.into_values().map(str::to_owned).collect(),
        weight: weight + if theme { THEME_COUNTS } else { 0.0 },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(n: u128, theme: &str, stems: &[&str]) -> Candidate {
        Candidate {
            ledger: Uuid::from_u128(1).into(),
            practice: Uuid::from_u128(n),
            theme: theme.to_owned(),
            stems: stems.iter().map(|stem| (*stem).to_owned()).collect(),
        }
    }

    fn matter(title: &str, themes: &[&str]) -> OpenMatter {
        OpenMatter {
            title: title.to_owned(),
            themes: themes.iter().map(|theme| (*theme).to_owned()).collect(),
        }
    }

    /// Words are their own stems here.
    fn asked(candidates: &[Candidate], matters: &[OpenMatter]) -> Vec<(u128, Vec<Reason>)> {
        let titles = matters.iter().map(|matter| matter.title.as_str());
        let written = words::written(titles).into_iter();
        let stems = written.map(|word| (word.clone(), BTreeSet::from([word])));
        let found = suggested(candidates, matters, &stems.collect());
        let each = found.into_iter();
        each.map(|it| (it.practice.as_u128(), it.reasons)).collect()
    }

    /// Eight pieces that all have “training”, two of them something of their own.
    fn pieces() -> Vec<Candidate> {
        let mut all: Vec<Candidate> = (3..9)
            .map(|n| candidate(n, "other", &["training"]))
            .collect();
        let rare = ["training", "interview", "guaranteed"];
        all.push(candidate(1, "other", &rare));
        all.push(candidate(2, "pledge", &["training"]));
        all
    }

    #[test]
    fn a_shared_theme_or_two_telling_words_suggest_and_say_so() {
        let matters = [
            matter("Guaranteed interview schemes with training", &[]),
            matter("Something else", &["pledge"]),
        ];
        let found = asked(&pieces(), &matters);
        let found: BTreeMap<u128, Vec<Reason>> = found.into_iter().collect();
        assert_eq!(found.keys().copied().collect::<Vec<u128>>(), [1, 2]);
        let words = &found[&1][0];
        assert_eq!((words.matter, &words.theme), (0, &None));
        assert_eq!(words.words, ["guaranteed", "interview", "training"]);
        let theme = &found[&2][0];
        assert_eq!((theme.matter, theme.theme.as_deref()), (1, Some("pledge")));
        assert!(theme.words.is_empty());
    }

    #[test]
    fn a_word_that_everybody_uses_suggests_nothing_nor_does_one_alone() {
        let everybody = [matter("Training for all", &[])];
        assert_eq!(asked(&pieces(), &everybody), []);
        let alone = [matter("An interview", &[])];
        assert_eq!(asked(&pieces(), &alone), []);
    }

    #[test]
    fn the_theme_with_words_comes_before_the_theme_alone() {
        let pieces = [
            candidate(1, "pledge", &["training"]),
            candidate(2, "pledge", &["interview"]),
        ];
        let matters = [matter("An interview", &["pledge"])];
        let found = asked(&pieces, &matters);
        let order: Vec<u128> = found.iter().map(|(practice, _)| *practice).collect();
        assert_eq!(order, [2, 1]);
    }

    #[test]
    fn nothing_open_and_nothing_shared_suggest_nothing() {
        assert_eq!(asked(&pieces(), &[]), []);
        assert_eq!(asked(&[], &[matter("Training", &["pledge"])]), []);
    }
}
