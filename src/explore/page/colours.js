// One colour for one place, everywhere and always; a dash tells apart what a colour alone does not.

const PLACES = new Map([
  ["lung", ["#005f9e"]],
  ["liver", ["#d55e00"]],
  ["spleen", ["#c25b9c"]],
  ["kidney", ["#009e73"]],
  ["heart", ["#a87400"]],
  ["brain", ["#2497d6"]],
  ["bone_marrow", ["#111111"]],
  ["venous", ["#5b4bb0", "9 3"]],
  ["arterial", ["#c1272d", "9 3"]],
  ["portal", ["#7d5a2b", "9 3"]],
  ["muscle", ["#9c4a3c", "3 2.5"]],
  ["gut", ["#6d7a00", "6 3"]],
  ["pancreas", ["#8a3fb0", "3 2.5"]],
  ["skin", ["#b0356b", "10 3 2.5 3"]],
  ["adipose", ["#8a7000", "10 3 2.5 3"]],
  ["bone", ["#5f6a70", "3 2.5"]],
  ["lymph_nodes", ["#2f7d4f", "10 3 2.5 3"]],
  ["peritoneum", ["#007c89", "6 3"]],
  ["joint", ["#4c5fa8", "3 2.5"]],
  ["rest", ["#767676", "6 3"]],
]);

// Organs that a scenario adds.
const SPARE = ["#a5466a", "#46708a", "#5d7a3a", "#7a5195"].map((colour) => [colour, "12 3 2.5 3 2.5 3"]);

export function lookOf(place, places) {
  const extra = places.filter((name) => !PLACES.has(name));
  const [colour, dash] = PLACES.get(place) ?? SPARE[Math.max(0, extra.indexOf(place)) % SPARE.length];
  return { colour, dash };
}

// Scenarios beside each other: the present one is solid.
export const SCENARIOS = [
  { colour: "#111111" },
  { colour: "#005f9e", dash: "9 3" },
  { colour: "#d55e00", dash: "3 2.5" },
  { colour: "#009e73", dash: "10 3 2.5 3" },
  { colour: "#c25b9c", dash: "6 3" },
  { colour: "#a87400", dash: "12 3 2.5 3 2.5 3" },
  { colour: "#2497d6", dash: "2 4" },
];
