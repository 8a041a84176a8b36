//! What a form stands on, and two people who change the same thing.
//!
//! A form carries what it was shown of the thing it changes: how often that had changed, and what its parts said. Where the thing changed
//! while somebody typed, but none of what they were shown did, what they typed is recorded all the same; where it did, they see what they
//! had before them, what is recorded now and what they typed, and choose.
//!
//! ```text
//! let ground = Ground::new(plan.version).and("title", "Title", &plan.title);      // `{{ ground }}` in the form, which has the id `change`
//! match settle(&form, &fields).await? {                                            // the form says how it is found and recorded: `Contested`
//!     Settled::Recorded(plan) => ...
//!     Settled::ToMend(plan, problems) => ...
//!     Settled::Contested(plan, problems) =>                                        // `{{ conflict }}` above the form, with `StatusCode::CONFLICT`
//!         ground.against(&fields, back, |part| fields.text(part))
//! }
//! ```

use std::borrow::Cow;

use askama::Template;
use domain::mention::marked::written;

use super::Fields;
use crate::parts::html;

/// What a form says the thing's version was.
const VERSION: &str = "expectedVersion";

/// What the parts of the thing are sent as that the form was shown.
const WAS: &str = "was.";

/// What a form stands on.
#[derive(Clone, Debug, Default, Template)]
#[template(
    source = "{% for (name, value) in self.fields() %}<textarea name=\"{{ name }}\" hidden aria-label=\"{{ name }}\">\n{{ value }}</textarea>\n{% endfor %}",
    ext = "html"
)]
pub struct Ground {
    version: i64,
    parts: Vec<Part>,
}

#[derive(Clone, Debug)]
struct Part {
    name: Cow<'static, str>,
    label: Cow<'static, str>,
    said: String,
}

/// Two versions of a thing, and what somebody typed.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/conflict.html")]
pub struct Conflict {
    rows: Vec<Row>,
    back: String,
}

#[derive(Clone, Debug)]
struct Row {
    label: Cow<'static, str>,
    was: String,
    now: String,
    typed: Option<String>,
}

html!(Ground, Conflict);

/// Line ends as people mean them, and nothing around the words.
fn plain(words: &str) -> String {
    words.replace("\r\n", "\n").trim().to_owned()
}

impl Ground {
    /// A thing that changed so often.
    pub const fn new(version: i64) -> Self {
        Self {
            version,
            parts: Vec::new(),
        }
    }

    /// The same, of which this part says this.
    #[must_use]
    pub fn and(
        mut self,
        name: impl Into<Cow<'static, str>>,
        label: impl Into<Cow<'static, str>>,
        said: impl Into<String>,
    ) -> Self {
        let said = plain(&said.into());
        let (name, label) = (name.into(), label.into());
        self.parts.push(Part { name, label, said });
        self
    }

    /// As the form carries it.
    pub fn fields(&self) -> Vec<(String, String)> {
        let version = (VERSION.to_owned(), self.version.to_string());
        let parts = self.parts.iter();
        let parts = parts.map(|part| (format!("{WAS}{}", part.name), part.said.clone()));
        [version].into_iter().chain(parts).collect()
    }

    /// As it was when the form was first shown: for a form that comes back before it is recorded.
    #[must_use]
    pub fn as_sent(mut self, fields: &Fields) -> Self {
        let Some(version) = Self::expected(fields) else {
            return self;
        };
        self.version = version;
        for part in &mut self.parts {
            part.said = was(fields, &part.name);
        }
        self
    }

    /// The version that a form was shown.
    pub fn expected(fields: &Fields) -> Option<i64> {
        fields.one(VERSION).parse().ok()
    }

    /// The version to send the form with again, where everything it was shown is as it was.
    pub fn again(&self, fields: &Fields) -> Option<i64> {
        let same = |part: &Part| are_one(&was(fields, &part.name), &part.said);
        self.parts.iter().all(same).then_some(self.version)
    }

    /// Whether something that the form was shown is other than it is by now.
    pub fn is_other_than(&self, fields: &Fields) -> bool {
        let seen = Self::expected(fields);
        seen.is_some_and(|seen| seen != self.version) && self.again(fields).is_none()
    }

    /// What the form was shown, beside what is recorded now and what was typed of it; `back` is where whoever keeps what is recorded goes.
    pub fn against(
        &self,
        fields: &Fields,
        back: impl Into<String>,
        typed: impl Fn(&str) -> Option<String>,
    ) -> Conflict {
        let rows = self.parts.iter().map(|part| Row {
            label: part.label.clone(),
            was: was(fields, &part.name),
            now: part.said.clone(),
            typed: typed(&part.name),
        });
        Conflict {
            rows: rows.collect(),
            back: back.into(),
        }
    }
}

/// Whether two texts say the same: the same people are mentioned, whatever they are called by now.
fn are_one(one: &str, other: &str) -> bool {
    written(one) == written(other)
}

impl Row {
    fn is_unchanged(&self) -> bool {
        are_one(&self.now, &self.was)
    }

    fn is_as_it_was(&self, typed: &str) -> bool {
        are_one(typed, &self.was)
    }
}

fn was(fields: &Fields, name: &str) -> String {
    plain(fields.one(&format!("{WAS}{name}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ground(version: i64, title: &str) -> Ground {
        let ground = Ground::new(version).and("title", "Title", title);
        ground.and("owner", "Owner", "County <Council>")
    }

    #[test]
    fn what_was_shown_and_stayed_is_sent_again_and_what_changed_is_shown_beside_what_was_typed() {
        let mut sent = ground(3, "One\nline").fields();
        sent.push(("title".to_owned(), "Mine".to_owned()));
        let sent: Fields = sent
            .into_iter()
            .map(|(k, v)| (k, v.replace('\n', "\r\n")))
            .collect();
        assert_eq!(Ground::expected(&sent), Some(3));
        assert_eq!(ground(5, "One\nline").again(&sent), Some(5));
        let first = ground(5, "Theirs").as_sent(&sent).fields();
        assert_eq!(first, ground(3, "One\nline").fields());
        let now = ground(6, "Theirs");
        assert_eq!(now.again(&sent), None);
        assert!(now.is_other_than(&sent) && !ground(5, "One\nline").is_other_than(&sent));
        assert!(
            !ground(3, "Theirs").is_other_than(&sent),
            "nothing changed since"
        );
        let shown = now
            .against(&sent, "/back", |part| fields_of(&sent, part))
            .to_string();
        for said in [
            "One\nline",
            "Theirs",
            "Mine",
            "href=\"/back\"",
            "County &#60;Council&#62;",
        ] {
            assert!(shown.contains(said), "{said}: {shown}");
        }
        assert!(now.to_string().contains("was.title"));
    }

    fn fields_of(fields: &Fields, part: &str) -> Option<String> {
        fields.text(part)
    }
}
