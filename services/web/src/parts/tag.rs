//! A word in a coloured field: where something stands. The word says it; the colour only helps.

use askama::Template;

/// A word in a coloured field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Template)]
#[template(
    source = "<strong class=\"govuk-tag govuk-tag--{{ mark.class() }}\">{{ words }}</strong>",
    ext = "html"
)]
pub struct Tag {
    /// What it says.
    pub words: &'static str,
    /// Which colour it has.
    pub mark: Mark,
}

super::html!(Tag);

/// What colour a tag has, by what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Done, reached.
    Good,
    /// Going on.
    Doing,
    /// Half-way, or to be looked at.
    Part,
    /// Not reached, given up.
    Bad,
    /// Neither.
    Plain,
    /// Not out yet.
    Draft,
}

impl Mark {
    const fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Doing => "doing",
            Self::Part => "part",
            Self::Bad => "bad",
            Self::Plain => "plain",
            Self::Draft => "draft",
        }
    }
}
