// What is refused: a form without a reason where one is required, and whatever another site sends.

const http = require("node:http");
const { api, logIn } = require("./open.js");

const required = async (base, is) => {
  const { headers } = await api(base, "GET", "");
  const change = { reason_required: is, reason: "of a test" };
  const reply = await api(base, "PATCH", "", change, { "if-match": headers.get("etag") });
  if (!reply.ok) throw new Error(`reason_required: ${reply.status} ${await reply.text()}`);
};

// A reason of blanks gets by the browser; the preview stays, and is applied once there is a reason.
exports.withoutReason = async ({ page, base, check }) => {
  await required(base, true);
  try {
    await page.goto(base + "/console/ccc-test/numbers?q=01055500020");
    await page.check("input[name=number]");
    await page.fill("#act [name=target]", "chenjing");
    await page.fill("#act [name=reason]", "  ");
    page.refused = true;
    await page.click("button.preview");
    await page.waitForURL(/preview/);
    await page.click("main button.primary");
    await page.waitForSelector(".notice.bad");
    check("a preview without a reason stays, and says so",
      (await page.textContent("h1")).includes("Give 1 number"));
    await page.fill("[name=reason]", "now with one");
    await page.click("main button.primary");
    await page.waitForURL(/requests/);
    check("and is applied with one", (await page.textContent("main")).includes("now with one"));
    await page.click("a:has-text('Undo')");
    await page.fill("[name=reason]", "back again");
    await page.click("main button.primary");
    await page.waitForURL(/requests\/.*done=/);
  } finally {
    await required(base, false);
  }
};

// What the selection's bar says wrongly is asked for again, with what was selected and typed.
exports.wrongMoment = async ({ page, base, check, faultless }) => {
  await page.goto(base + "/console/ccc-test/numbers?q=01055500019");
  await page.check("input[name=number]");
  await page.selectOption("#act [name=action]", "hold");
  await page.fill("#act [name=target]", "陈静");
  await page.fill("#act [name=until]", "2020-01-01T10:00");
  await page.fill("#act [name=reason]", "typed before");
  page.refused = true;
  await page.click("button.preview");
  await page.waitForSelector("#e-until");
  const kept = await Promise.all(
    ["number", "until", "reason"].map((name) => page.inputValue(`[name=${name}]`)));
  check("a hold until a moment that is past keeps what was selected and typed",
    kept.join() === "01055500019,2020-01-01T10:00,typed before");
  await faultless(page, "what is asked for again");
  await page.fill("[name=until]", "2099-01-01T10:00");
  await page.click("button.preview");
  await page.waitForSelector("h1:has-text('Keep 1 number for 陈静')");
  check("and leads to the preview once it is right", true);
  await page.setViewportSize({ width: 390, height: 800 });
  await page.goto(base + "/console/ccc-test/numbers");
  await page.click("a:has-text('Filter')");
  check("on a telephone the filter is one touch away",
    await page.locator(".facets a").first().evaluate((link) => {
      const { top } = link.getBoundingClientRect();
      return top >= 0 && top < innerHeight;
    }));
};

// A page of another origin of this machine, which counts as the same site: the cookie goes along,
// so only what it says of itself tells its forms from the console's.
exports.foreign = async ({ browser, base, check }) => {
  const settings = base + "/console/ccc-test/settings";
  const server = http.createServer((_, reply) => {
    reply.setHeader("content-type", "text/html");
    reply.end(`<a href="${settings}">console</a><iframe src="${settings}"></iframe>
      <form method="post" action="${settings}"><input name="name" value="evil"><button>go</button>
      </form>`);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const address = `http://127.0.0.1:${server.address().port}/`;
  const name = async () => (await (await api(base, "GET", "")).json()).name;
  const before = await name();
  const context = await browser.newContext();
  const page = await context.newPage();
  try {
    await logIn(page, base);
    await page.goto(address);
    const framed = await page.frames()[1].content();
    check("a foreign page can't frame the console", !framed.includes("Settings"));
    const status = await page.evaluate(async (to) => {
      const body = new URLSearchParams({ name: "evil" });
      const options = { method: "POST", mode: "no-cors", credentials: "include", body };
      return (await fetch(to, options)).type;
    }, settings);
    check("a foreign fetch learns nothing", status === "opaque");
    const [reply] = await Promise.all([page.waitForResponse(settings), page.click("button")]);
    check("a foreign form is refused", reply.status() === 403 && (await name()) === before);
    await page.goto(address);
    await page.click("a");
    check("though its link leads in, since the cookie goes along",
      page.url() === settings && (await page.locator("nav a[aria-current]").count()) === 1);
    const ran = await page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "window.ran = true";
      document.head.append(script);
      return window.ran === true;
    });
    check("a script that was added to a page does not run", !ran);
  } finally {
    await context.close();
    server.close();
  }
};
