//! Parts that pages are put together from: each is a small template in `templates/parts/` with what it needs. In a page's template
//! `{{ part }}` writes it; nothing of it is escaped twice.

mod action;
mod pages;
mod source;
mod tag;
mod told;
mod views;

pub use action::Actions;
pub use pages::{PageInfo, Pages, Part};
pub use source::Source;
pub use tag::{Mark, Tag};
pub use told::Told;
pub use views::Views;

/// Marks templates whose text is HTML already.
macro_rules! html {
    ($($part:ty),+ $(,)?) => { $(impl askama::filters::HtmlSafe for $part {})+ };
}

/// The way through a list, from its `pageInfo` as a document's types have it.
macro_rules! pages_of {
    ($of:literal, $address:expr, $info:expr) => {
        $crate::parts::Pages::new(
            $of,
            $address,
            &$crate::parts::PageInfo {
                has_next_page: $info.has_next_page,
                has_previous_page: $info.has_previous_page,
                start_cursor: $info.start_cursor.as_deref(),
                end_cursor: $info.end_cursor.as_deref(),
            },
        )
    };
}

pub(crate) use html;
pub(crate) use pages_of;
