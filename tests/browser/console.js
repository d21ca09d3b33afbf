// The console in a real browser, against a running demo: node console.js http://HOST:PORT
// Prints a line for each thing that was seen to work, and ends with 1 at the first that was not.

const fs = require("node:fs");
const { api, launch, logIn, PAGES } = require("./open.js");
const { byKeyboardAlone } = require("./keyboard.js");
const { joining, onEveryPage } = require("./live.js");
const { foreign, withoutReason, wrongMoment } = require("./refusals.js");
const { besides, eightTasks } = require("./tasks.js");

const base = process.argv[2];
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const faults = [];

function check(what, holds) {
  if (!holds) throw new Error(what);
  console.log("ok  " + what);
}

function watch(page) {
  page.on("console", (message) => {
    // A refusal that is expected is not an error.
    const refused = page.refused && /status of 40[0139]/.test(message.text());
    if (message.type() === "error" && !refused) faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith(base)) faults.push("asked for " + request.url());
  });
}

async function open(browser, options) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  watch(page);
  await logIn(page, base);
  return page;
}

// Summer time began and ended since then: a moment counts in its own offset, not in today's.
async function whereSummerTimeIs(browser) {
  const page = await open(browser, { locale: "en", timezoneId: "Europe/Berlin" });
  const said = (name) => new URL(page.url()).searchParams.get(name);
  for (const [moment, offset] of [["2026-02-15T10:00", "60"], ["2026-07-01T12:00", "120"]]) {
    await page.goto(base + "/console/ccc-test/numbers/083xxxx0011");
    await page.fill("[name=at]", moment);
    await page.click("form:has([name=at]) button");
    await page.waitForURL(/at=2026/);
    check(`${moment} in Berlin is ${offset} minutes from UTC`, said("offset") === offset);
  }
  await page.goto(base + "/console/ccc-test/changes");
  await page.fill("[name=from]", "2026-10-25");
  await page.fill("[name=until]", "2026-10-25");
  await page.waitForURL(/until=2026-10-25/);
  check("a day on which summer time ends has 25 hours",
    said("offset") === "120" && said("until_offset") === "60");
  await page.context().close();
}

const count = (page) => page.textContent("[data-count]");

async function byMouseAndKeyboard(browser) {
  const page = await open(browser, { locale: "en" });
  await page.fill("input[type=search]", "成都");
  await page.waitForFunction(() => document.querySelector("[data-count]")?.dataset.total === "30");
  check("the list follows what is typed, and the box keeps the focus",
    (await page.evaluate(() => document.activeElement.name)) === "q" && page.url().includes("q="));
  await page.click("#region .facets a:has-text('Free')");
  await page.waitForURL(/state=free/);
  await page.waitForSelector("#region .facets a[aria-current]");
  await page.locator("input[name=number]").nth(0).click();
  await page.locator("input[name=number]").nth(2).click({ modifiers: ["Shift"] });
  check("shift selects a range", (await count(page)) === "3 selected");
  await page.click("th a:has-text('Number')");
  await page.waitForURL(/sort=/);
  check("the selection outlives sorting", (await count(page)) === "3 selected");
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("Escape");
  // The first two are on hold for somebody else.
  await page.locator("#region tbody tr").nth(2).focus();
  for (const key of [" ", "j", " "]) await page.keyboard.press(key);
  check("rows are selected by keys", (await count(page)) === "2 selected");
  await page.keyboard.press("a");
  await page.keyboard.type("wang");
  await page.waitForSelector(".suggest li");
  await page.keyboard.press("Enter");
  check("a person is suggested",
    (await page.inputValue("input[name=target]")) === "wangfang@ccc-test");
  await page.click("button.preview");
  await page.waitForURL(/preview/);
  await page.click("button.primary");
  await page.waitForURL(/requests/);
  check("two numbers were given", (await page.textContent(".notice.good")).includes("2 changes"));
  await page.click("a:has-text('Undo')");
  await page.click("button.primary");
  await page.waitForURL(/requests\/.*done=/);
  check("and taken back again", (await page.textContent(".notice.good")).includes("2 changes"));
  await page.keyboard.press("Control+k");
  await page.keyboard.type("083xxxx");
  await page.waitForSelector("#palette-list li");
  await page.keyboard.press("Enter");
  await page.waitForURL(/083xxxx0011/);
  check("the palette leads to a number", true);
  await page.goto(base + "/console/ccc-test/numbers");
  await page.keyboard.press("Control+k");
  await page.waitForSelector("#palette-list li kbd");
  check("the palette begins with what the keys do",
    await page.isVisible("#palette-list li:first-child kbd"));
  await page.keyboard.type("s");
  await page.waitForFunction(() =>
    document.querySelector("#palette-list li:first-child") &&
    !document.querySelector("#palette-list li:first-child kbd"));
  check("what was typed leads to what it names before any command",
    await page.isVisible("#palette-list li kbd"));
  await page.goto(base + "/console/ccc-test/numbers");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("keys");
  await page.waitForSelector("#palette-list li kbd");
  check("a command of the palette has its key beside it",
    (await page.textContent("#palette-list li kbd")) === "?");
  await page.keyboard.press("Enter");
  check("and does what the key does", await page.isVisible("#keys"));
  await page.goto(base + "/console/ccc-test/numbers?q=01055500011");
  await page.waitForTimeout(500);
  const give = new URLSearchParams({
    Action: "AddPersonalNumbersToUser", InstanceId: "ccc-test", UserId: "lina@ccc-test",
    NumberList: '["01055500011"]',
  });
  await fetch(base + "/?" + give, { headers: { authorization: "Bearer demo-token" } });
  await page.waitForSelector("#region tbody .state.personal", { timeout: 15000 });
  check("what another client changes shows without a reload", true);
  await page.route(/q=88/, (route) => setTimeout(() => route.continue(), 600));
  await page.fill("input[type=search]", "88");
  await page.waitForTimeout(300);
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await page.waitForURL(/q=88/, { timeout: 5000 });
  check("and takes the place of nothing that was typed meanwhile", true);
  await page.context().close();
}

// A change of others while somebody fills in what they will do with the selected.
async function besideChangesOfOthers(browser) {
  const page = await open(browser, { locale: "en" });
  const change = async (note) => {
    const fetched = page.waitForResponse((response) => response.request().headers()["x-region"]);
    await api(base, "PATCH", "/numbers/01055500012", { note }, { "if-match": "*" });
    await fetched;
    // The region is shown anew before the next frame but one.
    await page.evaluate(() => new Promise((shown) =>
      requestAnimationFrame(() => requestAnimationFrame(shown))));
  };
  await page.locator("input[name=number]").nth(4).click();
  await page.selectOption("[name=action]", "transfer");
  await page.locator("#act [name=target]").pressSequentially("wang");
  await page.waitForSelector(".suggest li");
  await change("while somebody writes");
  check("suggestions outlive a change of others", await page.isVisible(".suggest li"));
  await page.locator("#act [name=target]").pressSequentially("f");
  await page.waitForFunction(() => document.querySelectorAll(".suggest li").length === 1);
  await page.keyboard.press("Enter");
  await page.locator("#region tbody tr").nth(4).focus();
  await change("while somebody looks");
  check("and so does what was chosen", await page.inputValue("[name=action]") === "transfer" &&
    await page.inputValue("#act [name=target]") === "wangfang@ccc-test" &&
    await count(page) === "1 selected");
  await page.check("#act [name=all]");
  await change("while all are chosen");
  check("and that all are chosen", await page.isChecked("#act [name=all]"));
  await page.fill("input[type=search]", "成都");
  await page.waitForURL(/q=/);
  check("but of another list not all are chosen", !await page.isChecked("#act [name=all]"));
  await page.context().close();
}

async function withoutScript(browser) {
  const page = await open(browser, { locale: "en", javaScriptEnabled: false });
  await page.fill("input[type=search]", "01055500012");
  await page.keyboard.press("Enter");
  await page.check("input[name=number][value='01055500012']");
  await page.fill("input[name=target]", "lina");
  await page.click("button.preview");
  await page.click("button.primary");
  check("a number is given without JavaScript",
    (await page.textContent(".notice.good")).includes("1 change"));
  await page.context().close();
}

// A file is chosen, shown, imported and taken back.
async function importing(browser, options) {
  const page = await open(browser, options);
  const how = options.javaScriptEnabled === false ? " without JavaScript" : "";
  await page.click("a:has-text('Import')");
  const text = "number;note\r\n083xxxx0011;imported\r\n02877770001;\r\n8.3E+10;\r\n";
  const buffer = Buffer.from(text);
  await page.setInputFiles("input[type=file]", { name: "a.csv", mimeType: "text/csv", buffer });
  await page.click("main button.primary");
  await page.waitForURL(/imports\//);
  check("the preview shows what can't be imported" + how,
    (await page.textContent("tr.refused")).includes("8.3E+10"));
  if (!how) {
    await page.reload();
    await faultless(page, "a preview");
  }
  await page.click("main button.primary");
  await page.waitForURL(/requests\//);
  check("the other lines are imported" + how,
    (await page.textContent(".notice.good")).includes("2 changes"));
  await page.click("a:has-text('Undo')");
  await page.click("main button.primary");
  await page.waitForURL(/requests\/.*done=/);
  check("and taken back" + how, (await page.textContent(".notice.good")).includes("Done"));
  await page.context().close();
}

// The page as it is; evaluated, since the pages forbid scripts that are added to them.
async function faultless(page, what) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run());
  const found = violations.map((v) => `${v.id} ${v.nodes[0].target}`).join(", ");
  check(`axe finds nothing on ${what} ${found}`, !found);
}

// Whatever the width, every page of the header is in sight.
async function fitting(browser) {
  for (const width of [390, 700, 901, 1000, 1280]) {
    const page = await open(browser, { locale: "en", viewport: { width, height: 800 } });
    const hidden = await page.$$eval(".top nav a", (links) => links.filter((link) => {
      const { left, right, top } = link.getBoundingClientRect();
      return ![left + 2, right - 2].every((x) => document.elementFromPoint(x, top + 5) === link);
    }).map((link) => link.textContent));
    check(`nothing of the header is cut off at ${width} px ${hidden}`, !hidden.length);
    await page.context().close();
  }
}

async function accessible(browser) {
  const looks = ["en", "zh-CN"].flatMap((locale) =>
    ["light", "dark"].map((colorScheme) => [locale, colorScheme]));
  for (const [locale, colorScheme] of looks) {
    const page = await open(browser, { locale, colorScheme });
    const pages = PAGES.map((path) => "/console/ccc-test/" + path);
    for (const path of [...pages, "/docs/", "/problems", "/problems/internal"]) {
      await page.goto(base + path);
      await faultless(page, `${path} in ${locale}, ${colorScheme}`);
    }
    await page.context().close();
  }
}

async function main() {
  const browser = await launch();
  try {
    await byMouseAndKeyboard(browser);
    await besideChangesOfOthers(browser);
    await whereSummerTimeIs(browser);
    await withoutScript(browser);
    const tools = { open: (options) => open(browser, options), base, check };
    await onEveryPage(tools);
    await joining(tools, "joinerone", { locale: "en" });
    await joining(tools, "joinertwo", { locale: "zh-CN", javaScriptEnabled: false });
    await importing(browser, { locale: "en" });
    await importing(browser, { locale: "en", javaScriptEnabled: false });
    for (const locale of ["en", "zh-CN"]) {
      const page = await open(browser, { locale });
      await eightTasks({ page, base, check, locale });
      await page.context().close();
    }
    const page = await open(browser, { locale: "en" });
    await besides({ page, base, check });
    await page.context().close();
    for (const locale of ["en", "zh-CN"]) {
      await byKeyboardAlone({ browser, base, check, watch, locale });
    }
    for (const javaScriptEnabled of [true, false]) {
      const page = await open(browser, { locale: "en", javaScriptEnabled });
      await withoutReason({ page, base, check });
      await page.context().close();
    }
    const wrong = await open(browser, { locale: "en" });
    await wrongMoment({ page: wrong, base, check, faultless });
    await wrong.context().close();
    await foreign({ browser, base, check });
    await fitting(browser);
    await accessible(browser);
    check("no page broke its own policy or asked elsewhere: " + faults.join("; "), !faults.length);
  } finally {
    await browser.close();
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
