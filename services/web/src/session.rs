//! Which session a page shows: the one its address names, or else that of today where anything is promised for it, or else the latest there
//! is, which the page then says.

use crate::address::Address;
use crate::instead::Instead;
use crate::uk;
use crate::visit::Web;

/// The session that is shown.
pub struct Shown {
    /// It; none where nothing is promised yet.
    pub session: Option<String>,
    /// The one of today, where nothing is promised for it and nobody asked for another.
    pub instead_of: Option<String>,
}

impl Shown {
    /// The one of `all` that a page at `address` shows.
    ///
    /// # Errors
    /// [`Instead::NotHere`] when the address names one in which nothing is promised.
    pub fn of(web: &Web, all: &[&str], address: &Address) -> Result<Self, Instead> {
        let today = uk::session_of(&web.identity.clock().now().date_naive());
        let named = address.some("session");
        let session = chosen(all, named, &today).ok_or(Instead::NotHere);
        let session = match (all, named) {
            ([], None) => None,
            _ => Some(session?),
        };
        let is_other = session.as_ref().is_some_and(|session| *session != today);
        Ok(Self {
            session,
            instead_of: Some(today).filter(|_| is_other && named.is_none()),
        })
    }
}

/// The session an address names, that of today, or the latest; none where an address names none of them, or there are none.
fn chosen(all: &[&str], named: Option<&str>, today: &str) -> Option<String> {
    let found = match named {
        Some(named) => all.contains(&named).then_some(named),
        None if all.contains(&today) => Some(today),
        None => all.iter().max().copied(),
    };
    found.map(str::to_owned)
}

/// What belongs to sessions, those of the latest session first, and within one in the order it came.
pub fn latest_first<T>(mut all: Vec<T>, session: impl Fn(&T) -> &String) -> Vec<T> {
    all.sort_by(|one, other| session(other).cmp(session(one)));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_session_comes_first_and_within_it_all_is_as_it_was() {
        let row = |session: &str, label: u8| (session.to_owned(), label);
        let all = vec![row("2007-08", 1), row("2008-09", 1), row("2008-09", 2)];
        let sorted = latest_first(all, |(session, _)| session);
        let labels: Vec<u8> = sorted.iter().map(|(_, label)| *label).collect();
        assert_eq!((sorted[0].0.as_str(), labels), ("2008-09", vec![1, 2, 1]));
    }

    #[test]
    fn the_session_of_today_is_shown_where_there_is_one_and_else_the_latest() {
        let all = ["2007-08", "2009-10", "2008-09"];
        let shown = |all: &[&str], named| chosen(all, named, "2008-09");
        assert_eq!(shown(&all, None).as_deref(), Some("2008-09"));
        assert_eq!(shown(&all, Some("2007-08")).as_deref(), Some("2007-08"));
        assert_eq!(shown(&all[..2], None).as_deref(), Some("2009-10"));
        assert_eq!(shown(&[], None), None);
        assert_eq!(shown(&all, Some("2011-12")), None);
    }
}
