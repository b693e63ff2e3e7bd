// How names, numbers and times are written.

// Short forms are written in capitals; the rest in small letters.
const SHORT = new Map(["msc", "mapc", "pet", "mri", "dna", "sry", "nk", "nod", "scid", "nsg", "fdg", "ptsm", "hmpao", "dbn"]
  .map((word) => [word, word.toUpperCase()]).concat([["qpcr", "qPCR"], ["ddpcr", "ddPCR"], ["alu", "Alu"]]));
const ISOTOPE = /\b(carbon|chromium|copper|fluorine|indium|technetium|zirconium|iodine|gallium|lutetium) (\d+m?)\b/g;
const NAMES = new Map([
  ["rest", "rest of the body"],
  ["adipose", "adipose tissue"],
  ["t_b_deficient", "T and B cell deficient"],
  ["activated_nk", "activated NK cells"],
]);

export const plain = (name) => NAMES.get(name) ?? name.replace(/_/g, " ")
  .replace(/[a-z]+/g, (word) => SHORT.get(word) ?? word).replace(ISOTOPE, "$1-$2");

export const title = (name) => {
  const text = plain(name);
  // Names such as qPCR keep their small letter.
  return /^[a-z]+[A-Z]/.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1);
};

// A place as people write it: the great vessels are blood.
const BLOODS = ["venous", "arterial", "portal"];
export const isBlood = (name) => BLOODS.includes(name);
export const placeName = (name) => (isBlood(name) ? `${name} blood` : plain(name));

// A way in, after 'given'.
const ROUTES = new Map([
  ["intravenous", "into a vein"],
  ["arterial", "into an artery"],
  ["left_ventricle", "into the left ventricle"],
  ["portal_vein", "into the portal vein"],
  ["renal_artery", "into the renal artery"],
  ["hepatic_artery", "into the hepatic artery"],
  ["carotid_artery", "into the carotid artery"],
  ["intracoronary", "into a coronary artery"],
  ["intramyocardial", "into the heart muscle"],
  ["intramuscular", "into a muscle"],
  ["subcutaneous", "under the skin"],
  ["intrasplenic", "into the spleen"],
  ["intramedullary", "into the bone marrow"],
  ["intraperitoneal", "into the peritoneal cavity"],
  ["intra_articular", "into a joint"],
]);
export const wayIn = (route) => ROUTES.get(route) ?? plain(route);

const HOSTS = new Map([["human_male", "man"], ["human_female", "woman"]]);
export const hostName = (species) => HOSTS.get(species) ?? plain(species);

const digits = (value, count) => Number(value.toPrecision(count));

export function cells(value) {
  if (value >= 1e12) return `${amount(value)}`;
  if (value >= 1e9) return `${digits(value / 1e9, 3)} billion`;
  if (value >= 1e6) return `${digits(value / 1e6, 3)} million`;
  if (value >= 1e3) return grouped(digits(value, 3));
  return `${digits(value, 2)}`;
}

export function percent(share) {
  if (share === 0) return "0";
  if (share < 0.01) return "< 0.01";
  if (share < 1) return share.toFixed(2);
  return share.toFixed(1);
}

// A number and its unit stay on one line.
export const together = (text) => text.replace(/(\d) (%|s|min|h|d|g|kg)(?![a-z])/g, "$1\u00a0$2");

export function mass(grams) {
  return grams < 1000 ? `${digits(grams, 3)} g` : `${digits(grams / 1000, 3)} kg`;
}

export function hours(value) {
  const unit = (size, name) => `${digits(value / size, value / size < 10 ? 2 : 3)} ${name}`;
  if (value === 0) return "start";
  if (value < 1 / 60) return unit(1 / 3600, "s");
  if (value < 1) return unit(1 / 60, "min");
  if (value < 48) return unit(1, "h");
  return unit(24, "d");
}

const raised = (power) => [...String(power)].map((one) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[one] ?? "⁻").join("");
export const tenTo = (power) => `10${raised(power)}`;

const grouped = (value) => Math.round(value).toLocaleString("en").replace(/,/g, "\u202f");

// With a power of ten when it is large or small.
export function amount(value) {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e4 && size < 1e5) return grouped(digits(value, 3));
  if (size >= 1e-2 && size < 1e4) return `${digits(value, 3)}`;
  const [front, tens] = value.toExponential(1).split("e");
  return `${front} × ${tenTo(Number(tens))}`;
}

// The names of SVG elements live in the space of any SVG of the page; the first is made by the parser.
const holder = document.createElement("div");
holder.innerHTML = "<svg></svg>";
const space = holder.firstChild.namespaceURI;

export function svg(name, attributes = {}, children = []) {
  const element = document.createElementNS(space, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

export function html(name, properties = {}, children = []) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

// A table that is wider than its place can be scrolled with the keyboard too.
export function reachable(region) {
  if (region.scrollWidth > region.clientWidth + 1) region.tabIndex = 0;
  else region.removeAttribute("tabindex");
}
