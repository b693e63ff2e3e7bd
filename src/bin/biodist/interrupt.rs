//! Ctrl-C: what is under way ends in order, what is done is kept.

use std::process::exit;
use std::sync::OnceLock;

use biodist::cancel::CancelToken;

/// What shells report of a program that Ctrl-C ended.
pub const CODE: u8 = 130;

static TOKEN: OnceLock<CancelToken> = OnceLock::new();

/// The token of this call; from the first time that it is asked for, Ctrl-C cancels it. A second Ctrl-C ends the program
/// at once.
pub fn token() -> &'static CancelToken {
    TOKEN.get_or_init(|| {
        let token = CancelToken::new();
        let asked = token.clone();
        let handler = move || match asked.is_cancelled() {
            true => exit(i32::from(CODE)),
            false => asked.cancel(),
        };
        // Where there is no handler, Ctrl-C ends the program as it does any other.
        let _ = ctrlc::set_handler(handler);
        token
    })
}
