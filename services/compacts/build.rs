//! Has the linker keep one of all functions that came out alike, in an optimised build.
//!
//! What answers GraphQL is written by macros, once for every type and every way of asking, and much of it comes out the same: more than a
//! third of the program, and of the memory it takes. Only where the compiler links by `lld`, whose option this is.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is = |name: &str, wanted: &str| env::var(name).is_ok_and(|found| found == wanted);
    let by_lld = is("TARGET", "x86_64-unknown-linux-gnu");
    if by_lld && is("PROFILE", "release") {
        println!("cargo::rustc-link-arg-bins=-Wl,--icf=all");
    }
}
