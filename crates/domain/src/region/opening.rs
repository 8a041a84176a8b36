//! Opening a compact: what is said of it, checked once for the register and the compact alike.

use chrono::{Datelike, NaiveDate};

use crate::compact::CompactBeginnings;
use crate::facts::CompactFact;
use crate::ids::CompactId;
use crate::refusal::Refusal;
use crate::words::{Blank, NotASlug, TextError, slug};

use super::Region;
use super::command::CompactParticulars;
use super::error::{Named, RegionError};
use super::event::CompactOpened;

/// What is wrong with what is said of a compact.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParticularsError {
    /// A text is missing or too long.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The slug cannot stand in a web address.
    #[error(transparent)]
    Slug(#[from] NotASlug),
    /// A trial comes before what it is a trial for.
    #[error(
        "a trial cannot begin in {pilot} when the launch was in {launch}; correct the year or the launch date"
    )]
    PilotAfterLaunch {
        /// The year the trial is said to have begun.
        pilot: u16,
        /// The year of the launch.
        launch: i32,
    },
}

impl Refusal for ParticularsError {
    fn code(&self) -> &'static str {
        match self {
            Self::Text(error) => error.code(),
            Self::Slug(_) => "NOT_A_SLUG",
            Self::PilotAfterLaunch { .. } => "PILOT_AFTER_LAUNCH",
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Text(error) => Some(error.field()),
            Self::Slug(error) => Some(error.field),
            Self::PilotAfterLaunch { .. } => Some("pilotFromYear"),
        }
    }
}

impl CompactParticulars {
    /// The same, trimmed and checked.
    ///
    /// # Errors
    /// [`ParticularsError`] for the first thing that does not hold.
    pub fn checked(&self) -> Result<Self, ParticularsError> {
        let beginnings = CompactBeginnings {
            area: self.area.clone(),
            launched_on: self.launched_on,
            pilot_from_year: self.pilot_from_year,
        };
        let CompactBeginnings {
            area,
            launched_on,
            pilot_from_year,
        } = beginnings.checked()?;
        Ok(Self {
            slug: slug("slug", &self.slug)?,
            name: Blank::title("name", "the compact's name").require(&self.name)?,
            area,
            launched_on,
            pilot_from_year,
        })
    }
}

impl CompactBeginnings {
    /// The same, trimmed and checked.
    ///
    /// # Errors
    /// [`ParticularsError`] for the first thing that does not hold.
    pub fn checked(&self) -> Result<Self, ParticularsError> {
        let launch = self.launched_on.year();
        if let Some(pilot) = self
            .pilot_from_year
            .filter(|year| i32::from(*year) > launch)
        {
            return Err(ParticularsError::PilotAfterLaunch { pilot, launch });
        }
        Ok(Self {
            area: Blank::title("area", "the area").require(&self.area)?,
            launched_on: self.launched_on,
            pilot_from_year: self.pilot_from_year,
        })
    }
}

impl Region {
    pub(super) fn open_compact(
        &self,
        on: NaiveDate,
        compact_id: CompactId,
        particulars: &CompactParticulars,
    ) -> Result<CompactOpened, RegionError> {
        if self.compacts.contains_key(&compact_id) {
            let field = "compactId";
            return Err(RegionError::IdTaken { field });
        }
        let asked = particulars.checked()?;
        let taken = |named, name, taken| {
            RegionError::taken(named, name, taken, |id| {
                let holder = self.compact(id)?;
                Some(match named {
                    Named::CompactSlug => holder.slug,
                    _ => holder.name,
                })
            })
        };
        let slugs = self.compact_slugs.check(&asked.slug, &compact_id, on);
        slugs.map_err(|by| taken(Named::CompactSlug, &asked.slug, by))?;
        let names = self.compact_names.check(&asked.name, &compact_id, on);
        names.map_err(|by| taken(Named::Compact, &asked.name, by))?;
        Ok(CompactOpened {
            compact_id,
            slug: asked.slug,
            name: asked.name,
            area: asked.area,
            launched_on: asked.launched_on,
            pilot_from_year: asked.pilot_from_year,
        })
    }

    pub(super) fn compact_opened(&mut self, event: CompactOpened) {
        let id = event.compact_id;
        self.compact_slugs.give(&event.slug, id);
        self.compact_names.give(&event.name, id);
        let (slug, name) = (event.slug, event.name);
        self.compacts.insert(id, CompactFact { id, slug, name });
    }
}
