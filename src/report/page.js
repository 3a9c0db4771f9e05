"use strict";
// Shows the numbers under the pointer. The page is whole without it.
const tip = Object.assign(document.createElement("div"), { className: "tip", hidden: true });
document.body.append(tip);
const short = value => Number.isInteger(value) ? value.toLocaleString("en") : String(Number(value.toPrecision(4)));

function axis(words) {
  const [begin, end, low, high, isLogarithmic] = words.split(" ").map(Number);
  return place => {
    const share = (place - begin) / (end - begin);
    return isLogarithmic ? low * Math.pow(high / low, share) : low + share * (high - low);
  };
}

function show(event, text) {
  tip.textContent = text;
  tip.hidden = false;
  const right = event.clientX + 14 + tip.offsetWidth > innerWidth;
  tip.style.left = Math.max(4, right ? event.clientX - 14 - tip.offsetWidth : event.clientX + 14) + "px";
  tip.style.top = Math.max(4, event.clientY - tip.offsetHeight - 10) + "px";
}

const nearest = (points, x) => points.reduce((best, point) => Math.abs(point[0] - x) < Math.abs(best[0] - x) ? point : best);

for (const svg of document.querySelectorAll("figure > svg[data-x]")) {
  const toX = axis(svg.dataset.x), toY = axis(svg.dataset.y);
  const lines = [...svg.querySelectorAll("path.line")].map(path => ({
    name: path.dataset.name, points: path.getAttribute("d").slice(1).split("L").map(point => point.split(" ").map(Number)) }));
  svg.querySelector("title").remove(); // aria-label says the same; browsers would show it in the way
  svg.addEventListener("pointermove", event => {
    if (event.target.matches(".bar")) return show(event, event.target.dataset.name);
    if (!lines.length) return;
    const box = svg.getBoundingClientRect();
    const x = (event.clientX - box.left) / box.width * svg.viewBox.baseVal.width;
    const found = lines.map(line => [line.name, nearest(line.points, x)]);
    const at = nearest(found.map(([, point]) => point), x)[0];
    const values = found.filter(([, point]) => Math.abs(point[0] - at) < 4).map(([name, point]) => `${name}: ${short(toY(point[1]))}`);
    show(event, [short(Number(toX(at).toPrecision(4))), ...values].join("\n"));
  });
  svg.addEventListener("pointerleave", () => { tip.hidden = true; });
}
