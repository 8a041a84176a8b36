//! What whoever looks may do with what they see: links beside its heading.

use askama::Template;

/// Links to what can be done; nothing where nothing can.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "parts/actions.html")]
pub struct Actions(pub Vec<(String, String)>);

super::html!(Actions);

impl Actions {
    /// The same with this besides: what it says, and where it leads.
    #[must_use]
    pub fn and(mut self, words: impl Into<String>, href: impl Into<String>) -> Self {
        self.0.push((words.into(), href.into()));
        self
    }
}
