//! The common look: colours, type sizes, margins and how numbers are written.

/// A colour: red, green, blue.
pub(super) type Colour = (u8, u8, u8);

// Okabe and Ito, Color Universal Design (2008): told apart with every kind of colour vision.
pub(super) const BLACK: Colour = (0, 0, 0);
pub(super) const ORANGE: Colour = (230, 159, 0);
pub(super) const SKY: Colour = (86, 180, 233);
pub(super) const GREEN: Colour = (0, 158, 115);
pub(super) const YELLOW: Colour = (240, 228, 66);
pub(super) const BLUE: Colour = (0, 114, 178);
pub(super) const VERMILION: Colour = (213, 94, 0);
pub(super) const PURPLE: Colour = (204, 121, 167);

/// Colours of lines and bars, in their order. Without yellow, which is too faint on white.
pub(super) const LINES: [Colour; 7] = [BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, BLACK];

pub(super) const INK: Colour = (34, 34, 34);
pub(super) const FAINT_INK: Colour = (96, 96, 96);
pub(super) const AXIS: Colour = (110, 110, 110);
pub(super) const GRID: Colour = (228, 228, 228);
pub(super) const WHITE: Colour = (255, 255, 255);

/// Colour of line or series number `index`.
pub(super) const fn colour(index: usize) -> Colour {
    LINES[index % LINES.len()]
}

/// Size in px, colour and weight of a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Font {
    pub(super) size: f64,
    pub(super) colour: Colour,
    pub(super) bold: bool,
}

impl Font {
    const fn new(size: f64, colour: Colour, bold: bool) -> Self {
        Self { size, colour, bold }
    }

    pub(super) const fn coloured(self, colour: Colour) -> Self {
        Self { colour, ..self }
    }
}

/// What every viewer has; widths are estimated for the widest of them.
pub(super) const FAMILY: &str = "Helvetica, Arial, Liberation Sans, DejaVu Sans, sans-serif";
pub(super) const TITLE: Font = Font::new(19.0, INK, true);
pub(super) const SUBTITLE: Font = Font::new(14.0, FAINT_INK, false);
pub(super) const AXIS_TITLE: Font = Font::new(15.0, INK, false);
pub(super) const TICK: Font = Font::new(14.0, INK, false);
pub(super) const LABEL: Font = Font::new(14.0, INK, false);
pub(super) const HEADING: Font = Font::new(14.0, INK, true);

/// Width of a picture, px.
pub(super) const WIDTH: f64 = 800.0;
/// Height of a picture with axes, px.
pub(super) const HEIGHT: f64 = 500.0;
/// White space round everything, px.
pub(super) const MARGIN: f64 = 18.0;
/// Width of a data line, px.
pub(super) const STROKE: f64 = 2.2;

/// Width of a text, px: an upper estimate for common sans-serif faces.
pub(super) fn text_width(text: &str, font: Font) -> f64 {
    let em: f64 = text.chars().map(char_width).sum();
    em * font.size * if font.bold { 1.08 } else { 1.0 }
}

fn char_width(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | ' ' => 0.32,
        'f' | 'r' | 't' | '(' | ')' | '-' | '/' => 0.42,
        '⁰' | '¹' | '²' | '³' | '⁴' | '⁵' | '⁶' | '⁷' | '⁸' | '⁹' | '⁻' => 0.42,
        'm' | 'w' | 'M' | 'W' | '%' | '–' | '→' => 0.96,
        c if c.is_uppercase() => 0.7,
        _ => 0.61,
    }
}

/// Breaks a text into as few lines as fit into `width` px, about equally long; single words stay whole.
pub(super) fn wrapped(text: &str, font: Font, width: f64) -> Vec<String> {
    let mut lines = filled(text, font, width);
    let longest = |lines: &[String]| {
        let widths = lines.iter().map(|line| text_width(line, font));
        widths.fold(0.0, f64::max)
    };
    // Narrower by a hair than the longest line: that line breaks earlier, and the others take what it sheds.
    loop {
        let narrower = filled(text, font, longest(&lines) - 1e-6);
        if narrower.len() > lines.len() || longest(&narrower) >= longest(&lines) {
            return lines;
        }
        lines = narrower;
    }
}

/// Lines as full as `width` px allows.
pub(super) fn filled(text: &str, font: Font, width: f64) -> Vec<String> {
    let mut lines: Vec<String> = vec![];
    for word in text
        .split_whitespace()
        .flat_map(|word| pieces(word, font, width))
    {
        match lines.last_mut() {
            Some(line) if text_width(&format!("{line} {word}"), font) <= width => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    lines
}

/// A word that is wider than a line by far, in pieces; any other as it is.
fn pieces(word: &str, font: Font, width: f64) -> Vec<String> {
    if text_width(word, font) <= width.max(WIDTH / 2.0) {
        return vec![word.to_string()];
    }
    let mut pieces = vec![String::new()];
    for letter in word.chars() {
        match pieces.last_mut() {
            Some(piece) if text_width(piece, font) < width - font.size => piece.push(letter),
            _ => pieces.push(letter.to_string()),
        }
    }
    pieces
}

/// A text that is not wider than `width` px, cut where it is.
pub(super) fn shortened(text: &str, font: Font, width: f64) -> String {
    if text_width(text, font) <= width {
        return text.to_string();
    }
    let mut short = String::new();
    for letter in text.chars() {
        if text_width(&format!("{short}{letter}…"), font) > width {
            break;
        }
        short.push(letter);
    }
    format!("{}…", short.trim_end())
}

/// Ten to a power, as people write it: 100, 1, 0.001, 10⁻⁶.
pub(super) fn power_of_ten(exponent: i32) -> String {
    match exponent {
        0..=4 => grouped(&10_u32.pow(exponent.unsigned_abs()).to_string()),
        -3..=-1 => format!(
            "{:.*}",
            exponent.unsigned_abs() as usize,
            10_f64.powi(exponent)
        ),
        _ => format!("10{}", superscript(exponent)),
    }
}

/// Tens to powers, as people write them on one axis: either with all their zeros, or those of more than two with
/// exponents.
pub(super) fn powers_of_ten(exponents: impl Iterator<Item = i32> + Clone) -> Vec<String> {
    let short = exponents.clone().all(|k| (-3..=4).contains(&k));
    let write = |k: i32| match k {
        _ if short || (0..=2).contains(&k) => power_of_ten(k),
        _ => format!("10{}", superscript(k)),
    };
    exponents.map(write).collect()
}

fn superscript(exponent: i32) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let text = exponent.to_string();
    let raise = |c: char| c.to_digit(10).map_or('⁻', |digit| DIGITS[digit as usize]);
    text.chars().map(raise).collect()
}

/// A number for reading: three digits above ten, two below, powers of ten where zeros would blur.
pub(super) fn number(value: f64) -> String {
    let size = value.abs();
    let sign = if value < 0.0 { "−" } else { "" };
    if size < f64::MIN_POSITIVE {
        return "0".to_string();
    }
    // Rounded first, so that 0.996 is written as 1.0 and 9.96 as 10.0.
    let digits = if size < 9.95 { 1 } else { 2 };
    let rounded = format!("{size:.digits$e}");
    let (mantissa, exponent) = rounded.split_once('e').unwrap_or((&rounded, "0"));
    match exponent.parse::<i32>().unwrap_or(0) {
        0 | 1 => format!("{sign}{size:.1}"),
        2..=4 => {
            let whole = rounded.parse::<f64>().unwrap_or(size);
            format!("{sign}{}", grouped(&format!("{whole:.0}")))
        }
        small @ -3..=-1 => format!("{sign}{size:.*}", 1 + small.unsigned_abs() as usize),
        other => format!("{sign}{mantissa}×10{}", superscript(other)),
    }
}

/// Whole numbers of five digits and more in groups of three: "500000 cells" becomes "500 000 cells".
pub(super) fn grouped(text: &str) -> String {
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let mut grouped = String::new();
    for (index, letter) in text.chars().enumerate() {
        let left = digits.saturating_sub(index);
        if digits > 4 && index > 0 && left > 0 && left.is_multiple_of(3) {
            grouped.push('\u{a0}');
        }
        grouped.push(letter);
    }
    grouped
}

/// A number for an axis: as [`number`], without zeros at its end.
pub(super) fn short_number(value: f64) -> String {
    let text = number(value);
    if text.contains('.') && !text.contains('×') {
        return text.trim_end_matches('0').trim_end_matches('.').to_string();
    }
    text
}

/// A name of the model as people write it: `bone_marrow` becomes "bone marrow".
pub(super) fn plain(name: &str) -> String {
    name.replace('_', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_people_read_them() {
        let cases = [
            (0.0, "0"),
            (100.0, "100"),
            (95.27, "95.3"),
            (9.96, "10.0"),
            (9.94, "9.9"),
            (0.996, "1.0"),
            (123.4, "123"),
            (4271.0, "4270"),
            (37493.0, "37\u{a0}500"),
            (99960.0, "1.00×10⁵"),
            (0.0123, "0.012"),
            (3.2e-8, "3.2×10⁻⁸"),
            (-2.5, "−2.5"),
        ];
        for (value, text) in cases {
            assert_eq!(number(value), text);
        }
        assert_eq!(power_of_ten(2), "100");
        assert_eq!(power_of_ten(-3), "0.001");
        assert_eq!(power_of_ten(-12), "10⁻¹²");
        assert_eq!(powers_of_ten(2..=4), ["100", "1000", "10\u{a0}000"]);
        assert_eq!(powers_of_ten(2..=5), ["100", "10³", "10⁴", "10⁵"]);
        assert_eq!(grouped("500000 cells"), "500\u{a0}000 cells");
        assert_eq!(grouped("100 million cells"), "100 million cells");
        assert_eq!(grouped("2.5 million cells"), "2.5 million cells");
    }

    #[test]
    fn lines_are_about_equally_long() {
        let text = "one two three four five six seven";
        let wide = text_width(text, LABEL);
        assert_eq!(wrapped(text, LABEL, wide), [text]);
        let two = wrapped(text, LABEL, 0.95 * wide);
        assert_eq!(two, ["one two three four", "five six seven"]);
        assert_eq!(wrapped("unbreakable", LABEL, 1.0), ["unbreakable"]);
        assert!(wrapped("", LABEL, 10.0).is_empty());
        let endless = wrapped(&"x".repeat(200), LABEL, 500.0);
        assert!(endless.len() > 2 && endless.iter().all(|line| text_width(line, LABEL) <= 500.0));
        assert_eq!(shortened("muscle", LABEL, 100.0), "muscle");
        assert_eq!(
            shortened("an organ of a long name", LABEL, 100.0),
            "an organ of…"
        );
    }
}
