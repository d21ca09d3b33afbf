// The eight tasks that somebody new to the console is given, as they would look for their way; and
// the other things that people do: go back, click twice, work in two tabs, come back to an ended
// session. With NUMBERD_SHOTS=FOLDER each step leaves a picture, to be looked at.

const path = require("node:path");

const TEXTS = {
  en: {
    free: "Free", preview: "Preview", apply: "Apply", give: "Give to",
    show: "Show", leaves: "Leaves …", undo: "Undo …",
    transfer: "Transfer selected", export: ["Export", "CSV file"],
    held: ["083xxxx0011", "云呼测试1"],
  },
  "zh-CN": {
    free: "空闲", preview: "预览", apply: "执行", give: "分配给",
    show: "查看", leaves: "离职……", undo: "撤销……",
    transfer: "转交所选", export: ["导出", "CSV 文件"], held: ["02855500005", "李娜"],
  },
};

exports.eightTasks = async ({ page, base, check, locale }) => {
  const t = TEXTS[locale];
  let steps = 0;
  const look = async (step) => {
    const folder = process.env.NUMBERD_SHOTS;
    const name = `${locale}-${String(++steps).padStart(2, "0")}-${step}.png`;
    if (folder) await page.screenshot({ path: path.join(folder, name) });
  };
  const at = (address) => page.goto(base + "/console/ccc-test/" + address);
  const press = async (text, where = /./) => {
    await page.locator("main").getByRole("button", { name: text, exact: true }).first().click();
    await page.waitForURL(where);
  };
  const person = async (name, field = "target") => {
    await page.locator(`[name=${field}]`).first().pressSequentially(name);
    await page.waitForSelector(".suggest li");
    await look("suggested");
    await page.keyboard.press("Enter");
  };
  const result = async () => {
    await page.waitForURL(/requests\//);
    await look("result");
    return page.textContent(".notice.good");
  };
  const told = (what, holds) => check(`${what}, ${locale}`, holds);

  await at("numbers");
  await page.fill("input[type=search]", "成都 00");
  await page.waitForURL(/q=/);
  await page.click(`.facets a:has-text('${t.free}')`);
  await page.waitForURL(/state=free/);
  await look("found");
  await page.fill("input[type=search]", "成都 …8");
  await page.waitForFunction(() => {
    const found = [...document.querySelectorAll("#region tbody .number")];
    return found.length && found.every((number) => number.textContent.endsWith("8"));
  });
  told("and by their end", true);
  await page.fill("input[type=search]", "成都 00");
  await page.waitForFunction(() => document.querySelectorAll("#region tbody tr").length > 3);
  const rows = await page.locator("#region tbody tr").count();
  told("free numbers of a city are found by a part", rows > 3 && rows < 20);

  await page.click(`summary:has-text('${t.export[0]}')`);
  const [download] = await Promise.all(
    [page.waitForEvent("download"), page.click(`main a:has-text('${t.export[1]}')`)]);
  const file = require("node:fs").readFileSync(await download.path(), "utf8");
  told("the export has what the filter shows", file.trim().split("\n").length === rows + 1);

  for (const at of [3, 4, 5]) await page.locator("input[name=number]").nth(at).click();
  await page.selectOption("[name=action]", { label: t.give });
  await person("王芳");
  await page.fill("#act [name=reason]", "新人");
  await look("chosen");
  await press(t.preview, /preview/);
  await look("preview");
  await press(t.apply);
  told("three are given with a reason", (await result()).includes("3"));

  await at("users");
  await page.click("text=王芳");
  await page.waitForURL(/users\/wangfang/);
  await page.check("[name=blocked]");
  await page.waitForURL(/blocked/);
  await page.fill("input[type=search]", t.held[0]);
  await page.waitForURL(/q=\w/);
  await page.waitForSelector("#region tbody tr.blocked:only-child");
  await look("blocked");
  const why = await page.textContent("#region tbody tr.blocked");
  told("a number that can't be given says who has it", why.includes(t.held[1]));
  await page.click("#region tbody tr.blocked a.button");
  await page.waitForURL(/preview/);
  await look("free-it");
  await press(t.apply);
  told("and is freed from there", (await result()).includes("1"));

  await at("numbers/083xxxx0011");
  const months = new Date(Date.now() - 91 * 24 * 3600 * 1000).toISOString().slice(0, 16);
  await page.fill("[name=at]", months);
  await press(t.show, /at=/);
  await look("who-had-it");
  told("who had it three months ago", (await page.textContent(".notice")).includes("云呼测试1"));
  const last = await page.textContent(".log li");
  told("who changed it last and why", last.includes("user-test"));

  await at("users/huangting%40ccc-test");
  await page.locator("input[name=number]").first().click();
  await person("张伟");
  await look("some-to-one");
  await press(t.transfer, /preview/);
  await press(t.apply);
  await result();
  await at("users/huangting%40ccc-test");
  await page.click(`text=${t.leaves}`);
  await page.waitForURL(/leaver/);
  await look("leaver");
  await person("李娜");
  await page.check("[name=remove]");
  await press(t.preview, /target=/);
  await look("leaver-preview");
  await press(t.apply);
  await result();
  const left = await page.goto(base + "/console/ccc-test/users/huangting%40ccc-test");
  told("somebody leaves and two colleagues get the numbers", left.url().includes("changes"));

  await at("");
  await look("today");
  await page.locator(".log li").first().getByRole("link", { name: t.undo }).click();
  await page.waitForURL(/undo/);
  await look("undo");
  await page.click("main button.primary");
  await result();
  const again = await at("users/huangting%40ccc-test");
  told("the last change is taken back", again.ok() && again.url().includes("huangting"));
  await page.locator("input[name=number]").first().waitFor();
  await page.goto(base + "/console/ccc-test/changes");
  await look("changes");
};

exports.besides = async ({ page, base, check }) => {
  const preview = async (tab, number) => {
    await tab.goto(`${base}/console/ccc-test/numbers?q=${number}`);
    await tab.locator("input[name=number]").first().click();
    await tab.fill("[name=target]", "chenjing");
    await tab.click("button.preview");
    await tab.waitForURL(/preview\?/);
  };
  await preview(page, "01055500017");
  let sent = 0;
  page.on("request", (request) => { if (request.method() === "POST") sent += 1; });
  await page.locator("main button.primary").dblclick();
  await page.waitForURL(/requests\//);
  check("two clicks send one form", sent === 1);
  await page.goBack();
  await page.waitForURL(/preview\?/);
  check("the back button leads to the preview as it is now",
    (await page.textContent("[role=status]")).includes("already so"));
  await page.goBack();
  await page.waitForSelector("#region tbody .state.personal");
  check("and from there to the list as it is now", page.url().includes("01055500017"));

  const other = await page.context().newPage();
  await preview(page, "01055500018");
  await preview(other, "01055500018");
  await page.click("main button.primary");
  await page.waitForURL(/requests\//);
  await other.click("main button.primary");
  await other.waitForSelector(".notice.warn");
  check("what was done in one tab is not done again in another",
    (await other.textContent(".notice.warn")).includes("changed meanwhile"));

  await page.goto(base + "/console/ccc-test/numbers/01055500018/edit");
  await page.fill("[name=note]", "typed before the session ended");
  await page.context().clearCookies();
  page.refused = true;
  await page.click("main button.primary");
  await page.fill("[name=login]", "user-test");
  await page.fill("[name=password]", "wrong");
  await page.click("button.primary");
  await page.waitForSelector(".notice.warn");
  await page.fill("[name=password]", "demo-password");
  await page.click("button.primary");
  await page.click("button.primary:has-text('Send it again')");
  await page.waitForURL(/numbers\/01055500018$/);
  check("what was typed when the session ended is sent again after a wrong password too",
    (await page.textContent("main")).includes("typed before the session ended"));
};
