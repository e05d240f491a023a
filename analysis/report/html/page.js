// SPDX-License-Identifier: MIT
// What a page can do beyond being read: figures beside the pointer, arrows from mark to mark, light and dark by hand,
// tables opened for print.
(function () {
  "use strict";
  var tip = document.createElement("div");
  tip.id = "tip";
  tip.hidden = true;
  tip.setAttribute("aria-hidden", "true"); // marks have the same words as their names
  document.body.appendChild(tip);

  function markOf(event) {
    return event.target.closest ? event.target.closest(".mark") : null;
  }

  function place(x, y) {
    var box = tip.getBoundingClientRect(), room = document.documentElement.clientWidth;
    var left = Math.max(8, Math.min(x + 12, room - box.width - 8));
    var top = y - box.height - 12;
    tip.style.left = left + window.scrollX + "px";
    tip.style.top = (top > 4 ? top : y + 18) + window.scrollY + "px";
  }

  function show(mark, x, y) {
    tip.textContent = mark.getAttribute("aria-label");
    tip.hidden = false;
    place(x, y);
  }

  function hide() {
    tip.hidden = true;
  }

  // The browser's own would stand beside ours.
  document.querySelectorAll(".mark > title").forEach(function (title) { title.remove(); });

  document.addEventListener("pointermove", function (event) {
    var mark = markOf(event);
    if (mark) show(mark, event.clientX, event.clientY); else hide();
  });
  document.addEventListener("pointerleave", hide);
  document.addEventListener("focusin", function (event) {
    var mark = markOf(event);
    if (!mark) return hide();
    var box = mark.getBoundingClientRect();
    show(mark, box.left + box.width / 2, box.top);
  });
  document.addEventListener("focusout", hide);

  // One Tab stop a picture; arrows, Home and End go on from there.
  document.addEventListener("keydown", function (event) {
    var mark = markOf(event);
    if (event.key === "Escape") hide();
    if (!mark || event.ctrlKey || event.altKey || event.metaKey) return;
    var marks = Array.from(mark.closest("svg").querySelectorAll(".mark")), at = marks.indexOf(mark);
    var to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: marks.length - 1 }[event.key];
    if (to === undefined || !marks[to]) return;
    event.preventDefault();
    mark.tabIndex = -1;
    marks[to].tabIndex = 0;
    marks[to].focus();
  });

  // Light, dark, or as the system has it. Print is always light.
  var dark = document.getElementById("style-dark"), media = { system: dark.media, light: "not all", dark: "screen" };
  var button = document.createElement("button"), order = ["system", "light", "dark"], chosen = "system";
  button.id = "theme";
  button.type = "button";
  function label() {
    button.textContent = "Colours: " + chosen;
  }
  button.addEventListener("click", function () {
    chosen = order[(order.indexOf(chosen) + 1) % order.length];
    dark.media = media[chosen];
    label();
  });
  label();
  document.body.appendChild(button);

  var opened = [];
  window.addEventListener("beforeprint", function () {
    opened = Array.from(document.querySelectorAll("details:not([open])"));
    opened.forEach(function (details) { details.open = true; });
  });
  window.addEventListener("afterprint", function () {
    opened.forEach(function (details) { details.open = false; });
  });
})();
