// SPDX-License-Identifier: MIT
// Flame graphs: search, and a closer look at one frame.
(function () {
  "use strict";

  var slack = 0.01; // places are written with five digits; no frame is narrower than 0.05

  function percent(element, name) {
    return parseFloat(element.getAttribute(name));
  }

  function framesOf(svg) {
    return Array.from(svg.querySelectorAll(".mark")).map(function (mark) {
      var rect = mark.querySelector("rect"), name = mark.querySelector("svg.name");
      return { mark: mark, rect: rect, name: name, text: name.textContent, x: percent(rect, "x"), width: percent(rect, "width"),
        y: percent(rect, "y") };
    });
  }

  function element(kind, text, parent) {
    var made = document.createElement(kind);
    made.textContent = text;
    parent.appendChild(made);
    return made;
  }

  function start(box) {
    var svg = box.querySelector("svg"), frames = framesOf(svg), all = frames[0];
    var bar = document.createElement("div"), label, input, found, reset;
    if (!all) return;
    bar.className = "controls";
    label = element("label", "Search ", bar);
    input = element("input", "", label);
    input.type = "search";
    input.setAttribute("aria-label", "Search functions");
    reset = element("button", "Show all", bar);
    reset.type = "button";
    reset.hidden = true;
    found = element("output", "Click a frame for a closer look.", bar);
    box.insertBefore(bar, svg.parentNode);

    function zoom(to) {
      frames.forEach(function (frame) {
        var above = frame.y <= to.y && frame.x <= to.x + slack && frame.x + frame.width >= to.x + to.width - slack;
        var within = frame.y > to.y && frame.x >= to.x - slack && frame.x + frame.width <= to.x + to.width + slack;
        var x = above ? 0 : (frame.x - to.x) / to.width * 100, width = above ? 100 : frame.width / to.width * 100;
        frame.mark.style.display = above || within ? "" : "none";
        frame.mark.classList.toggle("above", above && frame !== to);
        [frame.rect, frame.name].forEach(function (part) {
          part.setAttribute("x", x + "%");
          part.setAttribute("width", width + "%");
        });
      });
      reset.hidden = to === all;
    }

    // Of frames within each other the outermost counts.
    function search() {
      var wanted = input.value.trim().toLowerCase(), sum = 0, hits = [];
      frames.forEach(function (frame) {
        var hit = wanted !== "" && frame !== all && frame.text.toLowerCase().indexOf(wanted) >= 0;
        frame.mark.classList.toggle("found", hit);
        if (!hit) return;
        var inside = hits.some(function (other) {
          return other.y < frame.y && other.x <= frame.x + slack && other.x + other.width >= frame.x + frame.width - slack;
        });
        if (!inside) {
          sum += frame.width;
          hits.push(frame);
        }
      });
      svg.classList.toggle("searched", wanted !== "");
      found.textContent = wanted === "" ? "" : hits.length ? sum.toFixed(1) + " % of all" : "not found";
    }

    frames.forEach(function (frame) {
      frame.mark.addEventListener("click", function () { zoom(frame); });
      frame.mark.addEventListener("keydown", function (event) {
        if (event.key === "Enter" || event.key === " ") {
          event.preventDefault();
          zoom(frame);
        } else if (event.key === "Escape") {
          zoom(all);
        }
      });
    });
    reset.addEventListener("click", function () { zoom(all); });
    input.addEventListener("input", search);
  }

  document.querySelectorAll(".flame").forEach(start);
})();
