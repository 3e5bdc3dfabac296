// Charts, the year selector and the search. Without JavaScript the page keeps its still pictures and the main year.
(function () {
  "use strict";
  var charts = Array.prototype.slice.call(document.querySelectorAll(".chart"));
  charts.forEach(function (box) {
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
  var rows = Array.prototype.slice.call(document.querySelectorAll("#inputs tbody tr"));
  if (find) find.addEventListener("input", function () {
    var wanted = find.value.normalize("NFKC").toLowerCase();
    rows.forEach(function (row) { row.hidden = row.textContent.normalize("NFKC").toLowerCase().indexOf(wanted) < 0; });
  });
  function open() {
    var there = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    var details = there && there.querySelector("details");
    if (details && location.hash.indexOf("#def-") === 0) details.open = true;
  }
  window.addEventListener("hashchange", open);
  open();
})();
