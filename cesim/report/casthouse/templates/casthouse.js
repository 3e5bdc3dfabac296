// Maps and points: under the pointer, under a finger or by the arrow keys, every number of a design is told.
(function () {
  "use strict";
  var table = document.getElementById("designs");
  if (!table) return;
  var heads = Array.prototype.map.call(table.querySelectorAll("thead th"), function (cell) { return cell.textContent; });
  var rows = table.querySelectorAll("tbody tr");
  function add(box, kind, text) {
    var made = document.createElement(kind);
    made.textContent = text;
    box.appendChild(made);
  }
  function show(at) {
    document.querySelectorAll(".readout").forEach(function (box) {
      box.textContent = "";
      Array.prototype.forEach.call(rows[at].children, function (cell, i) {
        if (i) box.appendChild(document.createTextNode(box.dataset.comma));
        add(box, "span", heads[i] + " ");
        add(box, "b", cell.textContent);
      });
      box.dataset.shown = at;
    });
    document.querySelectorAll("[data-at].on").forEach(function (one) { one.classList.remove("on"); });
    document.querySelectorAll('[data-at="' + at + '"]').forEach(function (one) { one.classList.add("on"); });
  }
  ["pointerover", "click", "focusin"].forEach(function (kind) {
    document.addEventListener(kind, function (event) {
      var one = event.target.closest && event.target.closest("[data-at]");
      if (one) show(one.dataset.at);
    });
  });
  document.querySelectorAll(".cells").forEach(function (cells) {
    var wide = Number(cells.dataset.wide), all = cells.querySelectorAll("[data-at]");
    cells.addEventListener("keydown", function (event) {
      var step = { ArrowRight: 1, ArrowLeft: -1, ArrowUp: -wide, ArrowDown: wide }[event.key];
      var here = Array.prototype.indexOf.call(all, cells.querySelector(".on"));
      var next = all[here + step];
      if (!step || !next) return;
      event.preventDefault();
      show(next.dataset.at);
    });
  });
})();
