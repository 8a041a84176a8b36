//! For tests only: fixtures, clocks and ids under the test's control, and a database that fails when told to.

pub mod breaking;
pub mod chance;
pub mod clock;
pub mod ids;
pub mod mail_sink;
pub mod openid_provider;
pub mod proxy;
pub mod service;
