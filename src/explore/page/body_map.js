// Drawn bodies, shaded by shares of the dose, and their scales.
import { html, percent, plain, svg, title } from "./words.js";

export const LOWEST = 0.01;
const EMPTY = "rgb(240 241 240)";

export function shade(stops, share) {
  if (!(share >= LOWEST)) return EMPTY;
  const last = stops.length - 1;
  const part = Math.min(1, Math.log(share / LOWEST) / Math.log(100 / LOWEST)) * last;
  const index = Math.min(last - 1, Math.floor(part));
  const mix = (k) => Math.round(stops[index][k] + (part - index) * (stops[index + 1][k] - stops[index][k]));
  return `rgb(${mix(0)} ${mix(1)} ${mix(2)})`;
}

export class BodyMap {
  constructor(choices, chosen) {
    this.choices = choices;
    this.chosen = chosen;
    this.root = document.getElementById("bodies");
    this.scales = document.getElementById("scales");
  }

  // Draws the bodies anew only when what is drawn is another.
  lay(body, rows) {
    const key = [body, ...rows.map((row) => row.name)].join("|");
    if (key === this.key) return;
    this.key = key;
    const drawing = this.choices.bodies.find((one) => one.name === body);
    this.figures = rows.map((row) => this.figure(drawing, row));
    this.root.replaceChildren(...this.figures.map((figure) => figure.element));
    this.scales.replaceChildren(...rows.map((row) => scale(row)));
  }

  figure(drawing, row) {
    const shapes = drawing.shapes.map((shape) => {
      const path = svg("path", {
        d: shape.path,
        "data-place": shape.place,
        "stroke-linejoin": "round",
        "stroke-linecap": "round",
        fill: shape.line ? "none" : EMPTY,
        stroke: shape.place === "rest" ? "#b0b4b4" : "#ffffff",
        "stroke-width": shape.line ?? (shape.place === "rest" ? 1.4 : 0.6),
      });
      if (shape.place !== "rest" && shape.place !== "blood") path.classList.add("organ");
      path.append(svg("title"));
      path.addEventListener("click", () => this.chosen(shape.place));
      return { ...shape, element: path };
    });
    // The edge of the body stays to be seen where the skin holds nothing.
    const skin = shapes.find((shape) => shape.place === "skin");
    const edge = svg("path", { d: skin.path, fill: "none", stroke: "#b0b4b4", "stroke-width": skin.line + 0.8, "stroke-linejoin": "round" });
    const elements = shapes.flatMap((shape) => (shape === skin ? [edge, shape.element] : [shape.element]));
    const picture = svg("svg", { viewBox: `0 0 ${drawing.width} ${drawing.height}`, role: "img" }, elements);
    const [all, most] = [html("span"), html("span", { className: "most" })];
    const caption = html("figcaption", {}, [html("b", { textContent: row.title }), all, most]);
    return { row, shapes, picture, all, most, element: html("figure", {}, [picture, caption]) };
  }

  // Shades every body: `shares(row)` gives % of the dose by place.
  paint(shares, place) {
    for (const figure of this.figures) {
      const here = shares(figure.row);
      for (const { element, line, place: name } of figure.shapes) {
        const share = here.get(name);
        element.setAttribute("visibility", share === undefined ? "hidden" : "visible");
        element.setAttribute(line ? "stroke" : "fill", shade(figure.row.stops, share));
        element.classList.toggle("chosen", name === place && !line && name !== "rest");
        element.firstChild.textContent = `${title(name)}: ${percent(share ?? 0)} % of the dose`;
      }
      const sum = [...here.values()].reduce((a, b) => a + b, 0);
      const [name, share] = [...here].reduce((a, b) => (b[1] > a[1] ? b : a), ["", 0]);
      figure.all.textContent = `${percent(sum)} % of the dose`;
      figure.most.textContent = share >= LOWEST ? `${plain(name)} ${percent(share)} %` : "";
      figure.picture.setAttribute("aria-label", `${figure.row.title}: ${figure.all.textContent}, most of it in ${plain(name)}`);
    }
  }
}

function scale(row) {
  const [left, right, id] = [62, 284, `ramp-${row.name}`];
  const ramp = svg("linearGradient", { id }, row.stops.map((stop, k) =>
    svg("stop", { offset: k / (row.stops.length - 1), "stop-color": `rgb(${stop.join(" ")})` })));
  const text = (x, y, words, extra = {}) => {
    const element = svg("text", { x, y, "font-size": 12, "text-anchor": "middle", ...extra });
    element.textContent = words;
    return element;
  };
  const ticks = ["0.01", "0.1", "1", "10", "100"].map((words, k) => text(left + ((right - left) * k) / 4, 46, words));
  return svg("svg", { viewBox: "0 0 300 52", role: "img", "aria-label": `Scale of ${row.title}: logarithmic, 0.01 to 100 % of the dose` }, [
    ramp,
    text(2, 12, `${row.title}, % of dose`, { "text-anchor": "start", class: "faint" }),
    svg("rect", { x: 2, y: 20, width: 46, height: 12, fill: EMPTY }),
    svg("rect", { x: left, y: 20, width: right - left, height: 12, fill: `url(#${id})` }),
    text(25, 46, "less"),
    ...ticks,
  ]);
}
