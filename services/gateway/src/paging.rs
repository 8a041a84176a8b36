//! Pages of lists: Relay connections, walked forwards with `first` and `after` or backwards with `last`
//! and `before`.
//!
//! A cursor is the place of a row in its list's order, opaque; a page after it starts with the next row,
//! and one before it ends with the row before, whatever has been added or changed meanwhile.

use async_graphql::SimpleObject;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use views::page::{BadCursor, Cursor, Page, PageRequest, Walk};

use crate::error::ApiError;
use crate::limits::Limits;
use crate::limits::weigh::DEFAULT_PAGE;

/// What a client asks of a list: `first` and `after`, or `last` and `before`.
#[derive(Clone, Debug, Default)]
pub struct PageArguments {
    /// The size of the page, walking forwards.
    pub first: Option<u32>,
    /// The cursor after which it starts.
    pub after: Option<String>,
    /// The size of the page, walking backwards.
    pub last: Option<u32>,
    /// The cursor before which it ends.
    pub before: Option<String>,
}

impl PageArguments {
    /// The page as the views read it.
    ///
    /// # Errors
    /// When both ways are asked for at once, the size is nought or more than a page may have, or the
    /// cursor was not made here.
    pub fn request(&self, limits: &Limits) -> Result<PageRequest, ApiError> {
        let backwards = self.last.is_some() || self.before.is_some();
        if !backwards {
            let size = size("first", self.first, limits)?;
            let after = self.after.as_deref().map(|after| opened("after", after));
            return Ok(PageRequest::first(size, after.transpose()?));
        }
        if self.first.is_some() || self.after.is_some() {
            return Err(ApiError::BadInput {
                argument: if self.last.is_some() { "last" } else { "before" },
                message: "a list is walked one way at a time: send `first` and `after` to walk forwards, or `last` and `before` to walk backwards".to_owned(),
            });
        }
        let size = size("last", self.last, limits)?;
        let before = self
            .before
            .as_deref()
            .map(|before| opened("before", before));
        Ok(PageRequest::last(size, before.transpose()?))
    }
}

fn size(argument: &'static str, asked: Option<u32>, limits: &Limits) -> Result<u32, ApiError> {
    let (default, most) = (u32::try_from(DEFAULT_PAGE), u32::try_from(limits.page));
    let (default, most) = (default.unwrap_or(u32::MAX), most.unwrap_or(u32::MAX));
    let size = asked.unwrap_or(default);
    if (1..=most).contains(&size) {
        return Ok(size);
    }
    let message = format!("ask for 1 to {most} at a time");
    Err(ApiError::BadInput { argument, message })
}

/// A row's place as sent to clients.
fn sealed(cursor: &Cursor) -> String {
    URL_SAFE_NO_PAD.encode(cursor.as_str())
}

fn opened(argument: &'static str, cursor: &str) -> Result<Cursor, ApiError> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok();
    let place = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    let place = place.ok_or_else(|| not_ours(argument))?;
    Ok(Cursor::from_client(place))
}

impl From<BadCursor> for ApiError {
    fn from(cursor: BadCursor) -> Self {
        not_ours(match cursor.walk {
            Walk::Forwards => "after",
            Walk::Backwards => "before",
        })
    }
}

fn not_ours(argument: &'static str) -> ApiError {
    ApiError::BadInput {
        argument,
        message: "this does not lead to a place in this list; begin again at its first page"
            .to_owned(),
    }
}

/// Where a page stands in its list.
#[derive(Clone, Debug, SimpleObject)]
pub struct PageInfo {
    /// Whether the list goes on after this page.
    pub has_next_page: bool,
    /// Whether the list has rows before this page.
    pub has_previous_page: bool,
    /// The cursor of the page's first row: send it as `before` for the page before.
    pub start_cursor: Option<String>,
    /// The cursor of the page's last row: send it as `after` for the next page.
    pub end_cursor: Option<String>,
}

/// Rows with their cursors.
#[derive(Clone, Debug)]
pub struct Listed<T> {
    /// The rows.
    pub rows: Vec<(String, T)>,
    /// Where the page stands.
    pub page_info: PageInfo,
    /// How many rows the whole list has, where that costs nothing to know.
    pub total: Option<usize>,
}

impl<T> From<Page<T>> for Listed<T> {
    fn from(page: Page<T>) -> Self {
        let edges = page.edges.into_iter();
        let rows: Vec<_> = edges
            .map(|edge| (sealed(&edge.cursor), edge.node))
            .collect();
        let cursor = |row: Option<&(String, T)>| row.map(|(cursor, _)| cursor.clone());
        Self {
            page_info: PageInfo {
                has_next_page: page.has_next_page,
                has_previous_page: page.has_previous_page,
                start_cursor: cursor(rows.first()),
                end_cursor: cursor(rows.last()),
            },
            rows,
            total: None,
        }
    }
}

impl<T> Listed<T> {
    /// A page of a list that is at hand whole, each row with its place, in the order of the places.
    ///
    /// # Errors
    /// As [`PageArguments::request`], and when the cursor is of another list.
    pub fn of_whole<K>(
        all: Vec<(K, T)>,
        arguments: &PageArguments,
        limits: &Limits,
    ) -> Result<Self, ApiError>
    where
        K: Ord + Serialize + DeserializeOwned,
    {
        let total = all.len();
        let page = Page::of_whole(&arguments.request(limits)?, all)?;
        Ok(Self {
            total: Some(total),
            ..Self::from(page)
        })
    }

    /// The same page with each row turned into something else; rows that turn into nothing are left out.
    pub fn filter_map<U>(self, mut turn: impl FnMut(T) -> Option<U>) -> Listed<U> {
        let rows = self.rows.into_iter();
        let rows = rows.filter_map(|(cursor, row)| Some((cursor, turn(row)?)));
        Listed {
            rows: rows.collect(),
            page_info: self.page_info,
            total: self.total,
        }
    }
}

/// Writes the connection and edge types of lists.
macro_rules! connections {
    ($($(#[$doc:meta])* $connection:ident, $edge:ident of $node:ty;)+) => {$(
        $(#[$doc])*
        #[derive(async_graphql::SimpleObject)]
        #[graphql(complex)]
        pub struct $connection {
            /// The page's rows with their cursors.
            edges: Vec<$edge>,
            /// Where the page stands in its list.
            page_info: $crate::paging::PageInfo,
            /// How many rows the whole list has; none where counting would mean reading them all.
            total_count: Option<usize>,
        }

        #[async_graphql::ComplexObject]
        impl $connection {
            /// The page's rows.
            async fn nodes(&self) -> Vec<$node> {
                self.edges.iter().map(|edge| edge.node.clone()).collect()
            }
        }

        #[doc = concat!("A row of `", stringify!($connection), "` with its place in the list.")]
        #[derive(Clone, async_graphql::SimpleObject)]
        pub struct $edge {
            /// The row's place in the list, opaque.
            cursor: String,
            /// The row.
            node: $node,
        }

        impl From<$crate::paging::Listed<$node>> for $connection {
            fn from(listed: $crate::paging::Listed<$node>) -> Self {
                let edge = |(cursor, node)| $edge { cursor, node };
                Self {
                    edges: listed.rows.into_iter().map(edge).collect(),
                    page_info: listed.page_info,
                    total_count: listed.total,
                }
            }
        }
    )+};
}
pub(crate) use connections;

#[cfg(test)]
mod tests {
    use super::*;

    fn letters() -> Vec<(String, char)> {
        ('a'..='e')
            .map(|letter| (letter.to_string(), letter))
            .collect()
    }

    fn listed(arguments: &PageArguments) -> Result<Listed<char>, ApiError> {
        Listed::of_whole(letters(), arguments, &Limits::default())
    }

    fn seen(page: &Listed<char>) -> String {
        page.rows.iter().map(|(_, letter)| letter).collect()
    }

    #[test]
    fn a_whole_list_walked_either_way_shows_each_row_once_in_one_order() {
        let (mut arguments, mut forwards) = (PageArguments::default(), Vec::new());
        arguments.first = Some(2);
        loop {
            let page = listed(&arguments).expect("a page");
            assert_eq!(page.total, Some(5));
            forwards.push(seen(&page));
            arguments.after = page.page_info.end_cursor;
            if !page.page_info.has_next_page {
                break;
            }
        }
        assert_eq!(forwards, ["ab", "cd", "e"]);
        let (mut arguments, mut backwards) = (PageArguments::default(), Vec::new());
        arguments.last = Some(2);
        loop {
            let page = listed(&arguments).expect("a page");
            backwards.push(seen(&page));
            arguments.before = page.page_info.start_cursor;
            if !page.page_info.has_previous_page {
                break;
            }
        }
        assert_eq!(backwards, ["de", "bc", "a"]);
    }

    fn argument(arguments: &PageArguments) -> &'static str {
        match arguments.request(&Limits::default()) {
            Err(ApiError::BadInput { argument, .. }) => argument,
            other => panic!("not refused: {other:?}"),
        }
    }

    #[test]
    fn pages_of_nought_or_too_many_are_refused() {
        for size in [0, 101, u32::MAX] {
            let (mut first, mut last) = (PageArguments::default(), PageArguments::default());
            (first.first, last.last) = (Some(size), Some(size));
            assert_eq!((argument(&first), argument(&last)), ("first", "last"));
        }
    }

    #[test]
    fn a_list_is_not_walked_both_ways_at_once() {
        let cursor = listed(&PageArguments::default()).expect("a page");
        let cursor = cursor.page_info.end_cursor;
        for (first, after, last, before, refused) in [
            (Some(1), None, Some(1), None, "last"),
            (None, cursor.clone(), Some(1), None, "last"),
            (Some(1), None, None, cursor.clone(), "before"),
            (None, cursor.clone(), None, cursor, "before"),
        ] {
            let arguments = PageArguments {
                first,
                after,
                last,
                before,
            };
            assert_eq!(argument(&arguments), refused, "{arguments:?}");
        }
    }

    #[test]
    fn a_cursor_from_elsewhere_is_refused_by_the_name_it_was_sent_under() {
        let nonsense = Some("not a cursor".to_owned());
        let (mut after, mut before) = (PageArguments::default(), PageArguments::default());
        (after.after, before.before) = (nonsense.clone(), nonsense);
        assert_eq!((argument(&after), argument(&before)), ("after", "before"));
    }
}
