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

#[cfg(test)]
mod tests {
    use super::*;

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
