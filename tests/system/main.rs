//! The whole system, as its users meet it: the real binary over a real PostgreSQL.

mod apart;
mod crash;
mod draining;
mod promises;
mod protected;
mod reference;
mod serve;
mod server;
mod tools;
mod users;
