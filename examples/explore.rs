//! The page to play with: move a slider, and the body and the curves follow.
//!
//! It is served to this machine only and asks nothing of any other.
//!
//! ```text
//! cargo run --release --features explore --example explore [-- PORT]
//! ```

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let port = std::env::args()
        .nth(1)
        .map_or(Ok(8080), |port| port.parse());
    let port = port.map_err(|_| "the port must be a number from 0 to 65535")?;
    biodist::explore::serve(port, |url| {
        println!("open {url} in a browser; end with Ctrl-C");
    })?;
    Ok(())
}
