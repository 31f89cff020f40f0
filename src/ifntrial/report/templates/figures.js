// Draws every figure of the page, and gives it a fixed width while the page is printed.
(function () {
  "use strict";
  var mouse = window.matchMedia("(hover: hover) and (pointer: fine)").matches;
  var buttons = [["toImage", "resetScale2d"]];
  var config = { responsive: true, displaylogo: false, displayModeBar: mouse ? "hover" : false, modeBarButtons: buttons };
  var printWidth = { 1: 672, 2: 328, 3: 214 };
  var plots = Array.prototype.slice.call(document.querySelectorAll(".plot"));
  plots.forEach(function (plot) {
    var shown = JSON.parse(document.getElementById(plot.id + "-data").textContent);
    // A finger scrolls the page; only a mouse zooms by dragging.
    if (!mouse) { shown.layout.dragmode = false; }
    Plotly.newPlot(plot, shown.data, shown.layout, config);
  });
  function resize(toPrint) {
    plots.forEach(function (plot) {
      var width = printWidth[plot.dataset.columns] || 672;
      Plotly.relayout(plot, toPrint ? { autosize: false, width: width } : { autosize: true, width: null });
    });
  }
  window.addEventListener("beforeprint", function () { resize(true); });
  window.addEventListener("afterprint", function () { resize(false); });
})();
