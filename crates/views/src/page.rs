//! Pages of a list, walked either way. A cursor is the values of the columns the list is ordered by, so
//! a page starts where another ended whatever has been added or has changed meanwhile.
//!
//! A list has one order. Walked backwards it gives other pages, not other rows: within a page the rows
//! stand in the list's order all the same.

use ledger::Position;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The most rows one page can have.
pub const MAX_PAGE: u32 = 500;

/// Which way a list is walked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Walk {
    /// From its first row on.
    Forwards,
    /// From its last row back.
    Backwards,
}

/// Which page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PageRequest {
    size: u32,
    walk: Walk,
    from: Option<Cursor>,
}

impl PageRequest {
    /// The first `size` rows after `after`; at least one row and at most [`MAX_PAGE`].
    pub fn first(size: u32, after: Option<Cursor>) -> Self {
        Self {
            size: size.clamp(1, MAX_PAGE),
            walk: Walk::Forwards,
            from: after,
        }
    }

    /// The last `size` rows before `before`; at least one row and at most [`MAX_PAGE`].
    pub fn last(size: u32, before: Option<Cursor>) -> Self {
        Self {
            walk: Walk::Backwards,
            ..Self::first(size, before)
        }
    }

    /// Which way the list is walked.
    pub const fn walk(&self) -> Walk {
        self.walk
    }

    /// How many rows to fetch: one more than the page has, to see whether the list goes on.
    pub fn limit(&self) -> i64 {
        i64::from(self.size) + 1
    }

    /// Where the page starts: the order's values of the row next to it.
    ///
    /// # Errors
    /// [`BadCursor`] when it is not one of a list in this order.
    pub fn start<K: DeserializeOwned>(&self) -> Result<Option<K>, BadCursor> {
        let read = self.from.as_ref().map(Cursor::read).transpose();
        read.map_err(|_| BadCursor { walk: self.walk })
    }

    /// What to read for a page of something that is ordered by position and ends at `head`: how many
    /// entries, after which position. Whether the list goes on is seen from one entry more than fits.
    ///
    /// # Errors
    /// [`BadCursor`] when it does not start at a position.
    pub fn stretch(&self, head: Position) -> Result<(Position, u32), BadCursor> {
        let from = self.start::<Position>()?;
        let limit = self.size + 1;
        Ok(match self.walk {
            Walk::Forwards => (from.unwrap_or(0), limit),
            Walk::Backwards => {
                let end = from.map_or(head, |from| from.saturating_sub(1)).min(head);
                let after = end.saturating_sub(u64::from(limit));
                (after, u32::try_from(end - after).unwrap_or(limit))
            }
        })
    }
}

/// A row's place in a list, opaque to clients.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cursor(String);

/// A cursor that no list gave out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a cursor of this list; use one that the list gave you")]
pub struct BadCursor {
    /// Which way the list was to be walked from it.
    pub walk: Walk,
}

/// Why a cursor cannot be read: it was made elsewhere.
struct Foreign;

impl Cursor {
    /// A cursor as a client sent it.
    pub fn from_client(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text to hand out.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The cursor of a row from the values it is ordered by.
    pub(crate) fn of<K: Serialize>(key: &K) -> Self {
        Self(hex::encode(serde_json::to_vec(key).unwrap_or_default()))
    }

    fn read<K: DeserializeOwned>(&self) -> Result<K, Foreign> {
        let json = hex::decode(&self.0).map_err(|_| Foreign)?;
        serde_json::from_slice(&json).map_err(|_| Foreign)
    }
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows with their places, in the list's order.
    pub edges: Vec<Edge<T>>,
    /// Whether the list goes on after them.
    pub has_next_page: bool,
    /// Whether the list has rows before them.
    pub has_previous_page: bool,
}

/// One row with its place in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge<T> {
    /// Its place: a page after it starts with the next row, a page before it ends with the one before.
    pub cursor: Cursor,
    /// The row.
    pub node: T,
}

impl<T> Page<T> {
    /// A page from one row more than it has, where there are so many: the rows in the order the list is
    /// **walked**, each with the values the list is ordered by.
    pub fn of<K: Serialize>(request: &PageRequest, rows: impl IntoIterator<Item = (K, T)>) -> Self {
        let mut edges: Vec<Edge<T>> = rows
            .into_iter()
            .map(|(key, node)| Edge {
                cursor: Cursor::of(&key),
                node,
            })
            .collect();
        let most = usize::try_from(request.size).unwrap_or(usize::MAX);
        let goes_on = edges.len() > most;
        edges.truncate(most);
        // The row a page starts from is in the list, and not in the page.
        let comes_from = request.from.is_some();
        let (has_previous_page, has_next_page) = match request.walk {
            Walk::Forwards => (comes_from, goes_on),
            Walk::Backwards => {
                edges.reverse();
                (goes_on, comes_from)
            }
        };
        Self {
            edges,
            has_next_page,
            has_previous_page,
        }
    }

    /// A page from rows in the list's order, as [`PageRequest::stretch`] has them read.
    pub fn of_stretch<K: Serialize>(request: &PageRequest, mut rows: Vec<(K, T)>) -> Self {
        if request.walk == Walk::Backwards {
            rows.reverse();
        }
        Self::of(request, rows)
    }

    /// A page of a list that is at hand whole, in its order.
    ///
    /// # Errors
    /// [`BadCursor`] when the page starts at a place this list does not have.
    pub fn of_whole<K>(request: &PageRequest, all: Vec<(K, T)>) -> Result<Self, BadCursor>
    where
        K: Ord + Serialize + DeserializeOwned,
    {
        let from = request.start::<K>()?;
        let most = usize::try_from(request.limit()).unwrap_or(usize::MAX);
        let rows = all.into_iter();
        Ok(match (request.walk, from) {
            (Walk::Forwards, None) => Self::of(request, rows.take(most)),
            (Walk::Forwards, Some(from)) => {
                let after = rows.filter(|(key, _)| *key > from);
                Self::of(request, after.take(most))
            }
            (Walk::Backwards, None) => Self::of(request, rows.rev().take(most)),
            (Walk::Backwards, Some(from)) => {
                let before = rows.rev().filter(|(key, _)| *key < from);
                Self::of(request, before.take(most))
            }
        })
    }

    /// The rows without their places.
    pub fn into_nodes(self) -> Vec<T> {
        self.edges.into_iter().map(|edge| edge.node).collect()
    }

    /// The same page with each row turned into something else.
    pub fn map<U>(self, mut turn: impl FnMut(T) -> U) -> Page<U> {
        let edges = self.edges.into_iter().map(|edge| Edge {
            cursor: edge.cursor,
            node: turn(edge.node),
        });
        Page {
            edges: edges.collect(),
            has_next_page: self.has_next_page,
            has_previous_page: self.has_previous_page,
        }
    }
}

impl<T, E> Page<Result<T, E>> {
    /// The same page, if every row could be had.
    ///
    /// # Errors
    /// The first that could not.
    pub fn transpose(self) -> Result<Page<T>, E> {
        let edges = self.edges.into_iter().map(|edge| {
            let cursor = edge.cursor;
            edge.node.map(|node| Edge { cursor, node })
        });
        Ok(Page {
            edges: edges.collect::<Result<_, E>>()?,
            has_next_page: self.has_next_page,
            has_previous_page: self.has_previous_page,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_cursor_reads_back_as_what_it_was_made_of() {
        let cursor = Cursor::of(&("2008-09", "0000000010"));
        let sent = Cursor::from_client(cursor.as_str());
        let request = PageRequest::first(1, Some(sent));
        let read = request.start::<(String, String)>();
        assert_eq!(
            read,
            Ok(Some(("2008-09".to_owned(), "0000000010".to_owned())))
        );
    }

    #[test]
    fn a_cursor_of_another_list_is_refused_and_says_which_end_it_was_sent_for() {
        for foreign in ["", "zz", "7b7d", Cursor::of(&(1, 2, 3)).as_str()] {
            let cursor = Some(Cursor::from_client(foreign));
            for request in [
                PageRequest::first(1, cursor.clone()),
                PageRequest::last(1, cursor),
            ] {
                let walk = request.walk();
                let read = request.start::<(String, String)>();
                assert_eq!(read, Err(BadCursor { walk }));
            }
        }
    }

    /// A list of positions as ledgers read them, and the same list at hand whole.
    fn pages(all: u64, request: &PageRequest) -> Page<u64> {
        let rows = |numbers: std::ops::RangeInclusive<u64>| numbers.map(|n| (n, n)).collect();
        let (after, count) = request.stretch(all).expect("a stretch");
        let read = Page::of_stretch(request, rows(after + 1..=all.min(after + u64::from(count))));
        let whole = Page::of_whole(request, rows(1..=all)).expect("a page");
        assert_eq!(read, whole);
        whole
    }

    /// Every page of a list, in the order walked.
    fn walked(all: u64, size: u32, walk: Walk) -> Vec<Page<u64>> {
        let mut pages_seen: Vec<Page<u64>> = Vec::new();
        loop {
            let last = pages_seen.last();
            let request = match walk {
                Walk::Forwards => {
                    let edge = last.and_then(|page| page.edges.last());
                    PageRequest::first(size, edge.map(|edge| edge.cursor.clone()))
                }
                Walk::Backwards => {
                    let edge = last.and_then(|page| page.edges.first());
                    PageRequest::last(size, edge.map(|edge| edge.cursor.clone()))
                }
            };
            let page = pages(all, &request);
            let more = match walk {
                Walk::Forwards => page.has_next_page,
                Walk::Backwards => page.has_previous_page,
            };
            pages_seen.push(page);
            if !more {
                return pages_seen;
            }
        }
    }

    proptest! {
        #[test]
        fn walked_backwards_a_list_shows_what_it_shows_forwards(all in 0..40_u64, size in 1..12_u32) {
            let forwards = walked(all, size, Walk::Forwards);
            let mut backwards = walked(all, size, Walk::Backwards);
            backwards.reverse();
            let nodes = |pages: &[Page<u64>]| -> Vec<u64> {
                pages.iter().cloned().flat_map(Page::into_nodes).collect()
            };
            let every: Vec<u64> = (1..=all).collect();
            prop_assert_eq!(nodes(&forwards), every.clone());
            prop_assert_eq!(nodes(&backwards), every);
            prop_assert_eq!(forwards.len(), backwards.len());
            for pages in [&forwards, &backwards] {
                for (at, page) in pages.iter().enumerate() {
                    prop_assert_eq!(page.has_previous_page, at > 0);
                    prop_assert_eq!(page.has_next_page, at + 1 < pages.len());
                }
            }
        }

        #[test]
        fn the_page_before_a_page_is_the_one_that_led_to_it(all in 1..40_u64, size in 1..12_u32) {
            let forwards = walked(all, size, Walk::Forwards);
            for pair in forwards.windows(2) {
                let before = pair[1].edges.first().map(|edge| edge.cursor.clone());
                let back = pages(all, &PageRequest::last(size, before));
                prop_assert_eq!(&back, &pair[0]);
            }
        }
    }
}
