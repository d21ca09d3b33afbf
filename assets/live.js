// What somebody else changes shows without a reload: the server tells that the change log grew.

export function watchChanges(refresh) {
  const place = document.querySelector("[data-follow]");
  if (!place) return;
  let source;
  let timer;
  const start = () => {
    source = new EventSource(document.body.dataset.root + "events");
    source.addEventListener("changed", () => {
      clearTimeout(timer);
      // Somebody who is writing in the region is not disturbed.
      const fields = ":is(#act, [data-typed]) :is(input, select)";
      const writing = document.activeElement.matches?.(fields);
      timer = setTimeout(refresh, writing ? 5000 : 150);
    });
  };
  const stop = () => source?.close();
  document.addEventListener("visibilitychange", () => {
    stop();
    if (!document.hidden) {
      refresh();
      start();
    }
  });
  addEventListener("pagehide", stop);
  start();
}
