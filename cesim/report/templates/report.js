// Charts, the year selector and the search. Without JavaScript the page keeps its still pictures and the main year.
(function () {
  "use strict";
  // plotly.js (MIT licence, plotly.com) stands in the page packed; a browser that cannot unpack it keeps the still pictures
  function unpacked(id) {
    var text = atob(document.getElementById(id).textContent), bytes = Uint8Array.from(text, function (c) { return c.charCodeAt(0); });
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).text();
  }
  function draw() {
    document.querySelectorAll(".chart").forEach(function (box) {
      var figure = JSON.parse(document.getElementById(box.dataset.figure).textContent);
      figure.layout.font.family = getComputedStyle(document.body).fontFamily;
      var live = document.createElement("div");
      live.className = "live";
      box.appendChild(live);
      box.classList.add("drawn"); // hides the still picture on the screen; paper keeps it
      Plotly.newPlot(live, figure.data, figure.layout, { displayModeBar: false, responsive: true }).then(function () {
        box.dataset.drawn = "yes";
      });
    });
  }
  if (typeof DecompressionStream === "function") unpacked("plotly").then(function (source) {
    var script = document.createElement("script");
    script.textContent = source;
    document.head.appendChild(script);
    draw();
  });
  document.querySelectorAll(".material").forEach(function (material) {
    var buttons = material.querySelectorAll("button[data-year]");
    buttons.forEach(function (button) {
      button.addEventListener("click", function () {
        buttons.forEach(function (b) { b.setAttribute("aria-pressed", String(b === button)); });
        material.querySelectorAll(".view").forEach(function (view) {
          view.hidden = view.dataset.year !== button.dataset.year;
        });
      });
    });
  });
  var find = document.getElementById("find");
  var body = document.querySelector("#inputs tbody"), found = document.getElementById("found"), rows = null;
  function cell(row, text, kind) {
    var made = document.createElement(kind || "td");
    made.textContent = text;
    row.appendChild(made);
    return made;
  }
  function fill() { // rows are made when the list is first opened
    if (rows) return;
    var held = JSON.parse(document.getElementById("inputs-data").textContent);
    rows = held.rows.map(function (input) {
      var row = document.createElement("tr"), status = input[8], shared = input.slice(4, 8).map(function (n) { return held.texts[n]; });
      var name = cell(row, input[0]);
      name.className = "text";
      if (input[0]) name.appendChild(document.createElement("br"));
      cell(name, input[1], "code");
      cell(row, input[2]);
      cell(row, input[3]);
      cell(row, shared[0]);
      var source = cell(row, shared[1]);
      source.className = "text";
      if (shared[2]) { source.appendChild(document.createElement("br")); cell(source, shared[2], "span").className = "url"; }
      if (shared[3]) { source.appendChild(document.createElement("br")); cell(source, shared[3], "i"); }
      cell(cell(row, ""), held.status[status], "span").className = "tag " + status;
      body.appendChild(row);
      return row;
    });
    search();
  }
  function search() {
    var wanted = find.value.normalize("NFKC").toLowerCase(), n = 0;
    rows.forEach(function (row) {
      row.hidden = row.textContent.normalize("NFKC").toLowerCase().indexOf(wanted) < 0;
      if (!row.hidden) n += 1;
    });
    found.textContent = found.dataset.words.replace("#", n);
  }
  document.querySelector(".inputs").addEventListener("toggle", fill);
  find.addEventListener("input", function () { fill(); search(); });
  function open() {
    var there = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    var details = there && there.querySelector("details");
    if (details && location.hash.indexOf("#def-") === 0) details.open = true;
  }
  window.addEventListener("hashchange", open);
  open();
})();
