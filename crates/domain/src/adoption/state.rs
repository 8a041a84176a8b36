//! An adoption, as far as decisions need it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::dated::{Dated, Since};
use crate::ids::GoodPracticeId;
use crate::visibility::Visibility;

use super::event::AdoptionEvent;

/// That a piece of good practice was taken up.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Adoption {
    /// None until it is taken up.
    pub(super) standing: Option<Standing>,
}

/// How it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Standing {
    pub practice: GoodPracticeId,
    pub adopted_on: NaiveDate,
    /// The version of the source that is followed.
    pub version: Since<u32>,
    pub release: Since<Visibility>,
    pub withdrawn_on: Option<NaiveDate>,
}

impl Adoption {
    /// How far it is let out: a draft until it is released.
    pub fn visibility(&self) -> Visibility {
        let standing = self.standing.as_ref();
        standing.map_or_else(Visibility::default, |standing| standing.release.value)
    }

    /// Takes one event in. An event about what was never taken up changes nothing, so that any history can be folded.
    pub(super) fn take(&mut self, dated: Dated<AdoptionEvent>) {
        let on = dated.occurred_on;
        if let AdoptionEvent::Adopted(adopted) = &dated.event {
            let (version, draft) = (adopted.practice.version, Visibility::default());
            self.standing = Some(Standing {
                practice: adopted.practice.id,
                adopted_on: on,
                version: Since { value: version, on },
                release: Since { value: draft, on },
                withdrawn_on: None,
            });
            return;
        }
        let Some(standing) = &mut self.standing else {
            return;
        };
        match dated.event {
            AdoptionEvent::Adapted(e) => {
                let version = e.following.map(|followed| followed.version);
                let version = version.unwrap_or(standing.version.value);
                standing.version.change(version, on);
            }
            AdoptionEvent::Withdrawn(_) => standing.withdrawn_on = Some(on),
            AdoptionEvent::VisibilityChanged(e) => standing.release.change(e.to, on),
            AdoptionEvent::Adopted(_)
            | AdoptionEvent::ResultReported(_)
            | AdoptionEvent::TextRedacted(_) => {}
        }
    }
}
