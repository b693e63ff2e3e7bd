// The controls: what they hold, and what is wrong with it, beside them.
import { readNumber } from "./numbers.js";
import { html, title } from "./words.js";

const SLIDERS = {
  dose: { unit: "cells", to: (value) => Math.log10(value), from: (slider) => Number((10 ** slider).toPrecision(2)) },
  infusion: { unit: "minutes", to: (value) => value, from: (slider) => slider },
  horizon: { unit: "days", to: (value) => Math.log10(value), from: (slider) => Number((10 ** slider).toPrecision(2)) },
};

// Which control a field of the scenario belongs to.
const FIELDS = [
  ["host.species", "species"], ["host.weight", "weight"], ["host.conditions", "condition"],
  ["doses[0].product", "product"], ["doses[0].route", "route"], ["doses[0].amount", "dose"],
  ["doses[0]", "infusion"], ["until", "horizon"], ["labels", "assay"],
];

const RULES = {
  weight: [(value) => value > 0, "Must be a number above 0."],
  dose: [(value) => value > 0, "Must be a number of cells above 0, such as 1e8."],
  infusion: [(value) => value >= 0, "Must be a number of minutes; 0 is a bolus."],
  horizon: [(value) => value > 0, "Must be a number of days above 0."],
};

const CHOICES = ["species", "condition", "product", "route", "assay"];

const at = (id) => document.getElementById(id);

// A refused value as the field speaks of it: 'host.weight (g)' is in g.
function refused({ field, value, allowed }) {
  if (field.endsWith(".end (h)")) return "The dose must be given before the end of the observation.";
  const unit = field.match(/\(([^)]+)\)$/)?.[1] ?? (field.startsWith("until") ? "days" : "");
  const number = value.trim() === "" ? NaN : Number(value);
  const written = Number.isFinite(number) ? String(Number(number.toPrecision(4))).replace("e+", "e") : value;
  return `${written}${unit ? ` ${unit}` : ""}: ${allowed}.`;
}

export class Controls {
  constructor(choices, changed) {
    this.choices = choices;
    this.changed = changed;
    // What the page finds wrong, and what the program refused, by control.
    this.own = new Map();
    this.told = new Map();
    this.known = new Map([
      ["species", choices.species.map((one) => one.name)],
      ["product", choices.products],
      ["route", choices.routes],
      ["condition", ["", ...choices.conditions]],
      ["assay", ["", ...choices.assays.map((one) => one.title)]],
    ]);
    const none = { condition: "None", assay: "None" };
    for (const id of CHOICES) {
      const option = (value) => html("option", { value, textContent: value === "" ? none[id] : title(value) });
      at(id).append(...this.known.get(id).map(option));
      at(id).addEventListener("change", () => this.choose(id, at(id).value));
    }
    for (const id of Object.keys(RULES)) at(id).addEventListener("input", () => this.type(id));
    for (const [id, slider] of Object.entries(SLIDERS)) {
      at(`${id}-slider`).addEventListener("input", () => {
        at(id).value = this.text(id, slider.from(Number(at(`${id}-slider`).value)));
        this.type(id);
      });
    }
    at("controls").addEventListener("submit", (event) => event.preventDefault());
  }

  // Grams for small animals, kilograms for the others.
  unit() {
    const species = this.choices.species.find((one) => one.name === this.state.species);
    return (species?.weight ?? 1e4) < 1000 ? ["g", 1] : ["kg", 1000];
  }

  text(id, value) {
    if (id === "weight") return String(Number((value / this.unit()[1]).toPrecision(6)));
    if (id === "dose" && value >= 1e4) return value.toExponential().replace("e+", "e");
    return String(Number(value.toPrecision(6)));
  }

  show(state) {
    this.state = { ...state };
    this.told.clear();
    for (const id of CHOICES) {
      at(id).value = state[id];
      at(id).title = at(id).selectedOptions[0]?.textContent ?? "";
      this.find(id, this.knows(id, state) ? "" : `'${state[id]}' is not known.`);
    }
    at("weight-unit").textContent = this.unit()[0];
    for (const id of Object.keys(RULES)) {
      at(id).value = Number.isFinite(state[id]) ? this.text(id, state[id]) : "";
      this.slide(id);
      this.judge(id);
    }
  }

  knows(id, state) { return this.known.get(id).includes(state[id]); }

  // Whether a scenario of a link can be asked at all.
  sound(state) {
    const numbers = Object.entries(RULES).every(([id, [fits]]) => Number.isFinite(state[id]) && fits(state[id]));
    return numbers && CHOICES.every((id) => this.knows(id, state));
  }

  // Whether the page itself finds nothing wrong.
  good() { return this.own.size === 0; }

  slide(id) {
    const slider = SLIDERS[id];
    if (!slider) return;
    at(`${id}-slider`).value = Number.isFinite(this.state[id]) ? slider.to(this.state[id]) : 0;
    at(`${id}-slider`).setAttribute("aria-valuetext", `${at(id).value} ${slider.unit}`);
  }

  choose(id, value) {
    this.state[id] = value;
    this.told.delete(id);
    this.find(id, "");
    at(id).title = at(id).selectedOptions[0]?.textContent ?? "";
    if (id === "species") {
      // Another species: its weight, and a dose that suits it.
      const { weight } = this.choices.species.find((one) => one.name === value);
      this.state.dose = Number(Math.max(5e5, (1e8 * weight) / 73000).toPrecision(2));
      this.state.weight = weight;
      this.show(this.state);
    }
    this.changed(this.state, true);
  }

  // What stands in a control, in the unit of the state.
  typed(id) {
    const { value, fault } = readNumber(at(id).value, id === "dose");
    return { value: value * (id === "weight" ? this.unit()[1] : 1), fault };
  }

  type(id) {
    if (this.judge(id)) {
      this.state[id] = this.typed(id).value;
      this.slide(id);
    }
    this.changed(this.state, false);
  }

  judge(id) {
    const [fits, message] = RULES[id];
    const { value, fault } = this.typed(id);
    const good = Number.isFinite(value) && fits(value);
    this.find(id, good ? "" : (fault ?? message));
    return good;
  }

  find(id, message) {
    if (message) this.own.set(id, message);
    else this.own.delete(id);
    this.fault(id);
  }

  // One message beside one control, the page's own first; none clears it.
  fault(id) {
    const message = this.own.get(id) ?? this.told.get(id) ?? "";
    const control = at(id);
    let line = at(`${id}-fault`);
    if (!line && !message) return;
    if (!line) {
      line = html("p", { id: `${id}-fault`, className: "fault" });
      line.setAttribute("role", "alert");
      control.closest(".field").append(line);
      control.setAttribute("aria-describedby", line.id);
    }
    if (line.textContent !== message) line.textContent = message;
    line.hidden = !message;
    control.setAttribute("aria-invalid", message ? "true" : "false");
  }

  // What the program refuses goes to its control, or to the foot of the form.
  refuse(error) {
    const rest = [];
    this.told.clear();
    for (const fault of error.faults ?? []) {
      const control = FIELDS.find(([start]) => fault.field.startsWith(start))?.[1];
      if (control) this.told.set(control, refused(fault));
      else rest.push(`${fault.field}: ${refused(fault)}`);
    }
    if (!error.faults?.length) rest.push(error.message);
    this.refresh();
    this.general(rest.join(" "));
  }

  // What the program refused before is forgiven; what the page finds wrong stays.
  accept() {
    this.told.clear();
    this.refresh();
    this.general("");
  }

  refresh() { for (const id of [...CHOICES, ...Object.keys(RULES)]) this.fault(id); }

  general(text) {
    if (at("general-fault").textContent !== text) at("general-fault").textContent = text;
    at("general-fault").hidden = !text;
  }
}
