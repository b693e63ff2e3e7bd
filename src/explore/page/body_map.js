// Drawn bodies, shaded by shares of the dose, and their scales.
import { html, percent, placeName, svg, title, together } from "./words.js";

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
    this.small = document.getElementById("glance");
    this.scales = document.getElementById("scales");
  }

  // Draws the bodies anew only when what is drawn is another; what they show is always of the latest answer.
  lay(body, rows) {
    const key = [body, ...rows.map((row) => `${row.name} ${row.title}`)].join("|");
    if (key !== this.key) {
      this.key = key;
      const drawing = this.choices.bodies.find((one) => one.name === body);
      this.figures = rows.map((row) => this.figure(drawing, row));
      this.root.replaceChildren(...this.figures.map((figure) => figure.element));
      this.small.replaceChildren(...this.figures.map((figure) => figure.small));
      this.scales.replaceChildren(...rows.map(scale));
    }
    this.figures.forEach((figure, k) => (figure.row = rows[k]));
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
    const rim = { fill: "none", stroke: "#b0b4b4", "stroke-width": skin.line + 0.8, "stroke-linejoin": "round" };
    const edge = svg("path", { d: skin.path, ...rim });
    const elements = shapes.flatMap((shape) => (shape === skin ? [edge, shape.element] : [shape.element]));
    const [viewBox, id] = [`0 0 ${drawing.width} ${drawing.height}`, `body-${row.name}`];
    const picture = svg("svg", { viewBox, role: "img" }, [svg("g", { id }, elements)]);
    const [all, most] = [html("span", { className: "all" }), html("span", { className: "most" })];
    const caption = html("figcaption", {}, [html("b", { textContent: row.title }), all, most]);
    // The same picture once more, small, for the strip over the controls of a phone.
    const [short, line, more] = [html("b"), html("span"), html("span", { className: "more" })];
    const copy = svg("svg", { viewBox }, [svg("use", { href: `#${id}` })]);
    const small = html("div", { className: "glimpse" }, [copy, html("p", {}, [short, line, more])]);
    const element = html("figure", {}, [picture, caption]);
    element.dataset.row = row.name;
    return { row, shapes, picture, all, most, short, line, more, small, element };
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
        element.firstChild.textContent = `${title(placeName(name))}: ${percent(share ?? 0)} % of the dose`;
      }
      const sum = [...here.values()].reduce((a, b) => a + b, 0);
      const [name, share] = [...here].reduce((a, b) => (b[1] > a[1] ? b : a), ["", 0]);
      const most = share >= LOWEST ? `${placeName(name)} ${percent(share)} %` : "";
      figure.all.textContent = `${percent(sum)} % of the dose`;
      figure.most.textContent = most;
      figure.short.textContent = figure.row.short;
      figure.line.textContent = `${percent(sum)} %`;
      figure.more.textContent = together(most);
      const where = most ? `, most of it in ${placeName(name)}` : "";
      figure.picture.setAttribute("aria-label", `${figure.row.title}: ${figure.all.textContent}${where}`);
    }
  }
}

function scale(row) {
  const ramp = html("span", { className: "ramp" });
  ramp.style.background = `linear-gradient(to right, ${row.stops.map((stop) => `rgb(${stop.join(" ")})`).join(", ")})`;
  const less = html("span", { className: "less" });
  less.style.background = EMPTY;
  const ticks = ["0.01", "0.1", "1", "10", "100"].map((textContent, k) => {
    const tick = html("span", { textContent });
    tick.style.left = `${25 * k}%`;
    return tick;
  });
  const below = html("span", { className: "below", textContent: "less" });
  const bars = html("div", { className: "bars" }, [less, ramp, below, html("span", { className: "ticks" }, ticks)]);
  const element = html("div", { className: "scale" }, [html("p", { textContent: `${row.title}, % of dose` }), bars]);
  element.setAttribute("role", "img");
  element.setAttribute("aria-label", `Scale of ${row.title}: logarithmic, 0.01 to 100 % of the dose`);
  return element;
}
