//! The whole system, as its users meet it: the real binary over a real PostgreSQL.

mod apart;
mod browser;
mod crash;
mod draining;
mod files;
mod forgotten;
mod generated;
mod house;
mod insider;
mod kept;
mod letters;
mod mentions;
mod minutes;
mod practices;
mod promises;
mod protected;
mod reference;
mod region;
mod serve;
mod server;
mod signing_in;
mod tools;
mod users;
mod vouched;
