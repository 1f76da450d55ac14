// Draws the picture of a plan with Plotly in the colours of the page.
(() => {
  "use strict";
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  const palette = () => ["a", "b", "c", "d", "e", "f", "g", "h"].map(colour);
  // Plotly reads a few tags in texts; names of a problem are never meant as such.
  const plain = (words) => String(words).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  const short = (words, most = 22) => plain(words.length > most ? words.slice(0, most - 1) + "…" : words);
  const number = (value) => (Math.abs(value) < 1e-9 ? 0 : Number(value.toPrecision(6))).toLocaleString("en");

  function layout(more) {
    const axis = { gridcolor: colour("line"), linecolor: colour("line"), zerolinecolor: colour("line"), automargin: true, fixedrange: true };
    const made = {
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", margin: { l: 10, r: 10, t: 10, b: 30 },
      font: { color: colour("ink"), family: "system-ui, sans-serif", size: 13 }, showlegend: false, dragmode: false,
      hoverlabel: { bgcolor: colour("card"), bordercolor: colour("line"), font: { color: colour("ink") } },
      ...more,
    };
    made.xaxis = { ...axis, ...made.xaxis };
    made.yaxis = { ...axis, ...made.yaxis };
    return made;
  }

  function bars(told) {
    const colours = palette(), several = told.series.length > 1, upright = told.upright;
    const labels = told.labels.map((label, place) => place), shown = told.labels.map((label) => short(label));
    const traces = told.series.map((series, place) => ({
      type: "bar", orientation: upright ? "v" : "h", name: plain(series.name),
      x: upright ? labels : series.values, y: upright ? series.values : labels,
      marker: { color: colours[place % colours.length] },
      text: several ? undefined : series.values.map(number), textposition: "auto", insidetextfont: { color: colour("card") }, cliponaxis: false,
      customdata: told.labels.map(plain),
      hovertemplate: `%{customdata}${several ? " · " + plain(series.name) : ""}: %{${upright ? "y" : "x"}} ${plain(told.unit)}<extra></extra>`,
    }));
    const names = { tickvals: labels, ticktext: shown, showgrid: false, zeroline: false };
    const sizes = { rangemode: "tozero", title: { text: plain(told.unit) } };
    return [traces, layout({
      barmode: "stack", bargap: 0.35, showlegend: several, legend: { orientation: "h", y: 1.12 },
      xaxis: upright ? names : sizes, yaxis: upright ? sizes : { ...names, autorange: "reversed" },
    }), upright ? 340 : Math.max(180, 70 + 38 * labels.length)];
  }

  function gantt(told) {
    const colours = palette(), lines = [...new Set(told.tasks.map((task) => task.line))];
    const names = [...new Set(told.tasks.map((task) => task.name))], oneEach = lines.length === told.tasks.length;
    const traces = [{
      type: "bar", orientation: "h", base: told.tasks.map((task) => task.start), x: told.tasks.map((task) => task.length),
      y: told.tasks.map((task) => lines.indexOf(task.line)),
      marker: { color: told.tasks.map((task) => colours[oneEach ? 0 : names.indexOf(task.name) % colours.length]), line: { color: colour("card"), width: 1 } },
      text: told.tasks.map((task) => short(oneEach ? `${number(task.start)}–${number(task.start + task.length)}` : task.name, 16)),
      textposition: "inside", insidetextanchor: "middle", insidetextfont: { color: colour("card") },
      customdata: told.tasks.map((task) => `${plain(task.name)}: ${number(task.start)} to ${number(task.start + task.length)}`),
      hovertemplate: "%{customdata}<extra></extra>",
    }];
    return [traces, layout({
      bargap: 0.3, xaxis: { rangemode: "tozero", title: { text: plain(told.unit) } },
      yaxis: { tickvals: lines.map((_, place) => place), ticktext: lines.map((line) => short(line)), autorange: "reversed", showgrid: false, zeroline: false },
    }), Math.max(180, 80 + 40 * lines.length)];
  }

  const none = { visible: false, range: [-0.35, 1.35] };

  function network(told, places, arcs, height, labelled) {
    const ink = colour("soft"), most = Math.max(...arcs.map((arc) => arc.value));
    const lines = arcs.map((arc) => ({
      type: "scatter", mode: "lines", x: arc.xs, y: arc.ys, hoverinfo: "skip",
      line: { color: colour("a"), width: 1.5 + 7 * arc.value / most, shape: "spline" }, opacity: 0.55,
    }));
    const marks = {
      type: "scatter", mode: "markers+text", x: places.map((place) => place.x), y: places.map((place) => place.y),
      text: places.map((place) => short(place.name, 18)), textposition: places.map((place) => place.side),
      marker: { size: 13, color: places.map((place) => colour(place.colour || "a")), line: { color: colour("card"), width: 2 } },
      hovertext: places.map((place) => plain(place.name)), hoverinfo: "text", cliponaxis: false,
    };
    const annotations = labelled ? arcs.map((arc) => ({
      x: arc.at[0], y: arc.at[1], text: number(arc.value), showarrow: false, font: { size: 12, color: colour("ink") },
      bgcolor: colour("card"), borderpad: 1,
    })) : [];
    for (const arc of arcs) if (arc.head) annotations.push({
      x: arc.head[0], y: arc.head[1], ax: arc.tail[0], ay: arc.tail[1], xref: "x", yref: "y", axref: "x", ayref: "y",
      text: "", showarrow: true, arrowhead: 2, arrowsize: 1.2, arrowwidth: 1.6, arrowcolor: ink,
    });
    return [[...lines, marks], layout({ xaxis: { ...none }, yaxis: { ...none, range: [-0.12, 1.12] }, annotations }), height];
  }

  function twoSided(told) {
    const starts = [...new Set(told.arcs.map((arc) => arc.start))], ends = [...new Set(told.arcs.map((arc) => arc.end))];
    const y = (list, name) => (list.length === 1 ? 0.5 : 1 - list.indexOf(name) / (list.length - 1));
    const places = [
      ...starts.map((name) => ({ name, x: 0, y: y(starts, name), side: "middle left" })),
      ...ends.map((name) => ({ name, x: 1, y: y(ends, name), side: "middle right", colour: "b" })),
    ];
    const arcs = told.arcs.map((arc, place) => {
      const from = y(starts, arc.start), to = y(ends, arc.end), t = 0.28 + 0.44 * ((place * 0.37) % 1);
      return { value: arc.value, xs: [0, 1], ys: [from, to], at: [t, from + t * (to - from)] };
    });
    return network(told, places, arcs, Math.max(280, 60 + 52 * Math.max(starts.length, ends.length)), arcs.length <= 24);
  }

  function around(told, order, links) {
    const spot = (name) => {
      const angle = Math.PI / 2 - 2 * Math.PI * order.indexOf(name) / order.length;
      return [0.5 + 0.42 * Math.cos(angle), 0.5 + 0.42 * Math.sin(angle)];
    };
    const places = order.map((name) => {
      const [x, y] = spot(name);
      return { name, x, y, side: y > 0.75 ? "top center" : y < 0.25 ? "bottom center" : x < 0.5 ? "middle left" : "middle right" };
    });
    const arcs = links.map((arc) => {
      const [x, y] = spot(arc.start), [u, v] = spot(arc.end), at = (t) => [x + t * (u - x), y + t * (v - y)];
      return { value: arc.value, xs: [x, u], ys: [y, v], at: at(0.42), head: at(0.68), tail: at(0.6) };
    });
    return network(told, places, arcs, 400, told.kind === "flow" && arcs.length <= 24);
  }

  const flow = (told) => {
    if (told.two_sided) return twoSided(told);
    return around(told, [...new Set(told.arcs.flatMap((arc) => [arc.start, arc.end]))], told.arcs);
  };
  const route = (told) => {
    const links = told.tours.flatMap((tour) => tour.map((place, at) => ({ start: place, end: tour[(at + 1) % tour.length], value: 1 })));
    return around(told, [...new Set(told.tours.flat())], links);
  };

  const kinds = { bars, gantt, flow, route };
  window.r2cDrawing = (element, told) => {
    const [traces, made, height] = kinds[told.kind](told);
    element.style.height = height + "px";
    return Plotly.react(element, traces, made, { displayModeBar: false, responsive: true, staticPlot: false });
  };
})();
