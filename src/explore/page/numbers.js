// Numbers as people type them, and courses between their points.

// An optional sign, digits in groups of three or not, a decimal point, an exponent.
const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
const GROUPED = /^[+-]?[1-9]\d{0,2}([ ,])\d{3}(\1\d{3})*(?!\d)/;
const AMBIGUOUS = /^[+-]?[1-9]\d{0,2},\d{3}(e.*)?$/i;

// `{ value }`, or `{ fault }` when the text can be read in two ways; no number is NaN.
export function readNumber(typed, commaGroups = false) {
  let text = typed.trim().replace(/\s+/g, " ").replace(/\u2212/g, "-");
  if (AMBIGUOUS.test(text) && !(commaGroups && !/e/i.test(text))) {
    const [whole, point] = [text.replace(",", ""), text.replace(",", ".")];
    return { value: NaN, fault: `'${text}' may be ${whole} or ${point}: write one of the two.` };
  }
  const groups = text.match(GROUPED);
  if (groups) text = groups[0].replaceAll(groups[1], "") + text.slice(groups[0].length);
  if (groups?.[1] !== "," && text.split(",").length === 2 && !text.includes(".")) text = text.replace(",", ".");
  return { value: DECIMAL.test(text) ? Number(text) : NaN };
}

// The value of a course at a time, on the straight line between two points.
export function between(times, values, time) {
  const k = times.findIndex((one) => one >= time);
  if (k < 0) return values.at(-1);
  if (k === 0 || times[k] === time) return values[k];
  const [before, after] = [values[k - 1], values[k]];
  // What is not seen at one of the two points is not seen between them.
  if (before === null || after === null) return null;
  return before + ((time - times[k - 1]) / (times[k] - times[k - 1])) * (after - before);
}

// The point of a list that is nearest to a time.
export function nearest(times, time) {
  let best = 0;
  times.forEach((one, k) => { if (Math.abs(one - time) < Math.abs(times[best] - time)) best = k; });
  return best;
}
