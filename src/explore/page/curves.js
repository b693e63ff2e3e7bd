// A chart of lines over time, with their names beside or below it.
import { between } from "./numbers.js";
import { amount, hours, html, percent, svg, tenTo } from "./words.js";

const [TOP, BOTTOM, LETTER] = [12, 46, 7.4];
// The names stand beside a chart that is wider than this, px.
const WIDE = 560;
const NAMES = 204;
const TIMES = [1 / 3600, 1 / 60, 1 / 6, 1, 6, 24, 72, 240, 720, 2160, 8760];

// Where values stand, 0 at the floor and 1 at the top, and how the axis is written.
function valueAxis(lines, log, unit) {
  const peak = Math.max(0, ...lines.flatMap((line) => line.values.filter((value) => Number.isFinite(value))));
  const top = peak > 1e-300 ? peak : 1;
  if (!log) {
    const size = 10 ** Math.floor(Math.log10(top / 4));
    const step = [1, 2, 2.5, 5, 10].map((k) => k * size).find((one) => top / one <= 5) ?? 10 * size;
    const count = Math.ceil(top / step - 1e-9);
    // Large and small values are written in one power of ten, which goes to the title of the axis.
    const power = top >= 1e5 || top < 0.01 ? Math.floor(Math.log10(top)) : 0;
    const ticks = Array.from({ length: count + 1 }, (_, k) => k * step);
    const text = (tick) => `${Number((tick / 10 ** power).toPrecision(3))}`;
    return { share: (value) => value / (count * step), ticks, text, unit: power ? `${tenTo(power)} ${unit}` : unit };
  }
  const high = Math.ceil(Math.log10(top) - 1e-9);
  const least = Math.min(top, ...lines.flatMap((line) => line.values.filter((value) => value > 0)));
  const decades = Math.max(high - 6, Math.floor(Math.log10(least)));
  const low = Math.min(unit.startsWith("%") ? -2 : decades, high - 1);
  const every = Math.ceil((high - low) / 8);
  const all = Array.from({ length: high - low + 1 }, (_, k) => low + k);
  const powers = all.filter((power) => (power - low) % every === 0);
  // Few decades are divided.
  const parts = high - low <= 2 ? [1, 2, 5] : [1];
  const short = low >= -2 && high <= 4;
  // What is far below the floor, or 0, is drawn a fixed way below it, where nothing is seen.
  const lowest = 10 ** Math.max(-307, low - 3);
  return {
    share: (value) => (Math.log10(Math.max(value, lowest)) - low) / (high - low),
    ticks: powers.flatMap((power) => (power < high ? parts : [1]).map((part) => part * 10 ** power)),
    text: (tick) => (short ? amount(tick) : decade(tick)),
    unit,
  };
}

// A power of ten, and nothing beside the lines between them.
function decade(value) {
  const power = Math.round(Math.log10(value));
  return Math.abs(value / 10 ** power - 1) < 1e-6 ? tenTo(power) : "";
}

// The first time that is drawn: the end of the first minute, or of the first sixtieth, or the first that is known.
function startOf(lines, end) {
  const soon = Math.min(1 / 60, end / 60);
  const first = Math.min(end, ...lines.map((line) => line.times.find((time) => time > 0) ?? end));
  return first > 1.1 * soon && first < end ? first : soon;
}

function timeTicks(start, end) {
  const ticks = TIMES.filter((one) => one >= start * 0.999 && one <= end * 1.001);
  return ticks.length > 1 ? ticks : [start, end];
}

// The pen is lifted where nothing is seen; a point between two such places is a dot.
function outline(line, start, x, y) {
  let path = "";
  let run = 0;
  line.times.forEach((time, k) => {
    const value = line.values[k];
    if (!Number.isFinite(value) || time < start * 0.999) {
      if (run === 1) path += "h0";
      run = 0;
      return;
    }
    path += `${run ? "L" : "M"}${x(time).toFixed(1)},${y(value).toFixed(1)}`;
    run += 1;
  });
  return run === 1 ? `${path}h0` : path;
}

// A piece of the line, to stand before its name.
export function sample(line) {
  const stroke = { x1: 1, y1: 6, x2: 29, y2: 6, stroke: line.colour, "stroke-width": line.strong ? 3.4 : 2.4 };
  if (line.dash) stroke["stroke-dasharray"] = line.dash;
  return svg("svg", { width: 30, height: 12, viewBox: "0 0 30 12", "aria-hidden": "true" }, [svg("line", stroke)]);
}

// The names in the order of the lines, each with its value at the time that is looked at.
function legend(lines, now, unit) {
  const written = (value) => {
    if (!Number.isFinite(value)) return "not seen";
    return unit.startsWith("%") ? `${percent(value)} %` : amount(value);
  };
  return html("ol", { className: "names" }, lines.map((line) => {
    const name = html("span", { className: "name", textContent: line.name });
    const over = now > line.times.at(-1) * (1 + 1e-9);
    const textContent = over ? "ended" : written(between(line.times, line.values, now));
    const item = html("li", {}, [sample(line), name, html("span", { className: "value", textContent })]);
    item.classList.toggle("strong", Boolean(line.strong));
    return item;
  }));
}

// Draws lines `{ name, colour, dash, strong, times, values }`.
export function draw(root, { lines, log, axis, unit, now, pick, label }) {
  const room = root.clientWidth || 600;
  const wide = room >= WIDE;
  root.classList.toggle("beside", wide);
  const width = wide ? room - NAMES : room;
  const height = wide ? 350 : 290;
  const values = valueAxis(lines, log, unit);
  const left = 30 + LETTER * Math.max(2, ...values.ticks.map((tick) => values.text(tick).length));
  const [right, bottom] = [width - 16, height - BOTTOM];
  const end = Math.max(1e-9, ...lines.map((line) => line.times.at(-1)));
  const start = startOf(lines, end);
  const x = (time) => left + (Math.log(Math.max(time, start) / start) / Math.log(end / start)) * (right - left);
  const y = (value) => bottom - values.share(value) * (bottom - TOP);
  const parts = [];
  const text = (at, words, extra = {}) => {
    const element = svg("text", { x: at[0], y: at[1], "font-size": 13, "dominant-baseline": "middle", ...extra });
    element.textContent = words;
    parts.push(element);
  };
  const rule = (a, b, stroke, more = {}) => {
    parts.push(svg("line", { x1: a[0], y1: a[1], x2: b[0], y2: b[1], stroke, ...more }));
  };
  for (const tick of values.ticks) {
    rule([left, y(tick)], [right, y(tick)], "#e4e8ea");
    text([left - 7, y(tick)], values.text(tick), { "text-anchor": "end" });
  }
  let last = -Infinity;
  for (const tick of timeTicks(start, end)) {
    if (x(tick) - last < 46) continue;
    last = x(tick);
    rule([last, TOP], [last, bottom], "#edf0f1");
    text([last, bottom + 16], hours(tick), { "text-anchor": last > width - 24 ? "end" : "middle" });
  }
  text([(left + right) / 2, height - 9], "Time after the start", { "text-anchor": "middle", class: "faint" });
  const middle = (TOP + bottom) / 2;
  const upright = { "text-anchor": "middle", class: "faint", transform: `rotate(-90 10 ${middle})` };
  text([10, middle], axis.replace("{unit}", values.unit), upright);
  const frame = `frame-${root.id}`;
  // A line at 0 is seen in full; one that goes below the floor of logarithms leaves the frame.
  const box = svg("rect", { x: left - 2, y: TOP - 2, width: right - left + 4, height: bottom - TOP + (log ? 2 : 4) });
  parts.push(svg("clipPath", { id: frame }, [box]));
  rule([left, bottom], [right, bottom], "#6e7478");
  rule([x(now), TOP], [x(now), bottom], "#4b5459", { "stroke-dasharray": "3 3" });
  const drawn = [...lines].sort((a, b) => Boolean(a.strong) - Boolean(b.strong)).map((line) => {
    const look = {
      d: outline(line, start, x, y),
      fill: "none",
      stroke: line.colour,
      "stroke-width": line.strong ? 3.2 : 2.2,
      "stroke-linejoin": "round",
      "stroke-linecap": line.dash ? "butt" : "round",
      "data-line": line.name,
    };
    if (line.dash) look["stroke-dasharray"] = line.dash;
    return svg("path", look);
  });
  parts.push(svg("g", { "clip-path": `url(#${frame})` }, drawn));
  for (const line of lines) {
    const value = between(line.times, line.values, now);
    if (!Number.isFinite(value) || values.share(value) < 0 || now > line.times.at(-1)) continue;
    parts.push(svg("circle", { cx: x(now), cy: y(value), r: 3.6, fill: line.colour, stroke: "#fff", "stroke-width": 1 }));
  }
  if (!lines.length) {
    text([(left + right) / 2, middle], "Nothing is seen at any time.", { "text-anchor": "middle", class: "faint" });
  }
  const chart = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label }, parts);
  chart.addEventListener("click", (event) => {
    const seen = chart.getBoundingClientRect();
    const part = (((event.clientX - seen.left) / seen.width) * width - left) / (right - left);
    if (part >= 0 && part <= 1) pick(start * (end / start) ** part);
  });
  root.replaceChildren(chart, legend(lines, now, unit));
}
