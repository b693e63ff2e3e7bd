// How numbers, times and names are written.

export const plain = (name) => name.replace(/_/g, " ").replace(/\b(msc|mapc)\b/g, (word) => word.toUpperCase());

export const title = (name) => {
  const text = plain(name);
  return text.charAt(0).toUpperCase() + text.slice(1);
};

// A place as people write it: the great vessels are blood.
const BLOODS = ["venous", "arterial", "portal"];
export const isBlood = (name) => BLOODS.includes(name);
export const placeName = (name) => (isBlood(name) ? `${name} blood` : plain(name));

const digits = (value, count) => Number(value.toPrecision(count));

export function cells(value) {
  if (value >= 1e9) return `${digits(value / 1e9, 3)} billion`;
  if (value >= 1e6) return `${digits(value / 1e6, 3)} million`;
  if (value >= 1e3) return Math.round(digits(value, 3)).toLocaleString("en").replace(/,/g, "\u202f");
  return `${digits(value, 2)}`;
}

export function percent(share) {
  if (share === 0) return "0";
  if (share < 0.01) return "< 0.01";
  if (share < 1) return share.toFixed(2);
  return share.toFixed(1);
}

export function hours(value) {
  const unit = (size, name) => `${digits(value / size, value / size < 10 ? 2 : 3)} ${name}`;
  if (value === 0) return "start";
  if (value < 1 / 60) return unit(1 / 3600, "s");
  if (value < 1) return unit(1 / 60, "min");
  if (value < 48) return unit(1, "h");
  return unit(24, "d");
}

export function amount(value) {
  if (value === 0) return "0";
  if (Math.abs(value) >= 1e5 || Math.abs(value) < 1e-2) return value.toExponential(1).replace("e+", "e");
  return `${digits(value, 3)}`;
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
