// Pictures of the console, to be looked at: node sheets.js http://HOST:PORT FOLDER [PAGE …]
// Makes one sheet a page (both languages, light and dark, three widths) of a running demo, and
// console.png, with which the README begins.

const fs = require("node:fs");
const path = require("node:path");
const { launch, logIn, PAGES } = require("./open.js");

const [base, folder, ...wanted] = process.argv.slice(2);

const WIDTHS = [390, 1280, 1920];
const LOOKS = ["en", "zh-CN"].flatMap((locale) =>
  ["light", "dark"].map((colorScheme) => ({ locale, colorScheme })));

const name = (page) => page.replace(/[^a-z0-9]+/gi, "-").replace(/^-|-$/g, "") || "today";

async function shots(browser, pages) {
  const taken = new Map(pages.map((page) => [page, []]));
  for (const look of LOOKS) {
    const context = await browser.newContext(look);
    const page = await context.newPage();
    await logIn(page, base);
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
    `<img width="${width * 0.62}" src="data:image/png;base64,${image.toString("base64")}"></figure>`);
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
  const pages = wanted.length ? wanted : [...PAGES, "/docs/", "/console/login"];
  const browser = await launch();
  try {
    for (const [page, taken] of await shots(browser, pages)) await sheet(browser, page, taken);
    await picture(browser);
  } finally {
    await browser.close();
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
