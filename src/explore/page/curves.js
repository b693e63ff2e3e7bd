// A chart of lines over time, and the times of its axis.
import { amount, hours, svg } from "./words.js";

const BOX = { left: 62, top: 14, bottom: 44 };
const DECADES = [1 / 3600, 1 / 60, 1 / 6, 1, 6, 24, 72, 240, 720, 2160, 8760];

// Heights moved apart until they differ by a gap, as little as needed.
function spread(wanted, gap, bottom) {
  const order = wanted.map((y, k) => [y, k]).sort((a, b) => a[0] - b[0]);
  const placed = [];
  let last = -Infinity;
  for (const [y, k] of order) placed.push([(last = Math.max(y, last + gap)), k]);
  let limit = bottom;
  for (let k = placed.length - 1; k >= 0; k -= 1) {
    placed[k][0] = Math.min(placed[k][0], limit);
    limit = placed[k][0] - gap;
  }
  const answer = [];
  for (const [y, k] of placed) answer[k] = y;
  return answer;
}

function valueAxis(lines, log, unit) {
  const peak = Math.max(...lines.flatMap((line) => line.values.filter((value) => value !== null)), 0);
  if (!log) {
    const top = peak > 0 ? peak : 1;
    const size = 10 ** Math.floor(Math.log10(top / 4));
    const step = [1, 2, 2.5, 5, 10].map((k) => k * size).find((one) => top / one <= 5) ?? 10 * size;
    const end = Math.ceil(top / step - 1e-9) * step;
    const ticks = Array.from({ length: Math.round(end / step) + 1 }, (_, k) => k * step);
    return { share: (value) => value / end, ticks, text: (tick) => amount(Number(tick.toPrecision(3))) };
  }
  const high = Math.ceil(Math.log10(peak > 0 ? peak : 1) - 1e-9);
  const low = unit === "%" ? Math.min(-2, high - 1) : high - 6;
  const ticks = Array.from({ length: high - low + 1 }, (_, k) => 10 ** (low + k));
  return { share: (value) => (Math.log10(value) - low) / (high - low), ticks, text: amount };
}

// Draws lines `{ name, colour, times, values, dashed }`, with their names at their ends.
export function draw(root, { lines, log, axis, unit, now, pick, label }) {
  const narrow = root.clientWidth < 520;
  const [width, height] = narrow ? [400, 330] : [820, 360];
  const beside = Math.min(narrow ? 118 : 200, 22 + 7.2 * Math.max(...lines.map((line) => line.name.length), 4));
  const [right, bottom] = [width - beside, height - BOX.bottom];
  const end = Math.max(...lines.map((line) => line.times.at(-1)), 1 / 60);
  const start = Math.min(1 / 60, end / 60);
  const x = (time) => BOX.left + (Math.log(Math.max(time, start) / start) / Math.log(end / start)) * (right - BOX.left);
  const values = valueAxis(lines, log, unit);
  const y = (value) => bottom - Math.min(1, Math.max(0, values.share(value))) * (bottom - BOX.top);
  const parts = [];
  const text = (at, words, extra = {}) => {
    const element = svg("text", { x: at[0], y: at[1], "font-size": 13, "dominant-baseline": "middle", ...extra });
    element.textContent = words;
    parts.push(element);
  };
  const rule = (a, b, colour, more = {}) => parts.push(svg("line", { x1: a[0], y1: a[1], x2: b[0], y2: b[1], stroke: colour, ...more }));
  for (const tick of values.ticks) {
    rule([BOX.left, y(tick)], [right, y(tick)], "#e8ebec");
    text([BOX.left - 8, y(tick)], values.text(tick), { "text-anchor": "end" });
  }
  let last = -Infinity;
  for (const tick of DECADES.filter((one) => one >= start && one <= end * 1.001)) {
    if (x(tick) - last < 44) continue;
    last = x(tick);
    rule([last, BOX.top], [last, bottom], "#f0f2f3");
    text([last, bottom + 16], hours(tick), { "text-anchor": "middle" });
  }
  text([(BOX.left + right) / 2, height - 9], "Time after the start", { "text-anchor": "middle", class: "faint" });
  const middle = (BOX.top + bottom) / 2;
  text([13, middle], axis, { "text-anchor": "middle", class: "faint", transform: `rotate(-90 13 ${middle})` });
  rule([BOX.left, bottom], [right, bottom], "#6e7478");
  rule([x(now), BOX.top], [x(now), bottom], "#6e7478", { "stroke-dasharray": "3 3" });
  for (const line of lines) {
    let pen = "M";
    const path = line.times.map((time, k) => {
      const value = line.values[k];
      if (value === null || time < start || (log && !(values.share(value) >= -0.2))) { pen = "M"; return ""; }
      const piece = `${pen}${x(time).toFixed(1)},${y(value).toFixed(1)}`;
      pen = "L";
      return piece;
    }).join("");
    const look = { d: path, fill: "none", stroke: line.colour, "stroke-width": 2.4, "stroke-linejoin": "round", "data-line": line.name };
    if (line.dashed) look["stroke-dasharray"] = "7 4";
    parts.push(svg("path", look));
  }
  const ends = lines.map((line) => {
    const k = line.values.findLastIndex((value) => value !== null);
    return k < 0 ? bottom : y(line.values[k]);
  });
  const heights = spread(ends, 17, bottom);
  lines.forEach((line, k) => {
    rule([right + 2, ends[k]], [right + 12, heights[k]], line.colour, { "stroke-width": 1 });
    const words = svg("text", { x: right + 16, y: heights[k], "font-size": 13, "dominant-baseline": "middle" });
    words.textContent = line.name;
    words.style.fill = line.colour;
    parts.push(words);
  });
  const chart = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label }, parts);
  chart.addEventListener("click", (event) => {
    const box = chart.getBoundingClientRect();
    const part = (((event.clientX - box.left) / box.width) * width - BOX.left) / (right - BOX.left);
    if (part >= 0 && part <= 1) pick(start * (end / start) ** part);
  });
  root.replaceChildren(chart);
}
