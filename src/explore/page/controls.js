// The controls: what they hold, and what is wrong with it, beside them.
import { html, plain, title } from "./words.js";

const SLIDERS = {
  dose: { to: (value) => Math.log10(value), from: (slider) => Number((10 ** slider).toPrecision(2)) },
  infusion: { to: (value) => value, from: (slider) => slider },
  horizon: { to: (value) => Math.log10(value), from: (slider) => Number((10 ** slider).toPrecision(2)) },
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

const at = (id) => document.getElementById(id);

export class Controls {
  constructor(choices, changed) {
    this.choices = choices;
    this.changed = changed;
    const fill = (id, names, none) => {
      const first = none ? [html("option", { value: "", textContent: none })] : [];
      at(id).append(...first, ...names.map((name) => html("option", { value: name, textContent: title(name) })));
    };
    fill("species", choices.species.map((one) => one.name));
    fill("product", choices.products);
    fill("route", choices.routes);
    fill("condition", choices.conditions, "None");
    fill("assay", choices.assays.map((one) => one.title), "None: the cells themselves");
    for (const id of ["species", "condition", "product", "route", "assay"]) {
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
    for (const id of ["species", "condition", "product", "route", "assay"]) {
      at(id).value = state[id];
      if (at(id).value !== state[id]) this.fault(id, `'${state[id]}' is not known.`);
      else this.fault(id, "");
    }
    at("weight-unit").textContent = this.unit()[0];
    for (const id of Object.keys(RULES)) {
      at(id).value = Number.isFinite(state[id]) ? this.text(id, state[id]) : "";
      this.slide(id);
      this.judge(id, state[id]);
    }
  }

  slide(id) {
    const slider = SLIDERS[id];
    if (!slider) return;
    at(`${id}-slider`).value = slider.to(this.state[id]);
    at(`${id}-slider`).setAttribute("aria-valuetext", `${at(id).value} ${{ dose: "cells", infusion: "minutes", horizon: "days" }[id]}`);
  }

  choose(id, value) {
    this.state[id] = value;
    this.fault(id, "");
    if (id === "species") {
      // Another species: its weight, and a dose that suits it.
      const { weight } = this.choices.species.find((one) => one.name === value);
      this.state.dose = Number(Math.max(5e5, (1e8 * weight) / 73000).toPrecision(2));
      this.state.weight = weight;
      this.show(this.state);
    }
    this.changed(this.state);
  }

  // What stands in a control, in the unit of the state.
  typed(id) {
    const text = at(id).value.trim().replace(",", ".");
    return text === "" ? NaN : Number(text) * (id === "weight" ? this.unit()[1] : 1);
  }

  type(id) {
    const value = this.typed(id);
    if (!this.judge(id, value)) return;
    this.state[id] = value;
    this.slide(id);
    this.changed(this.state);
  }

  judge(id, value) {
    const [fits, message] = RULES[id];
    const good = Number.isFinite(value) && fits(value);
    this.fault(id, good ? "" : message);
    return good;
  }

  // One message beside one control; none clears it.
  fault(id, message) {
    const control = at(id);
    let line = at(`${id}-fault`);
    if (!line && !message) return;
    if (!line) {
      line = html("p", { id: `${id}-fault`, className: "fault" });
      line.setAttribute("role", "alert");
      control.closest(".field").append(line);
      control.setAttribute("aria-describedby", line.id);
    }
    line.textContent = message;
    line.hidden = !message;
    control.setAttribute("aria-invalid", message ? "true" : "false");
  }

  // What the model refuses goes to its control, or to the foot of the form.
  refuse(error) {
    const rest = [];
    for (const { field, value, allowed } of error.faults ?? []) {
      const control = FIELDS.find(([start]) => field.startsWith(start))?.[1];
      const text = field.endsWith(".end (h)") ? "The dose must be given before the end of the observation." : `${plain(value)}: ${allowed}.`;
      if (control) this.fault(control, text);
      else rest.push(`${field}: ${text}`);
    }
    if (!error.faults?.length) rest.push(error.message);
    this.general(rest.join(" "));
  }

  // What the model refused before is forgiven; what is typed meanwhile is judged as it stands.
  accept() {
    for (const id of Object.keys(this.state)) {
      if (id in RULES) this.judge(id, this.typed(id));
      else this.fault(id, "");
    }
    this.general("");
  }

  general(text) {
    at("general-fault").textContent = text;
    at("general-fault").hidden = !text;
  }
}
