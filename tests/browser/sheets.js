// Pictures of the console, to be looked at: node sheets.js http://HOST:PORT FOLDER [PAGE …]
// Makes one sheet a page (both languages, light and dark, three widths) of a running demo, and
// console.png, with which the README begins.

const fs = require("node:fs");
const path = require("node:path");
const { api, launch, logIn, PAGES } = require("./open.js");

const [base, folder, ...wanted] = process.argv.slice(2);

const WIDTHS = [390, 1280, 1920];
const LOOKS = ["en", "zh-CN"].flatMap((locale) =>
  ["light", "dark"].map((colorScheme) => ({ locale, colorScheme })));

const name = (page) => page.replace(/[^a-z0-9]+/gi, "-").replace(/^-|-$/g, "") || "today";

const LOGIN = "/console/login";

// What has an address only once somebody did something: a preview, what was done and its undoing,
// a spreadsheet.
async function done() {
  const file = "number,note,city\n083xxxx0011,new,\n02877770001,,成都\n8.3E+10,,\nhello,,\n";
  const sent = await fetch(base + "/api/v1/instances/ccc-test/imports", {
    method: "POST", body: file,
    headers: { authorization: "Bearer demo-token", "content-type": "text/csv" },
  });
  const { import_id } = await sent.json();
  const { items } = await (await api(base, "GET", "/changes?limit=20")).json();
  const request = items.at(-1).request_id;
  return [
    `requests/${request}`, `requests/${request}/undo`, `imports/${import_id}`, "nothing",
    "numbers/preview?action=hold&target=lina&until=2020-01-01T10:00&number=01055500011",
  ];
}

async function shots(browser, pages) {
  const taken = new Map(pages.map((page) => [page, []]));
  for (const look of LOOKS) {
    const context = await browser.newContext(look);
    const page = await context.newPage();
    if (!pages.includes(LOGIN)) await logIn(page, base);
    for (const address of pages) {
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: Math.max(800, width * 0.7) });
        const at = address.startsWith("/") ? address : "/console/ccc-test/" + address;
        await page.goto(base + at);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        if (wide > width) console.log(`${at} is ${wide} px wide at ${width}, ${look.locale}`);
        taken.get(address).push({ width, look, image: await page.screenshot() });
      }
    }
    await context.close();
  }
  return taken;
}

async function sheet(browser, page, taken) {
  const context = await browser.newContext({ viewport: { width: 2400, height: 800 } });
  const sheet = await context.newPage();
  const figures = taken.map(({ width, look, image }) =>
    `<figure><figcaption>${look.locale}, ${look.colorScheme}, ${width} px</figcaption>` +
    `<img width="${width * 0.62}" ` +
    `src="data:image/png;base64,${image.toString("base64")}"></figure>`);
  await sheet.setContent(
    "<style>body{font:16px sans-serif;background:#888;display:flex;flex-wrap:wrap}" +
    "figure{margin:6px}</style>" + figures.join(""));
  await sheet.screenshot({ path: path.join(folder, name(page) + ".png"), fullPage: true });
  await context.close();
}

async function picture(browser) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 }, locale: "en", colorScheme: "light",
  });
  const page = await context.newPage();
  await logIn(page, base);
  await page.goto(base + "/console/ccc-test/");
  await page.screenshot({ path: path.join(folder, "console.png") });
  await context.close();
}

async function main() {
  fs.mkdirSync(folder, { recursive: true });
  const pages = wanted.length ? wanted : [...PAGES, "/docs/", ...await done()];
  const browser = await launch();
  try {
    // Whoever has logged in sees no login page.
    for (const some of wanted.length ? [pages] : [pages, [LOGIN]]) {
      for (const [page, taken] of await shots(browser, some)) await sheet(browser, page, taken);
    }
    await picture(browser);
  } finally {
    await browser.close();
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
