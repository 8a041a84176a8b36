//! Prints `docs/access.md` as the policies have it.

use std::error::Error;

use access::Access;

fn main() -> Result<(), Box<dyn Error>> {
    print!("{}", access::page(&Access::load()?)?);
    Ok(())
}
