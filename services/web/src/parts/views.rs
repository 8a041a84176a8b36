//! The views of one thing, side by side: each has its address.

use askama::Template;

/// Links to the views of one thing.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/views.html")]
pub struct Views {
    /// What they are views of.
    pub of: String,
    /// What each says, where it is, and whether it is the one that is shown.
    pub all: Vec<(String, String, bool)>,
}

super::html!(Views);

impl Views {
    /// Those of `of`; the one at `current` is shown.
    pub fn new(
        of: impl Into<String>,
        all: impl IntoIterator<Item = (String, String)>,
        current: &str,
    ) -> Self {
        let all = all.into_iter().map(|(words, href)| {
            let shown = href == current;
            (words, href, shown)
        });
        Self {
            of: of.into(),
            all: all.collect(),
        }
    }
}
