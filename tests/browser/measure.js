// What the console's pages cost: node measure.js http://HOST:PORT [--fill COUNT]
// Prints for each page its requests, its bytes as they come over the wire, and how far its parts
// move while it loads; the lines of the scripts; and how long the list of numbers takes to follow a
// key. With --fill, numbers are imported into the demo first.

const fs = require("node:fs");
const path = require("node:path");
const { launch, logIn, PAGES } = require("./open.js");

const [base, option, wanted] = process.argv.slice(2);
const AT_ONCE = 50_000;
const DEBOUNCE = 120;
const VIEWPORT = { width: 1280, height: 800 };

const headers = { authorization: "Bearer demo-token" };
const at = (address) => base + "/api/v1/instances/ccc-test" + address;

async function json(address, options = {}) {
  const all = { ...headers, ...options.headers };
  const reply = await fetch(at(address), { ...options, headers: all });
  if (!reply.ok) throw new Error(`${address}: ${reply.status} ${await reply.text()}`);
  return reply.json();
}

// Numbers of ten cities, of which nobody has any yet.
async function fill(count) {
  const areas = ["010", "021", "020", "022", "023", "025", "027", "028", "029", "0755"];
  for (let first = 0; first < count; first += AT_ONCE) {
    const rows = ["number,note"];
    for (let i = first; i < Math.min(count, first + AT_ONCE); i += 1) {
      rows.push(`${areas[i % 10]}${String(70_000_000 + Math.floor(i / 10)).padStart(8, "0")},`);
    }
    const found = await json("/imports?what=numbers", {
      method: "POST", body: rows.join("\n"), headers: { "content-type": "text/csv" },
    });
    await json(`/imports/${found.import_id}:apply`, {
      method: "POST", body: JSON.stringify({ plan: found.plan, reason: "to measure" }),
      headers: { "content-type": "application/json" },
    });
    for (;;) {
      const { applied } = await json(`/imports/${found.import_id}`);
      if (applied?.run === null || applied?.run?.state === "ended") break;
      await new Promise((done) => setTimeout(done, 500));
    }
  }
}

async function costs(browser) {
  const context = await browser.newContext({ viewport: VIEWPORT, locale: "en" });
  const page = await context.newPage();
  await page.addInitScript(() => {
    window.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.shift += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  await logIn(page, base);
  const wire = await context.newCDPSession(page);
  await wire.send("Network.enable");
  let requests = 0;
  let bytes = 0;
  wire.on("Network.requestWillBeSent", () => { requests += 1; });
  wire.on("Network.loadingFinished", ({ encodedDataLength }) => { bytes += encodedDataLength; });
  for (const address of PAGES) {
    await page.goto("about:blank");
    await wire.send("Network.clearBrowserCache");
    [requests, bytes] = [0, 0];
    await page.goto(base + "/console/ccc-test/" + address);
    await page.waitForTimeout(700);
    const shift = await page.evaluate(() => window.shift);
    const kilobytes = (bytes / 1024).toFixed(1);
    console.log(`${kilobytes.padStart(6)} KB  ${requests} requests  shift ${shift.toFixed(3)}  ` +
      `/${address}`);
  }
  await context.close();
}

function lines() {
  const folder = path.join(__dirname, "../../assets");
  const own = fs.readdirSync(folder)
    .filter((name) => /\.js$/.test(name) && name !== "idiomorph.js");
  const text = (name) => fs.readFileSync(path.join(folder, name), "utf8").trimEnd();
  const count = (name) => text(name).split("\n").length;
  console.log(`${own.reduce((sum, name) => sum + count(name), 0)} lines of JavaScript`);
}

async function keys(browser) {
  const context = await browser.newContext({ viewport: VIEWPORT, locale: "en" });
  const page = await context.newPage();
  await logIn(page, base);
  const total = await page.getAttribute("[data-count]", "data-total");
  await page.evaluate(() => {
    let pressed;
    window.took = [];
    document.addEventListener("input", () => { pressed = performance.now(); });
    document.addEventListener("region", () => requestAnimationFrame(() => {
      if (pressed) window.took.push(performance.now() - pressed);
      pressed = undefined;
    }));
  });
  await page.focus("input[type=search]");
  for (const text of ["02870", "成都 88", "张", "13", "北京 7"]) {
    await page.evaluate(() => { document.querySelector("input[type=search]").value = ""; });
    for (const key of text) {
      const before = await page.evaluate(() => window.took.length);
      await page.keyboard.insertText(key);
      // A key that another change of the list overtook is not counted.
      const done = page.waitForFunction((count) => window.took.length > count, before);
      await done.catch(() => undefined);
    }
  }
  const took = (await page.evaluate(() => window.took)).sort((a, b) => a - b);
  const place = (share) => Math.round(took[Math.floor((took.length - 1) * share)] - DEBOUNCE);
  console.log(`key to rows among ${total} numbers, besides the debounce of ${DEBOUNCE} ms: ` +
    `median ${place(0.5)} ms, nine in ten ${place(0.9)} ms, of ${took.length} keys`);
  await context.close();
}

async function main() {
  if (option === "--fill") await fill(Number(wanted));
  const browser = await launch();
  try {
    await costs(browser);
    lines();
    await keys(browser);
  } finally {
    await browser.close();
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
