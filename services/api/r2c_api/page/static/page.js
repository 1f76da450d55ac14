// What the page does beside asking for parts of itself: links light up, steps come in, equations
// are set, pictures are drawn where there is one, files are dropped, light turns to dark.
(() => {
  "use strict";
  const page = document.body.dataset;
  const loading = new Map();

  function need(address) {
    if (!loading.has(address)) {
      loading.set(address, new Promise((done, failed) => {
        const script = document.createElement("script");
        script.src = address;
        script.onload = done;
        script.onerror = () => failed(new Error(address));
        document.head.append(script);
      }));
    }
    return loading.get(address);
  }

  function say(words) { document.getElementById("said").textContent = words; }

  // -------------------------------------------------------------- words <-> rules <-> equations

  const linksOf = (element) => (element ? element.dataset.links.split(" ") : []);
  let kept = null;

  function light(links) {
    for (const element of document.querySelectorAll("[data-links]")) {
      const own = linksOf(element);
      element.classList.toggle("lit", links.some((link) => own.includes(link)));
    }
  }
  const linked = (event) => event.target.closest && event.target.closest("[data-links]");

  document.addEventListener("pointerover", (event) => light(linksOf(kept || linked(event))));
  document.addEventListener("focusin", (event) => { if (linked(event)) light(linksOf(linked(event))); });
  document.addEventListener("focusout", () => light(linksOf(kept)));
  document.addEventListener("click", (event) => {
    const found = linked(event);
    if (!found) {
      if (kept && !event.target.closest("a, button, input, select, summary")) { kept = null; light([]); }
      return;
    }
    kept = kept === found ? null : found;
    light(linksOf(kept || found));
    if (found.classList.contains("quote")) {
      event.preventDefault();
      const rule = document.getElementById(linksOf(found)[0]);
      if (rule) { rule.scrollIntoView({ block: "nearest", behavior: "smooth" }); }
    }
  });
  document.addEventListener("keydown", (event) => {
    const found = linked(event);
    if (event.key === "Escape") { kept = null; light([]); }
    if (!found || event.target !== found) return;
    if (event.key === "Enter" && found.classList.contains("line")) {
      const words = [...document.querySelectorAll(".quote")].find((quote) => linksOf(quote).includes(found.id));
      if (words) { words.focus(); words.scrollIntoView({ block: "nearest" }); event.preventDefault(); }
    } else if (event.key === "Enter" && found.classList.contains("quote")) {
      const rule = document.getElementById(linksOf(found)[0]);
      if (rule) { rule.focus(); event.preventDefault(); }
    }
  });

  // -------------------------------------------------------------- equations and pictures

  async function setEquations(root) {
    const open = [...root.querySelectorAll("[data-latex]:not([data-set])")];
    if (!open.length) return;
    if (!document.getElementById("katex-style")) {
      const style = document.createElement("link");
      style.id = "katex-style";
      style.rel = "stylesheet";
      style.href = page.katexStyle;
      document.head.append(style);
    }
    await need(page.katex);
    for (const element of open) {
      element.dataset.set = "1";
      const plain = element.textContent;
      try {
        katex.render(element.dataset.latex, element, { throwOnError: true, trust: false, strict: "ignore", maxExpand: 200 });
      } catch { element.textContent = plain; }
    }
    reachScrolled(root);
  }

  // What has to be scrolled can be reached with the keyboard, and nothing else needs to be.
  function reachScrolled(root) {
    for (const box of root.querySelectorAll(".scroll, .words, .maths")) {
      if (box.scrollWidth <= box.clientWidth + 1 && box.scrollHeight <= box.clientHeight + 1) continue;
      if (getComputedStyle(box).overflowX === "visible") continue;
      box.tabIndex = 0;
      if (!box.hasAttribute("role")) { box.setAttribute("role", "group"); box.setAttribute("aria-label", "Equation"); }
    }
  }

  async function drawPictures(root) {
    const open = [...root.querySelectorAll(".drawing")];
    if (!open.length) return;
    await need(page.plotly);
    await need(page.drawing);
    for (const element of open) {
      const told = JSON.parse(element.nextElementSibling.textContent);
      window.r2cDrawing(element, told);
    }
  }

  // -------------------------------------------------------------- steps as they come

  let pause = 2000;
  function follow(root) {
    const live = root.querySelector("#live:not([data-followed])");
    if (!live) return;
    live.dataset.followed = "1";
    const steps = live.querySelector("#steps");
    const phases = [...live.querySelectorAll(".phases li")];
    const source = new EventSource(live.dataset.events);
    let began = null, reached = 0;

    function reach(stage) {
      const found = phases.findIndex((phase) => phase.dataset.stages.split(" ").includes(stage));
      if (found >= 0) reached = found;
      phases.forEach((phase, place) => {
        phase.classList.toggle("done", place < reached);
        phase.classList.toggle("now", place === reached);
        if (place === reached) phase.setAttribute("aria-current", "step"); else phase.removeAttribute("aria-current");
      });
    }
    function add(at, words) {
      if (began === null) began = at;
      const item = document.createElement("li"), time = document.createElement("time"), told = document.createElement("span");
      time.textContent = ((at - began) / 1000).toFixed(1) + " s";
      told.textContent = words;
      item.append(time, told);
      steps.append(item);
      steps.scrollTop = steps.scrollHeight;
    }
    const states = { queued: "It waits for its turn.", running: "Work on it has begun.", succeeded: "Done.", failed: "It failed.", cancelled: "It was cancelled." };
    function told(message) {
      pause = 2000;
      const event = JSON.parse(message.data);
      const at = Date.parse(event.at);
      if (event.step) {
        reach(event.step.stage);
        if (event.step.stage !== "start") add(at, event.step.message);
        return;
      }
      reach(event.state);
      add(at, states[event.state] || event.state);
      // The end of an earlier round is told as well where a job goes on after an answer.
      if (["succeeded", "failed", "cancelled"].includes(event.state)) {
        setTimeout(() => { if (live.dataset.last === String(event.number)) finish(event.state); }, 150);
      }
      live.dataset.last = String(event.number);
    }
    // A refused connection (too many streams, a key that ended, a proxy) is not tried again by the browser.
    source.addEventListener("error", () => {
      if (source.readyState !== EventSource.CLOSED) return;
      say("The connection was lost. This page looks again by itself.");
      setTimeout(() => live.dispatchEvent(new CustomEvent("ended")), pause);
      pause = Math.min(2 * pause, 60000);
    });
    function finish(state) {
      source.close();
      say(states[state]);
      live.dispatchEvent(new CustomEvent("ended"));
    }
    const seen = (message) => { live.dataset.last = message.lastEventId; told(message); };
    for (const kind of ["message", "state", "step"]) source.addEventListener(kind, seen);
    addEventListener("pagehide", () => source.close(), { once: true });
  }

  // -------------------------------------------------------------- files, numbers, times, theme

  function takeFiles(root) {
    const input = root.querySelector("#files");
    if (!input) return;
    const drop = root.querySelector("#drop"), chosen = root.querySelector("#chosen");
    const show = () => {
      chosen.replaceChildren(...[...input.files].map((file) => {
        const item = document.createElement("li");
        item.textContent = `${file.name} · ${file.size < 10000 ? file.size + " bytes" : Math.round(file.size / 1000) + " kB"}`;
        return item;
      }));
    };
    const put = (files) => {
      const all = new DataTransfer();
      for (const file of [...input.files, ...files]) all.items.add(file);
      input.files = all.files;
      show();
    };
    input.addEventListener("change", show);
    for (const kind of ["dragover", "dragenter"]) drop.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.add("over"); });
    for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("over"));
    drop.addEventListener("drop", (event) => { event.preventDefault(); put([...event.dataTransfer.files]); });
    if (input.dataset.files) {
      const names = input.dataset.files.trim().split(" ");
      Promise.all(names.map(async (name) => new File([await (await fetch(name)).blob()], name.split("/").pop(), { type: "text/csv" }))).then(put);
    }
    show();
  }

  function showNumber(select) {
    const input = document.getElementById("value"), chosen = select.selectedOptions[0];
    if (input && chosen) input.placeholder = chosen.dataset.now;
  }
  document.addEventListener("change", (event) => { if (event.target.id === "what") showNumber(event.target); });

  function localTimes(root) {
    for (const time of root.querySelectorAll("time[datetime]")) {
      const at = new Date(time.dateTime);
      if (!Number.isNaN(at.valueOf())) time.textContent = at.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
    }
  }

  const isDark = () => {
    const chosen = document.documentElement.dataset.theme;
    return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  };
  function redraw() { if (window.r2cDrawing) drawPictures(document); }
  document.getElementById("theme").addEventListener("click", () => {
    const next = isDark() ? "light" : "dark";
    document.documentElement.dataset.theme = next;
    localStorage.setItem("theme", next);
    say(next === "dark" ? "Dark" : "Light");
    redraw();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);

  // A link from elsewhere comes without the cookie; from here it goes with it.
  async function goOnIfSignedIn() {
    const form = document.querySelector("[data-next]");
    if (!form) return;
    const answer = await fetch(form.dataset.next, { redirect: "manual" });
    if (answer.ok) location.replace(form.dataset.next);
  }

  function enliven(root) {
    follow(root);
    takeFiles(root);
    localTimes(root);
    reachScrolled(root);
    const select = root.querySelector("#what");
    if (select) showNumber(select);
    setEquations(root).catch((fault) => console.error(fault));
    drawPictures(root).catch((fault) => console.error(fault));
  }
  document.addEventListener("htmx:after:swap", (event) => {
    const job = document.getElementById("job");
    if (job && !job.dataset.alive) {
      job.dataset.alive = "1";
      enliven(job);
      const title = job.querySelector("#outcome, #doing, h2");
      if (title) { title.tabIndex = -1; title.focus({ preventScroll: true }); say(title.textContent); }
    } else { localTimes(document); }
  });
  const first = document.getElementById("job");
  if (first) first.dataset.alive = "1";
  enliven(document);
  goOnIfSignedIn();
})();
