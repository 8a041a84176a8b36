//! Names of which each belongs to one thing at a time: theme codes, slugs, organisations' names.
//!
//! Two names are the same name when only capitals or spacing tell them apart. A name that its
//! holder gave up may be taken again, but not from a date at which it was still held: looked back
//! at on any day, a name belongs to one thing.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The form in which names are compared: lower case, single spaces.
pub fn folded(name: &str) -> String {
    let words: Vec<String> = name.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ")
}

/// Who holds which name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Names<Id> {
    holdings: BTreeMap<String, Holding<Id>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Holding<Id> {
    By(Id),
    FreedOn(NaiveDate),
}

/// Why a name cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken<Id> {
    /// Another holds it.
    By(Id),
    /// Another held it until this day.
    Until(NaiveDate),
}

impl<Id> Default for Names<Id> {
    fn default() -> Self {
        Self {
            holdings: BTreeMap::new(),
        }
    }
}

impl<Id: Clone + PartialEq> Names<Id> {
    /// Refuses a name that is not `taker`'s to take on that day. A thing's own name is.
    ///
    /// # Errors
    /// [`Taken`], saying by whom or until when.
    pub fn check(&self, name: &str, taker: &Id, on: NaiveDate) -> Result<(), Taken<Id>> {
        match self.holdings.get(&folded(name)) {
            Some(Holding::By(holder)) if holder != taker => Err(Taken::By(holder.clone())),
            Some(Holding::FreedOn(freed)) if on < *freed => Err(Taken::Until(*freed)),
            _ => Ok(()),
        }
    }

    /// Gives the name to `holder`.
    pub fn give(&mut self, name: &str, holder: Id) {
        self.holdings.insert(folded(name), Holding::By(holder));
    }

    /// Sets the name free again.
    pub fn free(&mut self, name: &str, on: NaiveDate) {
        self.holdings.insert(folded(name), Holding::FreedOn(on));
    }

    /// Moves `holder` from one name to another.
    pub fn change(&mut self, from: &str, to: &str, holder: Id, on: NaiveDate) {
        self.free(from, on);
        self.give(to, holder);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn july(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2007, 7, day).expect("a date")
    }

    #[test]
    fn capitals_and_spacing_do_not_make_another_name() {
        let mut names = Names::default();
        names.give("Boston  College", 1);
        assert_eq!(
            names.check(" BOSTON college ", &2, july(1)),
            Err(Taken::By(1))
        );
        assert_eq!(names.check("boston college", &1, july(1)), Ok(()));
        assert_eq!(names.check("Boston Colleges", &2, july(1)), Ok(()));
    }

    #[test]
    fn a_name_given_up_is_free_from_that_day_and_not_before() {
        let mut names = Names::default();
        names.give("Connexions", 1);
        names.change("Connexions", "Careers", 1, july(10));
        assert_eq!(
            names.check("connexions", &2, july(9)),
            Err(Taken::Until(july(10)))
        );
        assert_eq!(names.check("connexions", &2, july(10)), Ok(()));
        assert_eq!(names.check("careers", &2, july(10)), Err(Taken::By(1)));
    }

    #[test]
    fn a_change_of_capitals_keeps_the_name() {
        let mut names = Names::default();
        names.give("HMP morton hall", 1);
        names.change("HMP morton hall", "HMP Morton Hall", 1, july(10));
        assert_eq!(
            names.check("hmp morton hall", &2, july(12)),
            Err(Taken::By(1))
        );
    }
}
