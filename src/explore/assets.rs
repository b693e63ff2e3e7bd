//! The files of the page, part of the program.

/// One file: its path, its type and what is in it.
pub(super) struct Asset {
    pub(super) path: &'static str,
    pub(super) kind: &'static str,
    pub(super) text: &'static str,
}

const HTML: &str = "text/html; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const PICTURE: &str = "image/svg+xml";

macro_rules! asset {
    ($path:literal, $kind:ident, $file:literal) => {
        Asset {
            path: $path,
            kind: $kind,
            text: include_str!(concat!("page/", $file)),
        }
    };
}

static ASSETS: [Asset; 13] = [
    asset!("/", HTML, "index.html"),
    asset!("/style.css", STYLE, "style.css"),
    asset!("/icon.svg", PICTURE, "icon.svg"),
    asset!("/app.js", SCRIPT, "app.js"),
    asset!("/body_map.js", SCRIPT, "body_map.js"),
    asset!("/colours.js", SCRIPT, "colours.js"),
    asset!("/compare.js", SCRIPT, "compare.js"),
    asset!("/controls.js", SCRIPT, "controls.js"),
    asset!("/curves.js", SCRIPT, "curves.js"),
    asset!("/ledger.js", SCRIPT, "ledger.js"),
    asset!("/numbers.js", SCRIPT, "numbers.js"),
    asset!("/scenario.js", SCRIPT, "scenario.js"),
    asset!("/words.js", SCRIPT, "words.js"),
];

/// The file at a path.
pub(super) fn at(path: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.path == path)
}
