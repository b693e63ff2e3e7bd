// Pinned scenarios beside the present one.
import { draw } from "./curves.js";
import { cells, hours, html, percent, placeName, plain, title } from "./words.js";

const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b07a00", "#56b4e9", "#000000"];
export const MOST = 6;

export function nameOf(state) {
  const weight = state.weight < 1000 ? `${state.weight} g` : `${Number((state.weight / 1000).toPrecision(3))} kg`;
  const parts = [`${cells(state.dose)} ${plain(state.product)}`, plain(state.route)];
  parts.push(state.infusion > 0 ? `over ${hours(state.infusion / 60)}` : "bolus");
  parts.push(`${plain(state.species)} ${weight}`);
  if (state.condition) parts.push(plain(state.condition));
  return parts.join(", ");
}

// The value of a course at a time, on the straight line between two points.
export function at(times, values, time) {
  const k = times.findIndex((one) => one >= time);
  if (k < 0) return values.at(-1);
  if (k === 0) return values[0];
  const share = (time - times[k - 1]) / (times[k] - times[k - 1]);
  return values[k - 1] + share * (values[k] - values[k - 1]);
}

// Hours that a given cell spends alive in a place, on average: the area under the curve.
function stay(times, values, dose) {
  let area = 0;
  for (let k = 1; k < times.length; k += 1) area += ((times[k] - times[k - 1]) * (values[k] + values[k - 1])) / 2;
  return area / dose;
}

export function drawCompared(entries, place, now, pick, remove) {
  const root = document.getElementById("compare");
  root.hidden = entries.length < 2;
  if (root.hidden) return;
  const living = (answer) => answer.places.find((one) => one.name === place)?.living ?? answer.times.map(() => 0);
  const lines = entries.map(({ answer }, k) => ({
    name: k === 0 ? "now" : `pin ${k}`,
    colour: COLOURS[k],
    times: answer.times,
    values: living(answer).map((value) => (100 * value) / answer.dose),
    dashed: k > 0,
  }));
  draw(document.getElementById("overlay"), {
    lines, log: false, axis: `Living in ${placeName(place)}, % of dose`, unit: "%", now, pick,
    label: `Living cells in ${placeName(place)} over time, for ${entries.length} scenarios`,
  });
  const heads = ["Scenario", `At ${hours(now)}, %`, "Peak, %", "Peak, cells", "Stay alive there", ""];
  const rows = entries.map(({ state, answer }, k) => {
    const values = living(answer);
    const peak = Math.max(...values);
    const swatch = html("span", { className: "swatch" });
    swatch.style.background = COLOURS[k];
    const name = html("th", { scope: "row", className: "pin-name" }, [swatch, `${k === 0 ? "Now" : `Pin ${k}`}: ${nameOf(state)}`]);
    const last = html("td");
    if (k > 0) {
      const button = html("button", { type: "button", className: "small", textContent: "Remove" });
      button.setAttribute("aria-label", `Remove pin ${k}`);
      button.addEventListener("click", () => remove(k - 1));
      last.append(button);
    }
    const texts = [
      percent((100 * at(answer.times, values, now)) / answer.dose),
      percent((100 * peak) / answer.dose),
      cells(peak),
      hours(stay(answer.times, values, answer.dose)).replace("start", "0"),
    ];
    return html("tr", {}, [name, ...texts.map((text) => html("td", { textContent: text })), last]);
  });
  const head = html("tr", {}, heads.map((text) => html("th", { scope: "col", textContent: text })));
  document.getElementById("pins").replaceChildren(html("table", {}, [html("thead", {}, [head]), html("tbody", {}, rows)]));
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
