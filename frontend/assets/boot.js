// Starts the app. The names of the module and its WASM are in the preload links of the page, so that they may
// carry a hash of the content, and nothing here needs to be inline.
const module = document.querySelector('link[rel="modulepreload"]').href;
const wasm = document.querySelector('link[rel="preload"][type="application/wasm"]').href;
const RELOADED = "reloaded-for-files";

try {
  const { default: start } = await import(module);
  await start({ module_or_path: wasm });
  performance.mark("app-running");
  forget();
} catch (error) {
  if (!(await isReloaded())) document.documentElement.classList.add("boot-has-failed");
  throw error;
}

// After a deploy a page may name files that are gone. A fresh page names others: one reload, and no second one before
// the app has run. A page that says what went wrong stays.
async function isReloaded() {
  try {
    const isMissing = async (file) => (await fetch(file, { method: "HEAD", cache: "no-store" })).status === 404;
    const isProblem = document.getElementById("problem")?.textContent.trim().startsWith("{");
    if (isProblem || sessionStorage.getItem(RELOADED)) return false;
    if (!(await isMissing(module)) && !(await isMissing(wasm))) return false;
    sessionStorage.setItem(RELOADED, "1");
    location.reload();
    return true;
  } catch {
    return false; // offline, or without storage
  }
}

function forget() {
  try {
    sessionStorage.removeItem(RELOADED);
  } catch {
    // without storage there was no reload
  }
}
