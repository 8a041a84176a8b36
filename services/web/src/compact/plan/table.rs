//! The familiar table of a plan: for everybody, and at the desk with the links to where each thing is changed.

use askama::Template;

use super::marks::Marks;
use super::sheet::Whole;
use crate::documents::scalars::Date;
use crate::documents::words::{ActionState, ObjectiveStateKind};
use crate::parts::{Source, html};
use crate::uk;

/// The table.
#[derive(Template)]
#[template(path = "compact/plan-table.html")]
pub struct Table {
    slug: String,
    /// The plan.
    pub plan: Whole,
    marks: Marks,
    edits: Option<String>,
    source: Source,
    overdue_on: Option<Date>,
}

html!(Table);

impl Table {
    /// The table of a plan of the compact that addresses call `slug`.
    pub fn new(slug: &str, plan: Whole) -> Self {
        Self {
            slug: slug.to_owned(),
            plan,
            marks: Marks::default(),
            edits: None,
            source: Source::default(),
            overdue_on: None,
        }
    }

    /// The same, with these marks.
    #[must_use]
    pub fn marked(self, marks: Marks) -> Self {
        Self { marks, ..self }
    }

    /// The same, saying what is overdue on a day.
    #[must_use]
    pub fn on(self, day: Date) -> Self {
        Self {
            overdue_on: Some(day),
            ..self
        }
    }

    /// The same, each thing leading to where it is changed, at the desk `desk`.
    #[must_use]
    pub fn changed_at(self, desk: String) -> Self {
        Self {
            edits: Some(desk),
            ..self
        }
    }

    /// The same, each sentence leading to the entries behind it.
    #[must_use]
    pub fn told_by(self, source: Source) -> Self {
        Self { source, ..self }
    }

    fn is_overdue(&self, action: &super::sheet::Action) -> bool {
        self.overdue_on.is_some_and(|day| action.overdue(day))
    }
}
