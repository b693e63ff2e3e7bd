// Pinned scenarios beside the present one.
import { SCENARIOS } from "./colours.js";
import { draw, sample } from "./curves.js";
import { between } from "./numbers.js";
import {
  cells, hostName, hours, html, mass, percent, placeName, plain, reachable, title, together, wayIn,
} from "./words.js";

export const MOST = 6;

// A scenario in one sentence without its full stop.
export function nameOf(state) {
  const host = `${hostName(state.species)} of ${mass(state.weight)}`;
  const over = state.infusion > 0 ? `over ${hours(state.infusion / 60)}` : "at once";
  const condition = state.condition ? ` (${plain(state.condition)})` : "";
  return `${cells(state.dose)} ${plain(state.product)}, ${wayIn(state.route)}, ${over}, ${host}${condition}`;
}

// Hours that a cell of the dose spends alive in a place, on average: the area under the curve.
function stay(times, values, dose) {
  let area = 0;
  for (let k = 1; k < times.length; k += 1) area += ((times[k] - times[k - 1]) * (values[k] + values[k - 1])) / 2;
  return area / dose;
}

export function drawCompared(entries, { place, now, log, pick, remove }) {
  const root = document.getElementById("compare");
  root.hidden = entries.length < 2;
  if (root.hidden) {
    document.getElementById("pins").replaceChildren();
    return;
  }
  const living = (answer) => answer.places.find((one) => one.name === place)?.living ?? answer.times.map(() => 0);
  const lines = entries.map(({ answer }, k) => ({
    name: k === 0 ? "now" : `pin ${k}`,
    ...SCENARIOS[k],
    times: answer.times,
    values: living(answer).map((value) => (100 * value) / answer.dose),
  }));
  document.getElementById("compare-title").textContent = `Compared: living cells in ${placeName(place)}`;
  draw(document.getElementById("overlay"), {
    lines, log, axis: "{unit} of dose", unit: "%", now, pick,
    label: `Living cells in ${placeName(place)} over time, for ${entries.length} scenarios`,
  });
  const heads = ["Scenario", together(`At ${hours(now)}, %`), "Peak, %", "Peak, cells", "Mean time alive there", ""];
  const rows = entries.map(({ state, answer }, k) => {
    const values = living(answer);
    const peak = Math.max(...values);
    const words = html("span", { textContent: `${k === 0 ? "Now" : `Pin ${k}`}: ${nameOf(state)}` });
    const name = html("th", { scope: "row", className: "pin-name" }, [sample(SCENARIOS[k]), words]);
    const last = html("td");
    if (k > 0) {
      const button = html("button", { type: "button", className: "small", textContent: "Remove" });
      button.setAttribute("aria-label", `Remove pin ${k}`);
      button.addEventListener("click", () => remove(k - 1));
      last.append(button);
    }
    // A pin that was followed for less time has no value there.
    const ended = now > answer.times.at(-1) * (1 + 1e-9);
    const texts = [
      ended ? "ended" : percent((100 * between(answer.times, values, now)) / answer.dose),
      percent((100 * peak) / answer.dose),
      cells(peak),
      hours(stay(answer.times, values, answer.dose)).replace("start", "0 h"),
    ];
    return html("tr", {}, [name, ...texts.map((text) => html("td", { textContent: text })), last]);
  });
  const head = html("tr", {}, heads.map((text) => html("th", { scope: "col", textContent: text })));
  const table = html("table", {}, [html("thead", {}, [head]), html("tbody", {}, rows)]);
  // The focus stays on its button when the table is written anew.
  const focus = document.activeElement?.closest("#pins") ? document.activeElement.getAttribute("aria-label") : null;
  const pins = document.getElementById("pins");
  pins.replaceChildren(table);
  reachable(pins);
  if (focus) [...pins.querySelectorAll("button")].find((one) => one.getAttribute("aria-label") === focus)?.focus();
}

export function fillTargets(places, chosen) {
  const select = document.getElementById("target");
  const names = places.map((one) => one.name);
  if (select.dataset.names !== names.join()) {
    select.dataset.names = names.join();
    select.replaceChildren(...names.map((name) => html("option", { value: name, textContent: title(placeName(name)) })));
  }
  select.value = chosen;
}
