// Starts the app. The names of the module and its WASM are in the preload links of the page, so that they may
// carry a hash of the content, and nothing here needs to be inline.
const module = document.querySelector('link[rel="modulepreload"]').href;
const wasm = document.querySelector('link[rel="preload"][type="application/wasm"]').href;

try {
  const { default: start } = await import(module);
  await start({ module_or_path: wasm });
  performance.mark("app-running");
} catch (error) {
  document.documentElement.classList.add("boot-has-failed");
  throw error;
}
