//! Files that go with a form: those that are there already, each with a box to keep it, and a field to choose more.
//!
//! A form with one is sent in parts (`enctype="multipart/form-data"`), and its handler takes [`Posted`](super::Posted). What was chosen is named
//! `name.file`; once a file is taken it stands as `name.N.hash` and `name.N.name`.

use std::borrow::Cow;

use askama::Template;
use gateway::Received;

use super::{Fields, Problems, sentence};
use crate::parts::html;

html!(Upload);

/// What is said of what may be chosen.
const TAKEN: &str =
    "PDF, Word, Excel, PowerPoint, OpenDocument, plain text, CSV, PNG or JPEG, up to 25 MB each.";

/// A file that is there already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Which: its hash.
    pub hash: String,
    /// What it is called.
    pub name: String,
}

/// A field for files.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/upload.html")]
pub struct Upload {
    /// What it is sent as, and found by.
    pub name: Cow<'static, str>,
    /// What stands above it.
    pub label: Cow<'static, str>,
    /// What helps to choose.
    pub hint: String,
    /// Whether more than one can be chosen at a time.
    pub many: bool,
    /// What is there already.
    pub there: Vec<Sent>,
    /// What is wrong.
    pub problem: Option<String>,
}

impl Upload {
    /// For one file.
    pub fn new(name: impl Into<Cow<'static, str>>, label: impl Into<Cow<'static, str>>) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            hint: TAKEN.to_owned(),
            many: false,
            there: Vec::new(),
            problem: None,
        }
    }

    /// The same for as many as apply.
    #[must_use]
    pub fn many(self) -> Self {
        Self { many: true, ..self }
    }

    /// The same with a hint before what is always said.
    #[must_use]
    pub fn hinting(self, hint: &str) -> Self {
        let hint = format!("{hint} {TAKEN}");
        Self { hint, ..self }
    }

    /// The same with these there already.
    #[must_use]
    pub fn with(self, there: impl IntoIterator<Item = Sent>) -> Self {
        let there = there.into_iter().collect();
        Self { there, ..self }
    }

    /// The same as it was sent, with what is wrong.
    #[must_use]
    pub fn sent(self, fields: &Fields, problems: &Problems) -> Self {
        let problem = problems.at(&self.name).map(|words| sentence(&words));
        let there = Self::kept(fields, &self.name);
        Self {
            there,
            problem,
            ..self
        }
    }

    /// What the box of the file in this place is found by.
    pub fn id(&self, at: &usize) -> String {
        format!("{}-{}", self.name, at + 1)
    }

    /// The files that were sent under `name` and are to be kept, in order.
    pub fn kept(fields: &Fields, name: &str) -> Vec<Sent> {
        let rows = fields.rows(name).into_iter();
        let kept = rows.filter_map(|row| {
            let hash = fields.some(&format!("{name}.{row}.hash"))?;
            let called = fields.some(&format!("{name}.{row}.name"));
            let name = called.unwrap_or_else(|| "file".to_owned());
            Some(Sent { hash, name })
        });
        kept.collect()
    }

    /// What is wrong with any of the files sent under `name`, said at the field as a whole.
    #[must_use]
    pub fn gathered(problems: Problems, name: &str) -> Problems {
        problems.renamed(|field| {
            let inside = field.strip_prefix(name);
            if inside.is_some_and(|rest| rest.is_empty() || rest.starts_with('.')) {
                name.to_owned()
            } else {
                field.to_owned()
            }
        })
    }
}

/// Puts a file that was taken among the fields; `field` is the one it was chosen in.
pub(super) fn add(fields: &mut Fields, field: &str, (received, name): (&Received, &str)) {
    let of = field.strip_suffix(".file").unwrap_or(field);
    let row = fields.rows(of).last().map_or(0, |last| last + 1);
    fields.add(format!("{of}.{row}.hash"), received.hash.to_string());
    fields.add(format!("{of}.{row}.name"), name);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_ticked_any_more_is_left_out_and_what_is_wrong_is_said_at_the_field() {
        let fields = Fields::from_iter([
            ("documents.0.name", "gone.pdf"),
            ("documents.2.hash", "aa"),
            ("documents.2.name", "kept.pdf"),
        ]);
        let mut problems = Problems::default();
        problems.add("documents.0.name", "too long");
        problems.add("documentsother", "no");
        let problems = Upload::gathered(problems, "documents");
        let upload = Upload::new("documents", "Documents")
            .many()
            .sent(&fields, &problems);
        let there: Vec<_> = upload.there.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(
            (there, upload.problem.as_deref()),
            (vec!["kept.pdf"], Some("Too long"))
        );
        let written = upload.to_string();
        assert!(written.contains("name=\"documents.file\"") && written.contains("multiple"));
    }
}
