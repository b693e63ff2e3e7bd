// From a control to a question, and from an answer to the page.
import { BodyMap } from "./body_map.js";
import { drawCompared, fillTargets, MOST, nameOf } from "./compare.js";
import { Controls } from "./controls.js";
import { draw } from "./curves.js";
import { drawLedger } from "./ledger.js";
import { ask, fromHash, question, Refused, START, toHash } from "./scenario.js";
import { hours, html, isBlood, percent, placeName, plain, title } from "./words.js";

const at = (id) => document.getElementById(id);
const COLOURS = { lung: "#0072b2", liver: "#d55e00", spleen: "#cc79a7", kidney: "#009e73", heart: "#b07a00", brain: "#56b4e9", bone_marrow: "#111111" };
const OTHERS = ["#7a5195", "#6b705c", "#a23b72", "#3d7ea6", "#8a6d3b"];
// A question that takes longer than this is given up when there is a newer one, ms.
const LONG = 250;

let choices;
let controls;
let map;
let state;
let answer = null;
let pins = [];
let place = "lung";
// The time that is looked at, as a share of the way through the answer, so that it outlives it.
let share = 0.75;
let flight = null;
let waiting = false;
let playing = 0;

// --- questions -------------------------------------------------------------------------------

// Many changes in one frame are one question, and one question is asked at a time.
function changed(next) {
  state = { ...next };
  remember();
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
  at("result").classList.add("stale");
  try {
    const got = await ask(question(asked, choices.assays), flight.abort.signal);
    answer = { ...got, state: asked };
    controls.accept();
    show();
  } catch (error) {
    if (error instanceof Refused) {
      controls.refuse(error);
      if (!answer) at("summary").textContent = "This scenario cannot be computed: see the marked controls.";
    } else if (error.name !== "AbortError") controls.general("The program does not answer. Is it still running?");
  }
  const { again } = flight;
  flight = null;
  if (again) send();
}

// --- what is shown ---------------------------------------------------------------------------

const index = () => Math.round(share * (answer.times.length - 1));

function rows() {
  const { living, remains, label } = choices.colours;
  const list = [
    { name: "living", title: "Living cells", stops: living },
    { name: "remains", title: "Remains", stops: remains },
  ];
  for (const one of answer.labels) list.push({ name: "label", title: `Label ${plain(one.name)}`, stops: label, label: one });
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

function show() {
  at("time").max = answer.times.length - 1;
  map.lay(answer.body, rows());
  fillQuantities();
  if (!answer.places.some((one) => one.name === place)) place = "lung";
  fillTargets(answer.places, place);
  at("notes").replaceChildren(...answer.notes.map((note) => html("li", { textContent: note })));
  at("work").textContent = `${answer.program}: ${answer.steps} steps, ${answer.elapsed_ms.toFixed(1)} ms.`;
  at("result").classList.remove("stale");
  const old = at("download").href;
  at("download").href = URL.createObjectURL(new Blob([answer.toml], { type: "application/toml" }));
  if (old.startsWith("blob:")) URL.revokeObjectURL(old);
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
  at("ledger-time").textContent = `at ${hours(now)}`;
  map.paint((row) => shares(row, k), place);
  drawCurves(now);
  drawLedger(answer, k, place, choose);
  const entries = [{ state: answer.state, answer }, ...pins.filter((pin) => pin.answer)];
  drawCompared(entries, place, now, goTo, remove);
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
  const all = places.map((one, index) => {
    const values = course(one, index);
    return { name: placeName(one.name), id: one.name, times, values, peak: Math.max(...values.map((value) => value ?? 0)) };
  });
  const most = [...all].sort((a, b) => b.peak - a.peak).slice(0, 6).filter((line) => line.peak > 0);
  const own = all.find((line) => line.id === place);
  if (own && !most.includes(own)) most.push(own);
  const spare = [...OTHERS];
  for (const line of most) line.colour = COLOURS[line.id] ?? spare.shift() ?? "#777777";
  const unit = quantity === "reading" ? reading.unit : "%";
  draw(at("curves"), {
    lines: most, log: at("scale").value === "log", unit, now, pick: goTo,
    axis: unit === "%" ? "% of dose" : unit,
    label: `${at("quantity").selectedOptions[0]?.textContent} over time in ${most.map((line) => line.name).join(", ")}`,
  });
}

// The answer in two sentences, for everybody and for screen readers; not while a slider moves.
let saying = 0;
function say() {
  clearTimeout(saying);
  saying = setTimeout(() => {
    const living = (time) => {
      const k = answer.times.findLastIndex((one) => one <= time);
      const sums = answer.places.map((one) => [one.name, one.living[k]]);
      const all = sums.reduce((sum, [, value]) => sum + value, 0);
      const [name, most] = sums.reduce((a, b) => (b[1] > a[1] ? b : a));
      return `${percent((100 * all) / answer.dose)} % of the cells live${all > 0 ? `, most of them in ${placeName(name)} (${percent((100 * most) / answer.dose)} %)` : ""}`;
    };
    const end = answer.times.at(-1);
    const times = [1, 24, 72].filter((time) => time < end).slice(0, 2);
    const parts = (times.length ? times : [end]).map((time) => `After ${hours(time)}, ${living(time)}.`);
    at("summary").textContent = `${nameOf(answer.state)}. ${parts.join(" ")}`.replace(/^./, (c) => c.toUpperCase());
  }, 120);
}

// --- what a user does --------------------------------------------------------------------------

function goTo(time) {
  const k = answer.times.findIndex((one) => one >= time);
  share = (k < 0 ? answer.times.length - 1 : k) / (answer.times.length - 1);
  showTime();
}

function choose(name) {
  if (!answer.places.some((one) => one.name === name)) return;
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
  if (share >= 1) share = 0;
  // Who wants less motion sees a few still pictures instead of a film.
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
    const step = () => {
      share = Math.min(1, share + 0.125);
      showTime();
      if (share >= 1) stop();
      else playing = setTimeout(step, 1200);
    };
    playing = setTimeout(step, 0);
    return;
  }
  let last = performance.now();
  const step = (time) => {
    const before = index();
    share = Math.min(1, share + Math.max(0, time - last) / 9000);
    last = time;
    if (index() !== before) showTime();
    if (share >= 1) stop();
    else playing = requestAnimationFrame(step);
  };
  playing = requestAnimationFrame(step);
}

function remember() {
  const hash = toHash(state, pins.map((pin) => pin.state));
  history.replaceState(null, "", hash ? `#${hash}` : location.pathname);
}

function tell(text) { at("said").textContent = text; }

function pin() {
  if (!answer) return;
  if (pins.length >= MOST) { tell(`At most ${MOST} scenarios can be pinned.`); return; }
  pins.push({ state: { ...answer.state }, answer });
  remember();
  showTime();
  tell("Pinned. Change something to compare.");
}

function remove(number) {
  pins.splice(number, 1);
  remember();
  showTime();
  tell("Pin removed.");
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

async function restore() {
  const { state: asked, pins: kept } = fromHash(location.hash);
  state = asked;
  controls.show(state);
  const answers = kept.slice(0, MOST).map(async (one) => {
    try {
      return { state: one, answer: await ask(question(one, choices.assays)) };
    } catch {
      return null;
    }
  });
  pins = (await Promise.all(answers)).filter(Boolean);
  changed(state);
}

async function start() {
  const response = await fetch("/api/choices");
  choices = await response.json();
  controls = new Controls(choices, changed);
  map = new BodyMap(choices, choose);
  at("time").addEventListener("input", () => {
    stop();
    if (!answer) return;
    share = Number(at("time").value) / (answer.times.length - 1);
    showTime();
  });
  at("play").addEventListener("click", play);
  at("quantity").addEventListener("change", showTime);
  at("scale").addEventListener("change", showTime);
  at("target").addEventListener("change", () => choose(at("target").value));
  at("pin").addEventListener("click", pin);
  at("share").addEventListener("click", copyLink);
  at("reset").addEventListener("click", () => { pins = []; controls.show(START); controls.accept(); changed(START); tell(""); });
  addEventListener("resize", showTime);
  addEventListener("hashchange", restore);
  await restore();
}

start().catch(() => { at("summary").textContent = "The program does not answer. Is it still running?"; });
