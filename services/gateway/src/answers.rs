//! Answers to everybody that are still true: asked the same again, they are handed out as they were.
//!
//! What the public is answered depends on nothing but the question, the day, and how far the ledgers are shown. As soon as more of
//! any ledger is shown, or the day is over, everything that was kept is forgotten, and after a few seconds in any case. Whoever has
//! an account is always answered anew.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_graphql::Request;
use axum::body::Bytes;
use chrono::NaiveDate;
use sha2::{Digest, Sha256};
use views::Folded;

use crate::caller::Caller;

/// How much is kept, in bytes. What comes when there is no more room is not kept.
const ROOM: usize = 16 * 1024 * 1024;

/// How long at most: what was erased is handed out no longer than this, even where nothing more of any ledger is shown meanwhile.
const LONGEST: Duration = Duration::from_secs(10);

/// How many questions are remembered to have been answered.
const QUESTIONS: usize = 4_096;

/// What answers are true of: how far each ledger is shown, and the day.
pub(crate) type Stamp = (Folded, NaiveDate);

/// Answers that were given. Cheap while nobody asks twice: of a question that was never answered, and of every request that is
/// refused, nothing is kept and nothing is asked.
#[derive(Default)]
pub(crate) struct Answers(Mutex<Kept>);

/// Answers, and what all of them are true of.
#[derive(Default)]
struct Kept {
    of: Stamp,
    since: Option<Instant>,
    answers: HashMap<[u8; 32], Bytes>,
    bytes: usize,
    /// What was answered before, whatever the answer was true of.
    known: HashSet<[u8; 32]>,
}

/// A question of the public's: what its answer is kept under, and what it was asked of; nothing the first time.
pub(crate) struct Asked {
    key: [u8; 32],
    of: Option<Stamp>,
}

impl Asked {
    /// This question, where it is somebody without an account who asks: anybody else is told what is theirs.
    pub(crate) fn by(caller: &Caller, request: &Request) -> Option<Self> {
        caller.account().is_none().then(|| Self::new(request))
    }

    /// This question, asked for the first time as far as anybody knows.
    fn new(request: &Request) -> Self {
        let mut hash = Sha256::new();
        let variables = serde_json::to_vec(&request.variables).unwrap_or_default();
        let name = request.operation_name.as_deref().unwrap_or_default();
        for part in [request.query.as_bytes(), name.as_bytes(), &variables] {
            hash.update(part.len().to_be_bytes());
            hash.update(part);
        }
        let key = hash.finalize().into();
        Self { key, of: None }
    }

    /// It is asked of what is shown now.
    pub(crate) fn of(&mut self, shown: Stamp) {
        self.of = Some(shown);
    }
}

impl Answers {
    /// Whether this was answered before: only then is it worth knowing of what.
    pub(crate) fn knows(&self, asked: &Asked) -> bool {
        self.kept().known.contains(&asked.key)
    }

    /// The answer to the same question, where it is still true.
    pub(crate) fn find(&self, asked: &Asked) -> Option<Bytes> {
        let of = asked.of.as_ref()?;
        let mut kept = self.kept();
        let lately = kept.since.is_some_and(|since| since.elapsed() < LONGEST);
        if lately && kept.of == *of {
            return kept.answers.get(&asked.key).cloned();
        }
        *kept = Kept {
            of: of.clone(),
            since: Some(Instant::now()),
            known: std::mem::take(&mut kept.known),
            ..Kept::default()
        };
        None
    }

    /// Keeps an answer, unless it is the first to its question, or more is shown by now than when it was asked for.
    pub(crate) fn keep(&self, asked: &Asked, answer: Bytes) {
        let mut kept = self.kept();
        if kept.known.len() >= QUESTIONS {
            kept.known.clear();
        }
        kept.known.insert(asked.key);
        let size = answer.len();
        if asked.of.as_ref() == Some(&kept.of) && kept.bytes + size <= ROOM {
            let before = kept.answers.insert(asked.key, answer);
            kept.bytes += size;
            kept.bytes -= before.map_or(0, |before| before.len());
        }
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &str, shown: u64) -> Asked {
        let ledger = domain::ids::LedgerId::new(uuid::Uuid::nil());
        let day = NaiveDate::default();
        let mut asked = Asked::new(&Request::new(query));
        asked.of(([(ledger, shown)].into(), day));
        asked
    }

    #[test]
    fn the_first_answer_is_not_kept_and_the_second_is() {
        let answers = Answers::default();
        let first = Asked::new(&Request::new("{ a }"));
        assert!(!answers.knows(&first) && answers.find(&first).is_none());
        answers.keep(&first, Bytes::from_static(b"one"));
        let second = asked("{ a }", 1);
        assert!(answers.knows(&second) && answers.find(&second).is_none());
        answers.keep(&second, Bytes::from_static(b"one"));
        let third = answers.find(&asked("{ a }", 1));
        assert_eq!(third.as_deref(), Some(&b"one"[..]));
    }

    #[test]
    fn an_answer_is_given_again_until_more_is_shown() {
        let answers = Answers::default();
        let first = asked("{ a }", 1);
        assert_eq!(answers.find(&first), None);
        answers.keep(&first, Bytes::from_static(b"one"));
        assert_eq!(
            answers.find(&asked("{ a }", 1)).as_deref(),
            Some(&b"one"[..])
        );
        assert_eq!(answers.find(&asked("{ b }", 1)), None);
        assert_eq!(answers.find(&asked("{ a }", 2)), None);
        // Asked for before, answered after: it is of something older than what is shown.
        answers.keep(&first, Bytes::from_static(b"late"));
        assert_eq!(answers.find(&asked("{ a }", 2)), None);
        // Shown as far as before, which happens to nobody but a test, it is forgotten all the same.
        assert_eq!(answers.find(&asked("{ a }", 1)), None);
    }

    #[test]
    fn another_day_another_answer() {
        let answers = Answers::default();
        let first = asked("{ a }", 1);
        assert_eq!(answers.find(&first), None);
        answers.keep(&first, Bytes::from_static(b"one"));
        let (shown, day) = first.of.clone().expect("what it was asked of");
        let tomorrow = day.succ_opt().expect("a day");
        let mut later = Asked::new(&Request::new("{ a }"));
        later.of((shown, tomorrow));
        assert_eq!(answers.find(&later), None);
    }

    #[test]
    fn what_is_asked_about_is_part_of_the_question() {
        let about = |slug: &str| {
            let variables = serde_json::json!({ "slug": slug });
            let request = Request::new("query A($slug: String) { a(slug: $slug) }");
            let request = request.variables(async_graphql::Variables::from_json(variables));
            Asked::new(&request).key
        };
        assert_ne!(about("one"), about("other"));
        assert_eq!(about("one"), about("one"));
    }
}
