//! Promise: the page to play with does what it shows: sliders move curves, the ledger sums to the dose, wrong
//! values are refused beside their control, and nothing leaves the machine.
//!
//! Needs Chromium: `tests/browser/run`.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

mod chromium;

use biodist::explore::Explore;
use biodist::prelude::*;
use chromium::{Browser, Page};
use serde_json::json;

/// A server of its own and a page that shows it.
fn open(browser: &Browser, width: u32) -> (Page, String) {
    let server = Explore::bind(0).unwrap();
    let url = server.url();
    std::thread::spawn(move || server.serve());
    let mut page = browser.page(width);
    page.go(&url);
    page.until(
        "document.getElementById('ledger-table') !== null",
        "the first answer",
    );
    (page, url)
}

const DOSE: &str = "Number(document.getElementById('ledger-table').dataset.dose)";

/// Both of one look: answers to the slider may still come in.
fn sums_to_the_dose(page: &mut Page) {
    let table = "document.getElementById('ledger-table').dataset";
    let share = page.number(&format!("(d => d.sum / d.dose)({table})"));
    assert!((share - 1.0).abs() < 1e-9, "{share} of the dose");
}

/// Types into a control as a person would.
fn type_into(page: &mut Page, id: &str, text: &str) {
    page.eval(&format!(
        "document.getElementById('{id}').focus(), document.getElementById('{id}').select()"
    ));
    page.send("Input.insertText", json!({ "text": text }));
}

#[test]
#[ignore = "needs Chromium: tests/browser/run"]
fn a_slider_moves_the_curves_and_the_ledger_sums_to_the_dose() {
    let browser = Browser::start();
    let (mut page, _) = open(&browser, 1280);
    let before = page.text("document.getElementById('curves').innerHTML");
    let dose = page.number(DOSE);
    assert!((dose - 1e8).abs() < 1.0, "{dose}");
    // Drag the knob of the dose to the right.
    let place = |page: &mut Page, share: f64| {
        let r = "document.getElementById('dose-slider').getBoundingClientRect()";
        page.eval("document.getElementById('dose-slider').scrollIntoView({ block: 'center' })");
        let (left, width) = (
            page.number(&format!("{r}.left")),
            page.number(&format!("{r}.width")),
        );
        let (top, height) = (
            page.number(&format!("{r}.top")),
            page.number(&format!("{r}.height")),
        );
        (left + share * width, top + 0.5 * height)
    };
    // 1e8 stands at 5/7 of the way from 1e3 to 1e10.
    let (from, to) = (place(&mut page, 5.0 / 7.0), place(&mut page, 0.9));
    page.mouse("mousePressed", from);
    for step in 1..=5 {
        let x = from.0 + (to.0 - from.0) * f64::from(step) / 5.0;
        page.mouse("mouseMoved", (x, from.1));
    }
    page.mouse("mouseReleased", to);
    page.until(&format!("{DOSE} > 2e8"), "the answer to the slider");
    assert!(page.text("document.getElementById('curves').innerHTML") != before);
    for control in [
        "",
        "document.getElementById('time').value = 3; document.getElementById('time').dispatchEvent(new Event('input'))",
    ] {
        page.eval(control);
        sums_to_the_dose(&mut page);
    }
    // Another host and way in: the body and the title follow.
    page.eval("const s = document.getElementById('species'); s.value = 'mouse'; s.dispatchEvent(new Event('change'))");
    page.until(&format!("{DOSE} < 2e6"), "the mouse");
    sums_to_the_dose(&mut page);
    page.nothing_left_the_machine();
}

#[test]
#[ignore = "needs Chromium: tests/browser/run"]
fn the_film_plays_and_pins_compare() {
    let browser = Browser::start();
    let (mut page, _) = open(&browser, 1280);
    page.eval("document.getElementById('time').value = 0; document.getElementById('time').dispatchEvent(new Event('input'))");
    let before = page.text("document.getElementById('bodies').innerHTML");
    page.eval("document.getElementById('play').click()");
    page.until(
        "document.getElementById('play').getAttribute('aria-pressed') === 'true'",
        "the film",
    );
    page.until(
        "Number(document.getElementById('time').value) > 20",
        "later pictures",
    );
    assert!(page.text("document.getElementById('bodies').innerHTML") != before);
    page.eval("document.getElementById('play').click()");
    page.eval("document.getElementById('pin').click()");
    page.eval("const r = document.getElementById('route'); r.value = 'portal_vein'; r.dispatchEvent(new Event('change'))");
    page.until(
        "!document.getElementById('compare').hidden",
        "the comparison",
    );
    page.until(
        "document.querySelectorAll('#pins tbody tr').length >= 2",
        "two scenarios side by side",
    );
    // The link brings the same back, pins and all.
    let link = page.text("location.href");
    assert!(
        link.contains("portal_vein") && link.contains("pin="),
        "{link}"
    );
    let mut other = browser.page(1280);
    other.go(&link);
    other.until(
        "document.querySelectorAll('#pins tbody tr').length >= 2",
        "the pins of the link",
    );
    assert_eq!(
        other.text("document.getElementById('route').value"),
        "portal_vein"
    );
    page.nothing_left_the_machine();
    other.nothing_left_the_machine();
}

#[test]
#[ignore = "needs Chromium: tests/browser/run"]
fn wrong_values_are_refused_beside_their_control_and_good_ones_are_saved() {
    let browser = Browser::start();
    let (mut page, _) = open(&browser, 1280);
    for (id, wrong, said) in [
        ("weight", "0", "above 0"),
        ("weight", "-3", "above 0"),
        ("dose", "many", "number of cells"),
        ("horizon", "0", "days"),
    ] {
        type_into(&mut page, id, wrong);
        let fault = format!("document.getElementById('{id}-fault')?.textContent ?? ''");
        page.until(
            &format!("({fault}).includes('{said}')"),
            &format!("the fault of {id} = {wrong}"),
        );
        assert_eq!(
            page.text(&format!(
                "document.getElementById('{id}').getAttribute('aria-invalid')"
            )),
            "true"
        );
        page.eval("document.getElementById('reset').click()");
        page.until(&format!("({fault}) === ''"), "a clean control");
    }
    // What only the program can refuse stands beside its control too.
    type_into(&mut page, "infusion", "100000");
    page.until(
        "document.querySelector('.fault:not([hidden])')?.textContent.length > 10",
        "the program's refusal",
    );
    page.eval("document.getElementById('reset').click()");
    page.until(
        "document.getElementById('result').className === '' && document.getElementById('download').hasAttribute('href')",
        "the start again",
    );
    let toml = page.download(
        "document.getElementById('download').click()",
        "scenario.toml",
    );
    let saved = Scenario::from_toml(&toml).unwrap_or_else(|error| panic!("{error}\n{toml}"));
    saved.check().unwrap();
    assert_eq!(saved.host.species.name(), "human_male");
    page.nothing_left_the_machine();
}

#[test]
#[ignore = "needs Chromium: tests/browser/run"]
fn a_phone_and_a_keyboard_are_enough() {
    let browser = Browser::start();
    let (mut page, _) = open(&browser, 360);
    let (inner, wide) = (
        page.number("document.documentElement.clientWidth"),
        page.number("document.documentElement.scrollWidth"),
    );
    assert!(
        wide <= inner,
        "{wide} of {inner} px: the page scrolls sideways"
    );
    let nameless = page.text(
        "[...document.querySelectorAll('input, select, button, a')].filter((one) => !(one.labels?.length || \
         one.getAttribute('aria-label') || one.textContent.trim())).map((one) => one.outerHTML).join(' ')",
    );
    assert_eq!(nameless, "", "controls without a name");
    // Tab from the top reaches every control of the form.
    page.eval("document.body.focus()");
    let mut reached = std::collections::BTreeSet::new();
    for _ in 0..40 {
        page.key("Tab", 9);
        reached.insert(page.text("document.activeElement.id"));
    }
    for id in [
        "species",
        "weight",
        "condition",
        "product",
        "route",
        "dose-slider",
        "dose",
        "infusion",
        "horizon",
        "assay",
        "pin",
        "share",
        "download",
        "reset",
        "play",
        "time",
    ] {
        assert!(reached.contains(id), "{id} of {reached:?}");
    }
    // Arrows move a slider, and the answer follows.
    let before = page.number(DOSE);
    page.eval("document.getElementById('dose-slider').focus()");
    page.key("ArrowLeft", 37);
    page.until(&format!("{DOSE} < {before}"), "the answer to a key");
    page.nothing_left_the_machine();
}

/// The captions of the bodies are the rows of the ledger, also those of a label.
const CAPTIONS_ARE_THE_LEDGER: &str = "(() => { \
    const row = [...document.querySelectorAll('#ledger-table tr.body td')].map((td) => td.textContent + ' % of the dose'); \
    const said = [...document.querySelectorAll('#bodies figcaption .all')].map((one) => one.textContent); \
    return said.length >= 2 && said.join() === [row[0], row[1], ...(said.length > 2 ? [row[3]] : [])].join(); })()";

fn choose(page: &mut Page, id: &str, value: &str) {
    page.eval(&format!(
        "const s = document.getElementById('{id}'); s.value = '{value}'; s.dispatchEvent(new Event('change'))"
    ));
}

#[test]
#[ignore = "needs Chromium: tests/browser/run"]
fn map_ledger_and_curves_say_the_same_of_every_instrument() {
    let browser = Browser::start();
    let (mut page, _) = open(&browser, 1280);
    let instruments =
        "[...document.getElementById('assay').options].map((one) => one.value).join('|')";
    let instruments = page.text(instruments);
    assert!(instruments.split('|').count() > 20, "{instruments}");
    for instrument in instruments.split('|').step_by(4) {
        choose(&mut page, "assay", instrument);
        for dose in ["3e7", "1e9"] {
            type_into(&mut page, "dose", dose);
            page.until(
                &format!("{DOSE} === {dose}"),
                &format!("{instrument} at {dose}"),
            );
            page.until(
                CAPTIONS_ARE_THE_LEDGER,
                &format!("captions of {instrument} at {dose}"),
            );
            sums_to_the_dose(&mut page);
        }
    }
    // A run of two years ends in numbers that are hardly there: nothing is drawn with what is no number.
    type_into(&mut page, "horizon", "700");
    page.until(
        "document.getElementById('ledger-table') !== null",
        "the long run",
    );
    let whole = "[...document.querySelectorAll('*')].every((one) => [...one.attributes].every((a) => \
                 !/NaN|undefined|Infinity/.test(a.value)))";
    page.until(whole, "a picture of numbers");
    page.nothing_left_the_machine();
}

#[test]
#[ignore = "needs Chromium: tests/browser/run"]
fn numbers_are_read_as_they_are_written() {
    let browser = Browser::start();
    let (mut page, _) = open(&browser, 1280);
    for (typed, dose) in [
        ("100,000", "1e5"),
        ("2 500 000", "2.5e6"),
        ("1,5e6", "1.5e6"),
    ] {
        type_into(&mut page, "dose", typed);
        page.until(&format!("Math.abs({DOSE} / {dose} - 1) < 1e-9"), typed);
    }
    type_into(&mut page, "weight", "1,234");
    page.until(
        "(document.getElementById('weight-fault')?.textContent ?? '').includes('1234 or 1.234')",
        "the question which of the two is meant",
    );
    // What is shown is marked as old, and neither pinned nor saved.
    page.until(
        "document.getElementById('result').classList.contains('refused') && document.getElementById('pin').disabled \
         && !document.getElementById('download').hasAttribute('href')",
        "the mark of an old answer",
    );
    page.eval("document.getElementById('reset').click()");
    page.until(
        "document.getElementById('result').className === '' && !document.getElementById('pin').disabled",
        "a new answer",
    );
    assert_eq!(
        page.text("document.getElementById('clock').textContent"),
        "24 h"
    );
    page.nothing_left_the_machine();
}

#[test]
#[ignore = "needs Chromium: tests/browser/run"]
fn a_damaged_link_is_told_and_its_good_parts_are_kept() {
    let browser = Browser::start();
    let (_, url) = open(&browser, 1280);
    let mut page = browser.page(1280);
    page.go(&format!(
        "{url}#species=mouse&assay=foo&pin=%00&pin=route%3Dportal_vein"
    ));
    page.until(
        "document.getElementById('assay-fault')?.textContent === \"'foo' is not known.\"",
        "the fault of the instrument",
    );
    assert_eq!(page.text("document.getElementById('weight').value"), "25");
    choose(&mut page, "assay", "");
    page.until(
        "document.querySelectorAll('#pins tbody tr').length >= 2",
        "the good pin",
    );
    sums_to_the_dose(&mut page);
    page.nothing_left_the_machine();
}

/// What is to be read on the part of the page that the picture of the docs shows.
const SHOWN: &str = "['header', '#controls label', '#controls button', '#summary', '#clock', '#bodies figcaption', '#scales'] \
    .flatMap((one) => [...document.querySelectorAll(one)]).map((one) => one.textContent.trim()).join('\\n')";

/// With `BIODIST_DRAW` set it draws the picture instead, and writes down what is to be read on it.
#[test]
#[ignore = "needs Chromium: tests/browser/run"]
fn the_picture_of_the_docs_shows_the_page_of_today() {
    let browser = Browser::start();
    let (mut page, _) = open(&browser, 1280);
    page.until(
        "document.getElementById('summary').textContent.includes('After')",
        "the summary",
    );
    let shown = page.text(SHOWN) + "\n";
    let docs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/pictures");
    if std::env::var_os("BIODIST_DRAW").is_some() {
        std::fs::write(docs.join("explore.png"), page.picture()).unwrap();
        std::fs::write(docs.join("explore.txt"), &shown).unwrap();
    }
    let drawn = std::fs::read_to_string(docs.join("explore.txt")).unwrap();
    assert_eq!(
        shown, drawn,
        "draw it anew: BIODIST_DRAW=1 tests/browser/run picture"
    );
}
