(place, label) => {
  // Plotly draws the slider as SVG without keys. Pressing the rail where a step lies moves it.
  const INSET = 10; // plotly keeps half of its grip free at both ends of the rail
  const press = (rail, share) => {
    const box = rail.getBoundingClientRect();
    const at = {
      bubbles: true,
      clientX: box.left + INSET + (box.width - 2 * INSET) * Math.min(1, Math.max(0, share)),
      clientY: box.top + box.height / 2,
    };
    rail.dispatchEvent(new MouseEvent("mousedown", at));
    rail.closest(".js-plotly-plot").dispatchEvent(new MouseEvent("mouseup", at));
  };
  const sliderOf = (plot) => plot._fullLayout?.sliders?.[0]; // none while it is drawn anew
  const tell = (plot, group) => {
    const slider = sliderOf(plot);
    if (!slider) return;
    const { active, steps } = slider;
    group.setAttribute("aria-valuenow", active);
    group.setAttribute("aria-valuetext", steps[active].label);
  };
  const reach = (plot) => {
    const group = plot.querySelector(".slider-group");
    const rail = plot.querySelector(".slider-rail-touch-rect");
    if (!group || !rail || group.dataset.keys || !sliderOf(plot) || !plot.on) return;
    const steps = sliderOf(plot).steps.length;
    group.dataset.keys = "on";
    Object.entries({
      tabindex: 0, role: "slider", "aria-label": label, "aria-valuemin": 0, "aria-valuemax": steps - 1,
    }).forEach(([name, value]) => group.setAttribute(name, value));
    tell(plot, group);
    for (const moved of ["plotly_animatingframe", "plotly_animated", "plotly_sliderchange"]) {
      plot.on(moved, () => tell(plot, group));
    }
    plot.on("plotly_animated", () => {
      if (sliderOf(plot)?.active === steps - 1) group.dataset.playing = "off";
    });
    group.addEventListener("keydown", (event) => {
      const now = sliderOf(plot)?.active;
      if (now === undefined) return;
      const to = {
        ArrowRight: now + 1, ArrowUp: now + 1, ArrowLeft: now - 1, ArrowDown: now - 1,
        PageUp: now + 5, PageDown: now - 5, Home: 0, End: steps - 1,
      }[event.key];
      if (to !== undefined) {
        press(plot.querySelector(".slider-rail-touch-rect"), to / (steps - 1));
        tell(plot, group);
      } else if (event.key === " ") {
        const [play, pause] = plot.querySelectorAll(".updatemenu-button");
        const playing = group.dataset.playing === "on";
        group.dataset.playing = playing ? "off" : "on";
        // A step that was just pressed is taken in the next picture; this must come after it.
        requestAnimationFrame(() =>
          (playing ? pause : play).dispatchEvent(new MouseEvent("click", { bubbles: true })));
      } else {
        return;
      }
      event.preventDefault();
    });
  };
  const look = () => document.querySelectorAll(`${place} .js-plotly-plot`).forEach(reach);
  window.madoKeys?.disconnect();
  window.madoKeys = new MutationObserver(look);
  window.madoKeys.observe(document.body, { childList: true, subtree: true });
  look();
}
