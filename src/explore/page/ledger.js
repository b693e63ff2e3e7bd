// The ledger: every cell, by place, at one time.
import { amount, cells, html, percent, placeName, reachable, title } from "./words.js";

const root = () => document.getElementById("ledger");

function cell(value, dose) {
  const element = html("td", { textContent: percent((100 * value) / dose) });
  element.dataset.cells = value;
  return element;
}

export function drawLedger(answer, k, place, choose) {
  const { dose, reading } = answer;
  const label = answer.labels[0];
  const heads = ["Place", "Living", "Remains", "All"];
  if (label) heads.push("Label");
  if (reading) heads.push(`${title(reading.title.split(",")[0])}, ${reading.unit}`);
  const head = html("tr", {}, heads.map((textContent) => html("th", { scope: "col", textContent })));
  const sums = [0, 0, 0, 0];
  const seen = (value) => html("td", { textContent: value === null ? "not seen" : amount(value) });
  const rows = answer.places.map((one, index) => {
    const [living, remains] = [one.living[k], one.remains[k]];
    const ridden = label?.places[index][k] ?? 0;
    [living, remains, living + remains, ridden].forEach((value, column) => (sums[column] += value));
    const name = html("button", { type: "button", className: "organ-name", textContent: title(placeName(one.name)) });
    name.dataset.place = one.name;
    name.addEventListener("click", () => choose(one.name));
    const first = html("th", { scope: "row" }, [name]);
    const row = html("tr", {}, [first, cell(living, dose), cell(remains, dose), cell(living + remains, dose)]);
    row.classList.toggle("chosen", one.name === place);
    if (label) row.append(cell(ridden, dose));
    if (reading) row.append(seen(reading.places[index][k]));
    return row;
  });
  // What the captions of the bodies say.
  const body = html("tr", { className: "body" }, [html("th", { scope: "row", textContent: "In the body" })]);
  sums.slice(0, label ? 4 : 3).forEach((value) => body.append(cell(value, dose)));
  if (reading) body.append(seen(reading.body[k]));
  rows.push(body);
  for (const one of answer.outside) {
    const value = one.cells[k];
    sums[2] += value;
    const first = html("th", { scope: "row", textContent: title(one.name) });
    const row = html("tr", { className: "outside" }, [first, html("td"), html("td"), cell(value, dose)]);
    if (label) row.append(html("td"));
    if (reading) row.append(html("td"));
    rows.push(row);
  }
  if (label) {
    const value = label.outside[k];
    sums[3] += value;
    const first = html("th", { scope: "row", textContent: "Label outside" });
    const row = html("tr", { className: "outside" }, [first, html("td"), html("td"), html("td"), cell(value, dose)]);
    if (reading) row.append(html("td"));
    rows.push(row);
  }
  const all = html("span", { textContent: `${cells(sums[2])} cells` });
  const foot = html("tr", {}, [html("th", { scope: "row" }, ["Sum", all])]);
  sums.slice(0, label ? 4 : 3).forEach((value) => foot.append(cell(value, dose)));
  if (reading) foot.append(html("td"));
  const table = html("table", {}, [html("thead", {}, [head]), html("tbody", {}, rows), html("tfoot", {}, [foot])]);
  table.id = "ledger-table";
  table.dataset.dose = dose;
  table.dataset.sum = sums[2];
  // The focus stays where it was when the table is written anew.
  const focus = document.activeElement?.closest("#ledger-table") ? document.activeElement.dataset.place : null;
  root().replaceChildren(table);
  reachable(root());
  const names = [...table.querySelectorAll(".organ-name")];
  if (focus) names.find((name) => name.dataset.place === focus)?.focus({ preventScroll: true });
}
