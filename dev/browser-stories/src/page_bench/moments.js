// Runs in every new document before anything of the page does, and notes when what a person waits for is there.
(() => {
  const moments = { shift: 0 };
  window.moments = moments;

  const observe = (type, each) =>
    new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({ type, buffered: true });
  observe("paint", ({ name, startTime }) => {
    if (name === "first-contentful-paint") moments.paint = startTime;
  });
  observe("layout-shift", ({ value }) => {
    moments.shift += value;
  });

  const eachFrame = () => {
    if (document.querySelector("#sign-in[href]")) moments.link = performance.now();
    else requestAnimationFrame(eachFrame);
  };
  requestAnimationFrame(eachFrame);

  // Until the document is read to its end, its own markup comes into the element; from then on, what the app puts there.
  document.addEventListener("readystatechange", () => {
    const root = document.readyState === "interactive" && document.getElementById("app");
    if (!root) return;
    const observer = new MutationObserver(() => {
      moments.app = performance.now();
      observer.disconnect();
    });
    observer.observe(root, { childList: true });
  });
})();
