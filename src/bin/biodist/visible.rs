//! Text of users on a terminal, which would take some of its signs for commands.

use std::borrow::Cow;

/// The text with every sign visible: commands of terminals and marks that turn the direction of reading are written out
/// as `\u{1b}`. Ends of lines and tabs stay.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(may_hide) || !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for sign in text.chars() {
        match is_hidden(sign) {
            true => shown.extend(sign.escape_unicode()),
            false => shown.push(sign),
        }
    }
    Cow::Owned(shown)
}

/// The text with a sign of the same length in the place of each hidden one, so that places in it stay; for what shows
/// the short commands (`U+001B`) itself.
pub fn masked(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mask = |sign: char| match (is_hidden(sign), sign.len_utf8()) {
        (true, 2) => '\u{b7}',
        (true, 3) => '\u{fffd}',
        _ => sign,
    };
    Cow::Owned(text.chars().map(mask).collect())
}

/// The first bytes of hidden signs, which few texts hold.
const fn may_hide(byte: u8) -> bool {
    (byte < b' ' && byte != b'\n' && byte != b'\t') || matches!(byte, 0x7f | 0xc2 | 0xe2)
}

fn is_hidden(sign: char) -> bool {
    let turns = matches!(sign, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    (sign.is_control() && sign != '\n' && sign != '\t') || turns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_written_out() {
        let title = "a\u{1b}]0;b\u{7}c\u{9b}2Jd\u{202e}e\rf\ttab\n";
        let shown = visible(title);
        assert_eq!(
            shown,
            "a\\u{1b}]0;b\\u{7}c\\u{9b}2Jd\\u{202e}e\\u{d}f\ttab\n"
        );
        assert_eq!(masked("a\u{9b}b\u{202e}c"), "a\u{b7}b\u{fffd}c");
        assert!(matches!(visible("Ratte, 25 \u{b5}m"), Cow::Borrowed(_)));
    }
}
