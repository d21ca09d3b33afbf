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
