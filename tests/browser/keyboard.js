// The first day of somebody who has no mouse: each thing is reached by keys, and nothing of it with
// a pointer.

const { api } = require("./open.js");

// Presses Tab until something has the focus, as a person does who looks where it is.
async function tabTo(page, what, key = "Tab") {
  for (let pressed = 0; pressed < 150; pressed += 1) {
    if (await page.evaluate((wanted) => document.activeElement.matches(wanted), what)) return;
    await page.keyboard.press(key);
  }
  throw new Error(what + " can't be reached by " + key);
}

exports.byKeyboardAlone = async ({ browser, base, check, watch, locale }) => {
  const numbers = { start: `028777${locale === "en" ? 0 : 1}0086`, count: 5, city: "成都" };
  await api(base, "POST", "/numbers:range", numbers);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale });
  // A click by Enter is one of the page's own and has no pointer behind it.
  await context.addInitScript(() => {
    for (const kind of ["pointerdown", "mousedown", "touchstart"]) {
      addEventListener(kind, () => sessionStorage.setItem("pointer", kind), true);
    }
  });
  const page = await context.newPage();
  watch(page);
  const told = (what, holds) => check(`by keyboard alone: ${what}, ${locale}`, holds);
  const press = (...keys) => keys.reduce((done, key) => done.then(() => page.keyboard.press(key)),
    Promise.resolve());
  const type = (text) => page.keyboard.type(text);
  const go = async (text, where) => {
    await press("Control+k");
    await type(text);
    await page.waitForFunction((text) => {
      const chosen = document.querySelector("#palette-list li[aria-selected=true]");
      return chosen?.textContent.includes(text);
    }, text);
    await press("Enter");
    await page.waitForURL(where);
  };

  await page.goto(base + "/console/ccc-test/numbers");
  await tabTo(page, "[name=login]");
  await type("user-test");
  await press("Tab");
  await type("demo-password");
  await press("Enter");
  await page.waitForURL(/ccc-test\/numbers/);
  told("logged in", true);

  await press("/");
  await type(`成都 ${numbers.start.slice(0, 7)} 88`);
  await page.waitForURL(/q=.*88/);
  await tabTo(page, ".facets a[href*='state=free']", "Shift+Tab");
  await press("Enter");
  await page.waitForURL(/state=free/);
  await page.waitForSelector(".facets a[aria-current]");
  const found = await page.locator("#region tbody a.number").allTextContents();
  told("free numbers of 成都 that end in 88", found.length === 1 && found[0].endsWith("88"));

  await press("/", "ArrowDown", "?");
  await page.waitForSelector("#keys");
  await press("Escape");
  await page.waitForSelector("#keys", { state: "hidden" });
  await page.locator(".menu.button summary").focus();
  await press("Enter");
  await page.waitForSelector(".menu.button[open]");
  await press("Escape");
  await page.waitForSelector(".menu.button:not([open]) summary:focus");
  told("Escape closes the list of keys and a menu", true);
  await press("/", "ArrowDown", "b");
  told("b selects the row that the keys are at and asks for the group",
    await page.evaluate(() => document.activeElement.name) === "group");
  await press("Escape", "Escape");
  told("Escape leads back to the rows and clears the selection",
    (await page.textContent("[data-count]")).includes("0"));
  await press("/", "ArrowDown", " ");
  told("one is selected", (await page.textContent("[data-count]")).includes("1"));
  await press("a");
  await type("王芳");
  await page.waitForSelector(".suggest li");
  await press("Enter");
  await tabTo(page, "#act [name=reason]");
  await type("新人");
  await tabTo(page, "#act button.preview");
  await press("Enter");
  await page.waitForURL(/preview/);
  await tabTo(page, "main button.primary");
  await press("Enter");
  await page.waitForURL(/requests\//);
  told("it is given to 王芳 with a reason",
    (await page.textContent("main")).includes("新人") && await page.isVisible(".notice.good"));

  await go("王芳", /users\/wangfang/);
  await tabTo(page, "[name=blocked]");
  await press(" ");
  await page.waitForURL(/blocked/);
  await press("/");
  await type("01055500001");
  await page.waitForURL(/q=0105/);
  await page.waitForSelector("#region tbody tr.blocked:only-child");
  told("why another can't be given",
    (await page.textContent("#region tbody tr.blocked")).includes("销售组"));

  await go(locale === "en" ? "Changes" : "变更", /changes/);
  await tabTo(page, ".log li a[href*=undo]");
  await press("Enter");
  await page.waitForURL(/undo/);
  await tabTo(page, "main button.primary");
  await press("Enter");
  await page.waitForURL(/requests\/.*done=/);
  told("it is taken back", await page.isVisible(".notice.good"));
  const state = await api(base, "GET", "/numbers/" + found[0]).then((reply) => reply.json());
  told("and free again", state.state === "free");
  told("no pointer was used",
    await page.evaluate(() => sessionStorage.getItem("pointer")) === null);
  await context.close();
};
