// The ledger: every cell, by place, at one time.
import { amount, cells, html, percent, placeName, title } from "./words.js";

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
  const head = html("tr", {}, heads.map((text, column) => {
    const th = html("th", { textContent: column > 0 && column < 5 && !(reading && column === heads.length - 1) ? `${text}, %` : text });
    th.scope = "col";
    return th;
  }));
  const sums = [0, 0, 0, 0];
  const seen = (value) => html("td", { textContent: value === null ? "not seen" : amount(value) });
  const rows = answer.places.map((one, index) => {
    const [living, remains] = [one.living[k], one.remains[k]];
    const ridden = label?.places[index][k] ?? 0;
    [living, remains, living + remains, ridden].forEach((value, column) => (sums[column] += value));
    const name = html("button", { type: "button", className: "organ-name", textContent: title(placeName(one.name)) });
    name.addEventListener("click", () => choose(one.name));
    const first = html("th", { scope: "row" }, [name]);
    const row = html("tr", {}, [first, cell(living, dose), cell(remains, dose), cell(living + remains, dose)]);
    row.classList.toggle("chosen", one.name === place);
    if (label) row.append(cell(ridden, dose));
    if (reading) row.append(seen(reading.places[index][k]));
    return row;
  });
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
  const foot = html("tr", {}, [html("th", { scope: "row", textContent: `Sum: ${cells(sums[2])} cells` })]);
  sums.slice(0, label ? 4 : 3).forEach((value) => foot.append(cell(value, dose)));
  if (reading) foot.append(seen(reading.body[k]));
  const table = html("table", {}, [html("thead", {}, [head]), html("tbody", {}, rows), html("tfoot", {}, [foot])]);
  table.id = "ledger-table";
  table.dataset.dose = dose;
  table.dataset.sum = sums[2];
  // The focus stays where it was when the table is written anew.
  const focus = document.activeElement?.classList.contains("organ-name") ? document.activeElement.textContent : null;
  root().replaceChildren(table);
  if (focus) [...table.querySelectorAll(".organ-name")].find((name) => name.textContent === focus)?.focus();
}
