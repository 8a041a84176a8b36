//! Pages of a list. A cursor is the values of the columns the list is ordered by, so a page starts
//! where the last one ended whatever has been added or has changed meanwhile.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// The most rows one page can have.
pub const MAX_PAGE: u32 = 500;

/// Which page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRequest {
    first: u32,
    after: Option<Cursor>,
}

impl PageRequest {
    /// The first `first` rows after `after`; at least one row and at most [`MAX_PAGE`].
    pub fn new(first: u32, after: Option<Cursor>) -> Self {
        Self {
            first: first.clamp(1, MAX_PAGE),
            after,
        }
    }

    /// How many rows to fetch: one more than the page has, to see whether the list goes on.
    pub(crate) fn limit(&self) -> i64 {
        i64::from(self.first) + 1
    }

    /// Where the page starts: the order's values of the row before it.
    pub(crate) fn start<K: DeserializeOwned>(&self) -> Result<Option<K>, BadCursor> {
        self.after.as_ref().map(Cursor::read).transpose()
    }
}

/// A row's place in a list, opaque to clients.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cursor(String);

/// A cursor that no list gave out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a cursor of this list; use one that the list gave you")]
pub struct BadCursor;

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

    fn read<K: DeserializeOwned>(&self) -> Result<K, BadCursor> {
        let json = hex::decode(&self.0).map_err(|_| BadCursor)?;
        serde_json::from_slice(&json).map_err(|_| BadCursor)
    }
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows with their places.
    pub edges: Vec<Edge<T>>,
    /// Whether the list goes on after them.
    pub has_next_page: bool,
}

/// One row with its place in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge<T> {
    /// Its place: a page after it starts with the next row.
    pub cursor: Cursor,
    /// The row.
    pub node: T,
}

impl<T> Page<T> {
    /// A page from up to [`PageRequest::limit`] rows in order, each with the values it is ordered by.
    pub(crate) fn of<K: Serialize>(
        request: &PageRequest,
        rows: impl IntoIterator<Item = (K, T)>,
    ) -> Self {
        let mut edges: Vec<Edge<T>> = rows
            .into_iter()
            .map(|(key, node)| Edge {
                cursor: Cursor::of(&key),
                node,
            })
            .collect();
        let most = usize::try_from(request.first).unwrap_or(usize::MAX);
        let has_next_page = edges.len() > most;
        edges.truncate(most);
        Self {
            edges,
            has_next_page,
        }
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
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_as_what_it_was_made_of() {
        let cursor = Cursor::of(&("2008-09", "0000000010"));
        let sent = Cursor::from_client(cursor.as_str());
        assert_eq!(
            sent.read(),
            Ok(("2008-09".to_owned(), "0000000010".to_owned()))
        );
    }

    #[test]
    fn a_cursor_of_another_list_is_refused() {
        for foreign in ["", "zz", "7b7d", Cursor::of(&(1, 2, 3)).as_str()] {
            assert_eq!(
                Cursor::from_client(foreign).read::<(String, String)>(),
                Err(BadCursor)
            );
        }
    }
}
