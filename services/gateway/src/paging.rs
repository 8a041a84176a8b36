//! Pages of lists: Relay connections, walked forwards.
//!
//! A cursor is the place of a row in its list's order, opaque; a page after it starts with the next row
//! whatever has been added or changed meanwhile.

use async_graphql::SimpleObject;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use views::page::{Cursor, Page, PageRequest};

use crate::error::ApiError;
use crate::limits::Limits;
use crate::limits::weigh::DEFAULT_PAGE;

/// What a client asks of a list.
#[derive(Clone, Debug, Default)]
pub struct PageArguments {
    /// The size of the page.
    pub first: Option<u32>,
    /// The cursor after which it starts.
    pub after: Option<String>,
}

impl PageArguments {
    /// The page's size, within what is allowed.
    ///
    /// # Errors
    /// When it is nought or more than a page may have.
    pub fn size(&self, limits: &Limits) -> Result<usize, ApiError> {
        let asked = self.first.map_or(DEFAULT_PAGE, |first| {
            usize::try_from(first).unwrap_or(usize::MAX)
        });
        if (1..=limits.page).contains(&asked) {
            Ok(asked)
        } else {
            Err(ApiError::BadInput {
                argument: "first",
                message: format!("ask for 1 to {} at a time", limits.page),
            })
        }
    }

    /// The place it starts after, in the list's own terms.
    ///
    /// # Errors
    /// When the cursor was not made here.
    pub fn place(&self) -> Result<Option<String>, ApiError> {
        self.after.as_deref().map(opened).transpose()
    }

    /// The page as the views read it.
    ///
    /// # Errors
    /// As [`PageArguments::size`], and when the cursor was not made here.
    pub fn request(&self, limits: &Limits) -> Result<PageRequest, ApiError> {
        let size = u32::try_from(self.size(limits)?).unwrap_or(u32::MAX);
        let after = self.place()?;
        Ok(PageRequest::new(size, after.map(Cursor::from_client)))
    }
}

/// A row's place as sent to clients.
fn sealed(place: &str) -> String {
    URL_SAFE_NO_PAD.encode(place)
}

fn opened(cursor: &str) -> Result<String, ApiError> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok();
    let place = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    place.ok_or_else(bad_cursor)
}

pub(crate) fn bad_cursor() -> ApiError {
    ApiError::BadInput {
        argument: "after",
        message: "this is not a cursor of this list; send one exactly as it was answered"
            .to_owned(),
    }
}

/// Where a page stands in its list.
#[derive(Clone, Debug, SimpleObject)]
pub struct PageInfo {
    /// Whether the list goes on after this page.
    pub has_next_page: bool,
    /// Whether the page was asked to start after a cursor.
    pub has_previous_page: bool,
    /// The cursor of the page's first row.
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

impl<T> Listed<T> {
    fn new(rows: Vec<(String, T)>, more: bool, started: bool) -> Self {
        let cursor = |row: Option<&(String, T)>| row.map(|(cursor, _)| cursor.clone());
        Self {
            page_info: PageInfo {
                has_next_page: more,
                has_previous_page: started,
                start_cursor: cursor(rows.first()),
                end_cursor: cursor(rows.last()),
            },
            rows,
            total: None,
        }
    }

    /// A page that the views read.
    pub fn read(page: Page<T>, arguments: &PageArguments) -> Self {
        let edges = page.edges.into_iter();
        let rows = edges.map(|edge| (sealed(edge.cursor.as_str()), edge.node));
        Self::new(
            rows.collect(),
            page.has_next_page,
            arguments.after.is_some(),
        )
    }

    /// A page from its rows, each with its place.
    pub fn of_page(rows: Vec<(String, T)>, more: bool, arguments: &PageArguments) -> Self {
        let rows = rows.into_iter().map(|(place, row)| (sealed(&place), row));
        Self::new(rows.collect(), more, arguments.after.is_some())
    }

    /// A page of a list that is at hand whole, each row with its place, in the order of the places.
    ///
    /// # Errors
    /// As [`PageArguments::size`], and when the cursor was not made here.
    pub fn of_whole(
        all: Vec<(String, T)>,
        arguments: &PageArguments,
        limits: &Limits,
    ) -> Result<Self, ApiError> {
        let size = arguments.size(limits)?;
        let after = arguments.place()?;
        let total = all.len();
        let past = |place: &String| after.as_ref().is_none_or(|after| place > after);
        let mut rest = all.into_iter().filter(|(place, _)| past(place));
        let rows = rest.by_ref().take(size);
        let rows = rows.map(|(place, row)| (sealed(&place), row)).collect();
        let more = rest.next().is_some();
        let mut listed = Self::new(rows, more, after.is_some());
        listed.total = Some(total);
        Ok(listed)
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

    #[test]
    fn a_whole_list_walked_one_by_one_shows_each_row_once() {
        let mut arguments = PageArguments {
            first: Some(1),
            after: None,
        };
        let mut seen = String::new();
        loop {
            let page = Listed::of_whole(letters(), &arguments, &Limits::default()).expect("a page");
            assert_eq!(page.total, Some(5));
            seen.extend(page.rows.iter().map(|(_, letter)| letter));
            arguments.after = page.page_info.end_cursor;
            if !page.page_info.has_next_page {
                break;
            }
        }
        assert_eq!(seen, "abcde");
    }

    #[test]
    fn pages_of_nought_or_too_many_are_refused() {
        for first in [0, 101, u32::MAX] {
            let arguments = PageArguments {
                first: Some(first),
                after: None,
            };
            assert!(arguments.size(&Limits::default()).is_err(), "{first}");
        }
    }

    #[test]
    fn a_cursor_from_elsewhere_is_refused() {
        let arguments = PageArguments {
            first: None,
            after: Some("not a cursor".to_owned()),
        };
        assert!(arguments.request(&Limits::default()).is_err());
    }
}
