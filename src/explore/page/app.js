// From a control to a question, and from an answer to the page.
import { BodyMap } from "./body_map.js";
import { lookOf } from "./colours.js";
import { drawCompared, fillTargets, MOST, nameOf } from "./compare.js";
import { Controls } from "./controls.js";
import { draw } from "./curves.js";
import { drawLedger } from "./ledger.js";
import { between, nearest } from "./numbers.js";
import { ask, fromHash, question, Refused, START, toHash } from "./scenario.js";
import { cells, hostName, hours, html, isBlood, mass, percent, placeName, plain, title, together, wayIn } from "./words.js";

const at = (id) => document.getElementById(id);
// A question that takes longer than this is given up when there is a newer one, and is seen to take long, ms.
const LONG = 250;
const SILENT = "The program does not answer. Is it still running?";
const NOTHING = "Nothing could be computed yet.";

let choices;
let controls;
let map;
let state;
let answer = null;
let pins = [];
let place = "lung";
// The time that is looked at, h; it outlives the answer.
let wanted = 24;
let flight = null;
let waiting = false;
let playing = 0;

// --- questions -------------------------------------------------------------------------------

// Many changes in one frame are one question, and one question is asked at a time. What is chosen from a
// list is asked and remembered at once, what is dragged or typed when it rests.
function changed(next, once) {
  state = { ...next };
  if (!controls.good()) {
    hold(false);
    return;
  }
  if (once) {
    send();
    remember();
    return;
  }
  clearTimeout(remembering);
  remembering = setTimeout(remember, 300);
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => { waiting = false; send(); });
}

async function send() {
  if (flight) {
    flight.again = true;
    if (performance.now() - flight.since > LONG) flight.abort.abort();
    return;
  }
  flight = { abort: new AbortController(), since: performance.now(), again: false };
  const asked = { ...state };
  if (look !== "refused") mark("stale");
  let got = null;
  try {
    got = await ask(question(asked, choices.assays), flight.abort.signal);
  } catch (error) {
    if (error.name !== "AbortError") refuse(error);
  }
  const { again } = flight;
  flight = null;
  if (again) send();
  if (!got) return;
  answer = { ...got, state: asked };
  controls.accept();
  show();
  if (controls.good()) release(again);
}

function refuse(error) {
  if (!(error instanceof Refused)) controls.general(SILENT);
  else controls.refuse(error);
  // What is wrong with no control may be over in a moment.
  hold(!error.faults?.length);
}

// --- how far the result is that of the controls --------------------------------------------------

let look = "";
let looking = 0;
let retry = false;

// "", "stale" or "refused"; a look that lasts only a moment is not put on.
function mark(next) {
  if (next === look) return;
  look = next;
  clearTimeout(looking);
  if (look) looking = setTimeout(wear, LONG);
  else wear();
}

function wear() {
  for (const one of ["stale", "refused"]) at("result").classList.toggle(one, look === one);
  const parts = [];
  if (look === "refused") {
    const shown = answer ? "Shown: the last scenario that could be computed." : NOTHING;
    parts.push(html("span", { textContent: shown }));
    if (retry) parts.push(tryAgain(send));
  }
  at("held").replaceChildren(...parts);
}

function tryAgain(action) {
  const button = html("button", { type: "button", className: "small", textContent: "Try again" });
  button.addEventListener("click", action);
  return button;
}

// Keeps the last result to be seen, but not to be pinned or saved as what the controls say.
function hold(again) {
  const other = retry !== again;
  retry = again;
  if (!answer) at("summary").textContent = again ? SILENT : "This scenario cannot be computed: see the marked controls.";
  at("pin").disabled = true;
  at("download").removeAttribute("href");
  at("download").setAttribute("aria-disabled", "true");
  if (look === "refused" && other) wear();
  mark("refused");
}

function release(more) {
  at("pin").disabled = false;
  at("download").href = saved;
  at("download").removeAttribute("aria-disabled");
  // While newer questions wait, what is seen to be old stays so.
  if (!more || !at("result").classList.contains("stale")) mark("");
}

// --- what is shown ---------------------------------------------------------------------------

const index = () => nearest(answer.times, wanted);

function rows() {
  const { living, remains, label } = choices.colours;
  const list = [
    { name: "living", title: "Living cells", short: "Living", stops: living },
    { name: "remains", title: "Remains", short: "Remains", stops: remains },
  ];
  for (const one of answer.labels) {
    list.push({ name: "label", title: `Label ${plain(one.name)}`, short: "Label", stops: label, label: one });
  }
  return list;
}

// % of the dose by place; the great vessels together are blood.
function shares(row, k) {
  const here = new Map();
  answer.places.forEach((one, index) => {
    const name = isBlood(one.name) ? "blood" : one.name;
    const cells = row.label ? row.label.places[index][k] : one[row.name][k];
    here.set(name, (here.get(name) ?? 0) + (100 * cells) / answer.dose);
  });
  return here;
}

let saved = "";
function show() {
  at("time").max = answer.times.length - 1;
  map.lay(answer.body, rows());
  fillQuantities();
  if (!answer.places.some((one) => one.name === place)) place = "lung";
  fillTargets(answer.places, place);
  const NAMES = /(?<![.\w])[a-z]+(_[a-z0-9]+)+(?![.\w])/g;
  const words = (note) => note.replace(NAMES, plain).replace(/^./, (one) => one.toUpperCase());
  at("notes").replaceChildren(...answer.notes.map((note) => html("li", { textContent: words(note) })));
  at("work").textContent = `${answer.program}: ${answer.steps} steps, ${answer.elapsed_ms.toFixed(1)} ms.`;
  if (saved) URL.revokeObjectURL(saved);
  saved = URL.createObjectURL(new Blob([answer.toml], { type: "application/toml" }));
  showTime();
  say();
}

function showTime() {
  if (!answer) return;
  const k = index();
  const now = answer.times[k];
  at("time").value = k;
  at("time").setAttribute("aria-valuetext", hours(now));
  at("clock").textContent = hours(now);
  at("glance-time").textContent = now > 0 ? `After ${hours(now)}` : "Start";
  at("ledger-time").textContent = now > 0 ? `at ${hours(now)}` : "at the start";
  map.paint((row) => shares(row, k), place);
  drawCurves(now);
  drawLedger(answer, k, place, choose);
  const log = at("scale").value === "log";
  drawCompared([{ state: answer.state, answer }, ...pins], { place, now, log, pick: goTo, remove });
}

function fillQuantities() {
  const list = rows().map((row) => [row.name, row.title]);
  if (answer.reading) list.push(["reading", title(answer.reading.title)]);
  const before = at("quantity").value;
  at("quantity").replaceChildren(...list.map(([value, textContent]) => html("option", { value, textContent })));
  at("quantity").value = list.some(([value]) => value === before) ? before : "living";
}

// The six places that ever hold most, and the chosen one.
function drawCurves(now) {
  const quantity = at("quantity").value;
  const { reading, labels, dose, times, places } = answer;
  const course = (one, index) => {
    if (quantity === "reading") return reading.places[index];
    const values = quantity === "label" ? labels[0].places[index] : one[quantity];
    return values.map((value) => (100 * value) / dose);
  };
  const names = places.map((one) => one.name);
  const all = places.map((one, index) => {
    const values = course(one, index);
    const peak = Math.max(0, ...values.filter((value) => Number.isFinite(value)));
    const look = lookOf(one.name, names);
    return { name: placeName(one.name), strong: one.name === place, times, values, peak, ...look };
  });
  const order = [...all].sort((a, b) => b.peak - a.peak);
  const log = at("scale").value === "log";
  const unit = quantity === "reading" ? reading.unit : "%";
  // What never comes above the floor of the logarithms has no line there.
  const least = log && unit === "%" ? Math.min(0.01, order[0].peak / 10) : 0;
  const seen = order.filter((line) => line.peak > least);
  const lines = order.filter((line) => seen.indexOf(line) >= 0 && (seen.indexOf(line) < 6 || line.strong));
  draw(at("curves"), {
    lines, log, unit, now, pick: goTo,
    axis: unit === "%" ? "{unit} of dose" : "{unit}",
    label: `${at("quantity").selectedOptions[0]?.textContent} over time in ${lines.map((line) => line.name).join(", ")}`,
  });
}

// The answer in two sentences, for everybody and for screen readers; not while a slider moves.
let saying = 0;
function say() {
  clearTimeout(saying);
  saying = setTimeout(() => { at("summary").textContent = together(summary()); }, 120);
}

function summary() {
  const { species, weight, condition, dose, product, route, infusion } = answer.state;
  const over = infusion > 0 ? `over ${hours(infusion / 60)}` : "as a bolus";
  const host = `a ${hostName(species)} of ${mass(weight)}${condition ? ` (${plain(condition)})` : ""}`;
  const given = `${cells(dose)} ${plain(product)} are given ${wayIn(route)} ${over} to ${host}.`;
  const end = answer.times.at(-1);
  const times = [1, 24, 72].filter((time) => time < end).slice(0, 2);
  const looks = (times.length ? times : [end]).map((time) => {
    const here = answer.places.map((one) => [one.name, (100 * between(answer.times, one.living, time)) / answer.dose]);
    const all = here.reduce((sum, [, value]) => sum + value, 0);
    const [name, most] = here.reduce((a, b) => (b[1] > a[1] ? b : a));
    return { time: hours(time), all: percent(all), name, most: percent(most) };
  });
  const where = ({ name }) => `above all in the ${placeName(name)}`;
  const [first, second] = looks;
  const start = `After ${first.time}, ${first.all} % of them live`;
  if (first.all === "0") return `${given} After ${first.time}, none of them lives.`;
  if (!second) return `${given} ${start}, ${where(first)} (${first.most} %).`;
  const early = `${start}, ${where(first)} (${first.most} %); after ${second.time}`;
  if (second.all === "0") return `${given} ${early}, none.`;
  if (first.name !== second.name) return `${given} ${early}, ${second.all} %, ${where(second)} (${second.most} %).`;
  return `${given} ${start}; after ${second.time}, ${second.all} %; ${where(first)} (${first.most} % and ${second.most} %).`;
}

// --- what a user does --------------------------------------------------------------------------

function goTo(time) {
  wanted = answer.times[nearest(answer.times, time)];
  showTime();
}

function choose(name) {
  if (!answer?.places.some((one) => one.name === name)) return;
  place = name;
  at("target").value = name;
  showTime();
}

function stop() {
  cancelAnimationFrame(playing);
  clearTimeout(playing);
  playing = 0;
  at("play").textContent = "Play";
  at("play").setAttribute("aria-pressed", "false");
}

function play() {
  if (playing || !answer) { stop(); return; }
  at("play").textContent = "Pause";
  at("play").setAttribute("aria-pressed", "true");
  // The way through the answer, from 0 to 1.
  let way = index() / (answer.times.length - 1);
  if (way >= 1) way = 0;
  const seek = () => {
    const k = Math.round(way * (answer.times.length - 1));
    if (k !== index()) {
      wanted = answer.times[k];
      showTime();
    }
  };
  // Who wants less motion sees a few still pictures instead of a film.
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
    const step = () => {
      way = Math.min(1, way + 0.125);
      seek();
      if (way >= 1) stop();
      else playing = setTimeout(step, 1200);
    };
    playing = setTimeout(step, 0);
    return;
  }
  let last = performance.now();
  const step = (time) => {
    way = Math.min(1, way + Math.max(0, time - last) / 9000);
    last = time;
    seek();
    if (way >= 1) stop();
    else playing = requestAnimationFrame(step);
  };
  playing = requestAnimationFrame(step);
}

let remembering = 0;
function remember() {
  clearTimeout(remembering);
  // The pins of a link that is being read are still in it only.
  if (reading) return;
  const hash = toHash(state, pins.map((pin) => pin.state));
  try {
    history.replaceState(null, "", hash ? `#${hash}` : location.pathname);
  } catch {
    // Browsers bound how often an address may change.
  }
}

function tell(text, undo) {
  at("said").textContent = text;
  if (!undo) return;
  const button = html("button", { type: "button", className: "small", textContent: "Undo" });
  button.addEventListener("click", () => { tell(""); undo(); at("pin").focus(); });
  at("said").append(" ", button);
}

function pin() {
  if (!answer || at("pin").disabled) return;
  if (pins.length >= MOST) { tell(`At most ${MOST} scenarios can be pinned.`); return; }
  pins.push({ state: { ...answer.state }, answer });
  remember();
  showTime();
  tell("Pinned. Change something to compare.");
}

function remove(number) {
  const [gone] = pins.splice(number, 1);
  remember();
  showTime();
  tell("Pin removed.", () => { pins.splice(number, 0, gone); remember(); showTime(); });
  if (document.activeElement?.closest("#pins")) return;
  ([...document.querySelectorAll("#pins button")].at(-1) ?? at("pin")).focus();
}

function startAgain() {
  const before = { state, pins };
  pins = [];
  controls.show(START);
  changed(START, true);
  const same = toHash(before.state, before.pins) === "";
  tell(same ? "" : "Started again.", same ? null : () => {
    pins = before.pins;
    controls.show(before.state);
    changed(before.state, true);
  });
}

async function copyLink() {
  remember();
  try {
    await navigator.clipboard.writeText(location.href);
    tell("Link copied.");
  } catch {
    tell("The address of this page is the link.");
  }
}

let reading = null;
async function restore() {
  clearTimeout(remembering);
  const { state: asked, pins: kept } = fromHash(location.hash, choices.species);
  const mine = (reading = {});
  pins = [];
  tell("");
  controls.show(asked);
  changed(asked, true);
  // One after the other: a link may hold any number of pins.
  const sound = kept.filter((one) => controls.sound(one));
  let tried = 0;
  for (const one of sound) {
    if (pins.length >= MOST || tried >= 4 * MOST) break;
    tried += 1;
    const got = await ask(question(one, choices.assays)).catch(() => null);
    if (reading !== mine) return;
    if (!got) continue;
    pins.push({ state: one, answer: got });
    showTime();
  }
  reading = null;
  const left = sound.length - tried;
  const lost = kept.length - left - pins.length;
  const words = [];
  if (lost > 0) words.push(`${lost} of the ${kept.length} pins of this link could not be computed.`);
  if (left > 0) words.push(`At most ${MOST} scenarios can be pinned; ${left} of this link were left out.`);
  if (words.length) tell(words.join(" "));
}

async function load() {
  at("held").replaceChildren();
  try {
    const response = await fetch("/api/choices");
    if (!response.ok) throw new Error(response.statusText);
    choices = await response.json();
  } catch {
    at("summary").textContent = SILENT;
    at("held").replaceChildren(html("span", { textContent: NOTHING }), tryAgain(load));
    return;
  }
  await start();
}

async function start() {
  controls = new Controls(choices, changed);
  map = new BodyMap(choices, choose);
  at("time").addEventListener("input", () => {
    stop();
    if (!answer) return;
    wanted = answer.times[Number(at("time").value)];
    showTime();
  });
  at("play").addEventListener("click", play);
  at("quantity").addEventListener("change", showTime);
  at("scale").addEventListener("change", showTime);
  at("target").addEventListener("change", () => choose(at("target").value));
  at("pin").addEventListener("click", pin);
  at("share").addEventListener("click", copyLink);
  at("reset").addEventListener("click", startAgain);
  addEventListener("resize", showTime);
  addEventListener("hashchange", restore);
  addEventListener("keydown", (event) => { if (event.key === "Escape" && playing) stop(); });
  await restore();
}

load();
