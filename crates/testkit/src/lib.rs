//! For tests only: scratch PostgreSQL, fixtures, fake clock, given/when/then helpers.
