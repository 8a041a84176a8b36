//! A piece of good practice, as far as decisions need it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::dated::{Dated, Since};
use crate::figure::OrganisationFact;
use crate::ids::{CompactId, GoodPracticeId, QuestionId};
use crate::text::Text;
use crate::visibility::Visibility;

use super::command::GoodPracticeCommand;
use super::event::{GoodPracticeEvent, PracticeFact, PracticeTerms};

/// A piece of good practice.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GoodPractice {
    /// None until it is written down.
    pub(super) standing: Option<Standing>,
}

/// How it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Standing {
    /// What it says now.
    pub terms: Since<PracticeTerms>,
    /// Its versions; the last is the one that stands.
    pub versions: Vec<Version>,
    pub written_on: NaiveDate,
    pub release: Since<Visibility>,
    pub withdrawn_on: Option<NaiveDate>,
    pub questions: BTreeMap<QuestionId, Question>,
    /// How often each compact gave thanks.
    pub thanks: BTreeMap<CompactId, u32>,
}

/// One of its versions: what is named of it, and how far it was ever let out while it stood.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Version {
    title: String,
    organisation: Option<OrganisationFact>,
    widest: Visibility,
}

/// What another compact asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Question {
    pub by: CompactId,
    pub asked_on: NaiveDate,
    pub answered: bool,
}

impl Standing {
    /// Whether anybody outside the compact could ever read any of it.
    pub fn was_shared(&self) -> bool {
        let mut versions = self.versions.iter();
        versions.any(|version| version.widest.is_released())
    }

    /// The number of the version that stands: they are counted from 1.
    pub fn version(&self) -> u32 {
        u32::try_from(self.versions.len()).unwrap_or(u32::MAX)
    }

    fn stands(&mut self, terms: PracticeTerms, on: NaiveDate) {
        self.versions.push(Version {
            title: terms.title.clone(),
            organisation: terms.organisation.clone(),
            widest: self.release.value,
        });
        self.terms = Since { value: terms, on };
    }

    fn let_out(&mut self, to: Visibility, on: NaiveDate) {
        self.release.change(to, on);
        if let Some(current) = self.versions.last_mut() {
            current.widest = current.widest.max(to);
        }
    }
}

impl GoodPractice {
    /// How far it is let out: a draft until it is released.
    pub fn visibility(&self) -> Visibility {
        let standing = self.standing.as_ref();
        standing.map_or_else(Visibility::default, |standing| standing.release.value)
    }

    /// What is named of it in a version (the one that stands where none is said), to those who read from `lowest` up: only while it is
    /// let out to them, and only versions that stood while it was.
    pub fn fact(
        &self,
        id: GoodPracticeId,
        version: Option<u32>,
        lowest: Visibility,
    ) -> Option<PracticeFact> {
        let standing = self.standing.as_ref()?;
        let number = version.unwrap_or_else(|| standing.version());
        let at = usize::try_from(number.checked_sub(1)?).ok()?;
        let version = standing.versions.get(at)?;
        let seen = lowest <= standing.release.value && lowest <= version.widest;
        seen.then(|| PracticeFact {
            id,
            version: number,
            title: version.title.clone(),
            organisation: version.organisation.clone(),
            withdrawn: standing.withdrawn_on.is_some(),
        })
    }

    /// The texts that stand where this command writes. What is typed and says the same is the same text.
    pub fn standing(&self, command: &GoodPracticeCommand) -> Vec<&Text> {
        let (GoodPracticeCommand::RevisePractice { .. }, Some(standing)) =
            (command, &self.standing)
        else {
            return Vec::new();
        };
        standing.terms.value.each_text().collect()
    }

    /// Takes one event in. An event about something that was never written down changes nothing, so that any history can be folded.
    pub(super) fn take(&mut self, dated: Dated<GoodPracticeEvent>) {
        use GoodPracticeEvent as E;
        let on = dated.occurred_on;
        if let E::Written(written) = dated.event {
            self.standing = Some(Standing::begin(written.terms, on));
            return;
        }
        let Some(standing) = &mut self.standing else {
            return;
        };
        match dated.event {
            E::Revised(e) => standing.stands(e.to, on),
            E::Withdrawn(_) => standing.withdrawn_on = Some(on),
            E::VisibilityChanged(e) => standing.let_out(e.to, on),
            E::Asked(e) => {
                let question = Question {
                    by: e.by.id,
                    asked_on: on,
                    answered: false,
                };
                standing.questions.insert(e.question_id, question);
            }
            E::Answered(e) => {
                if let Some(question) = standing.questions.get_mut(&e.question_id) {
                    question.answered = true;
                }
            }
            E::Thanked(e) => *standing.thanks.entry(e.by.id).or_default() += 1,
            E::Written(_) | E::TextRedacted(_) => {}
        }
    }
}

impl Standing {
    fn begin(terms: PracticeTerms, on: NaiveDate) -> Self {
        let value = Visibility::default();
        let mut standing = Self {
            terms: Since {
                value: terms.clone(),
                on,
            },
            versions: Vec::new(),
            written_on: on,
            release: Since { value, on },
            withdrawn_on: None,
            questions: BTreeMap::new(),
            thanks: BTreeMap::new(),
        };
        standing.stands(terms, on);
        standing
    }
}
