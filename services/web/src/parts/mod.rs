//! Parts that pages are put together from: each is a small template in `templates/parts/` with what it needs. In a page's template
//! `{{ part }}` writes it; nothing of it is escaped twice.

mod pages;
mod tag;

pub use pages::Pages;
pub use tag::{Mark, Tag};

/// Marks templates whose text is HTML already.
macro_rules! html {
    ($($part:ty),+ $(,)?) => { $(impl askama::filters::HtmlSafe for $part {})+ };
}

pub(crate) use html;
