//! The policies against a table of decisions written from the words of the job descriptions and not from the policies:
//! in every situation there is, and in a million random ones. And the comparison against planted faults.

mod exhaustive;
mod faults;
mod pace;
mod page;
mod random;
mod reach;
mod start;
mod table;
mod world;
