// What is asked: the state of the controls, as a link and as a question.
import { readNumber } from "./numbers.js";

export const START = {
  species: "human_male",
  weight: 73000,
  condition: "",
  product: "bone_marrow_msc",
  route: "intravenous",
  dose: 1e8,
  infusion: 10,
  horizon: 10,
  assay: "",
};

const NUMBERS = ["weight", "dose", "infusion", "horizon"];

export function toQuery(state) {
  const query = new URLSearchParams();
  for (const key of Object.keys(START)) {
    // Another species has another weight when the link does not say it.
    const said = key === "weight" && state.species !== START.species;
    if (said || state[key] !== START[key]) query.set(key, String(state[key]));
  }
  return query.toString();
}

function fromQuery(text, species) {
  const query = new URLSearchParams(text);
  const state = { ...START };
  for (const key of Object.keys(START)) {
    if (!query.has(key)) continue;
    state[key] = NUMBERS.includes(key) ? readNumber(query.get(key)).value : query.get(key);
  }
  if (!query.has("weight")) state.weight = species.find((one) => one.name === state.species)?.weight ?? state.weight;
  return state;
}

// The page's address after '#': the scenario, and one 'pin' for each pinned one.
export function toHash(state, pins) {
  const query = new URLSearchParams(toQuery(state));
  for (const pin of pins) query.append("pin", toQuery(pin));
  return query.toString();
}

export function fromHash(hash, species) {
  const query = new URLSearchParams(hash.replace(/^#/, ""));
  return { state: fromQuery(query, species), pins: query.getAll("pin").map((one) => fromQuery(one, species)) };
}

export function question(state, assays) {
  const chosen = assays.find((one) => one.title === state.assay)?.assay ?? null;
  const scenario = {
    until: `${state.horizon} d`,
    host: { species: state.species, weight: `${state.weight} g` },
    doses: [{
      amount: `${state.dose} cells`,
      product: state.product,
      route: state.route,
      over: `${state.infusion} min`,
    }],
  };
  if (state.condition) scenario.host.conditions = [state.condition];
  if (chosen?.label) scenario.labels = [chosen.label];
  return { scenario, assay: chosen };
}

export class Refused extends Error {
  constructor(message) {
    super(message.error);
    this.faults = message.faults ?? [];
  }
}

export async function ask(question, signal) {
  const response = await fetch("/api/simulate", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(question),
    signal,
  });
  const answer = await response.json();
  if (!response.ok) throw new Refused(answer);
  return answer;
}
