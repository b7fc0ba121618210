// Runs before the first paint: keeps the rail as wide as the person left it, so that nothing jumps.
try {
  if (localStorage.getItem("rail") === "narrow") document.documentElement.dataset.rail = "narrow";
} catch {
  // Storage may be forbidden; the rail is then wide.
}
