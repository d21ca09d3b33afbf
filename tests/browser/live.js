// What others change shows on every page with a list, and leaves what somebody enters beside it;
// and somebody joins as one step.

const { api } = require("./open.js");

const bearer = { headers: { authorization: "Bearer demo-token" } };

// Numbers that a user gets or gives back, by another client.
const assign = (base, action, user, number) => fetch(base + "/?" + new URLSearchParams({
  Action: action, InstanceId: "ccc-test", UserId: user + "@ccc-test",
  NumberList: JSON.stringify([number]),
}), bearer);

exports.onEveryPage = async ({ open, base, check }) => {
  const page = await open({ locale: "en" });
  const at = async (address) => {
    await page.goto(base + "/console/ccc-test/" + address);
    // The page has to listen before somebody else changes something.
    await page.waitForTimeout(400);
  };
  const region = (text) => page.waitForFunction(
    (text) => document.getElementById("region").textContent.includes(text), text,
    { timeout: 15000 });
  const [number, other] = ["01055500023", "01055500024"];

  await at("users/yangmin%40ccc-test");
  await page.locator("[data-typed] [name=number]").first().check();
  const chosen = await page.locator("[data-typed] [name=number]").first().inputValue();
  await page.fill("[data-typed] [name=reason]", "typed before");
  await page.locator("h1").click();
  await assign(base, "AddPersonalNumbersToUser", "yangmin", number);
  await page.waitForSelector(`[data-typed] [value='${number}']`, { timeout: 15000 });
  const kept = await page.$$eval("[data-typed] :checked", (boxes) => boxes.map((box) => box.value));
  check("a person's new number shows, and what was chosen and typed stays",
    kept.join() === chosen &&
    await page.inputValue("[data-typed] [name=reason]") === "typed before");

  await at(`numbers/${number}`);
  await page.selectOption("[name=action]", "transfer");
  await page.fill("[name=target]", "lina");
  await page.locator("h1").click();
  await api(base, "PATCH", `/numbers/${number}`, { note: "seen at once" }, { "if-match": "*" });
  await region("seen at once");
  check("a number's page follows, and keeps what was chosen and typed",
    await page.inputValue("[name=action]") === "transfer" &&
    await page.inputValue("[name=target]") === "lina" && await page.isVisible("[name=target]"));

  await at("groups/night%40ccc-test");
  await page.fill("[name=user]", "lina");
  await page.locator("h1").click();
  await api(base, "PUT", `/skill-groups/night%40ccc-test/numbers/${other}`);
  await region(other);
  check("a group's page follows, and keeps what was typed",
    await page.inputValue("[name=user]") === "lina");

  const cell = (name) => `tr[id^='${name}'] td.num`;
  for (const [address, row, act] of [
    ["users", "u-yangmin", () => assign(base, "RemovePersonalNumbersFromUser", "yangmin", number)],
    ["groups", "g-night",
      () => api(base, "DELETE", `/skill-groups/night%40ccc-test/numbers/${other}`)],
  ]) {
    await at(address);
    const before = await page.textContent(cell(row));
    await act();
    await page.waitForFunction(([cell, before]) =>
      document.querySelector(cell).textContent !== before, [cell(row), before], { timeout: 15000 });
    check(`the list of ${address} follows`, true);
  }
  await at("");
  await page.click("details.table summary");
  await api(base, "PATCH", `/numbers/${number}`, { note: "again" }, { "if-match": "*" });
  await region("again");
  check("what was opened stays open", await page.isVisible("details.table table"));
  await at("capacity");
  const drawn = page.waitForResponse((answer) => answer.request().headers()["x-region"]);
  await assign(base, "AddPersonalNumbersToUser", "yangmin", number);
  check("the page on capacity follows", (await drawn).ok());
  await page.context().close();
};

exports.joining = async ({ open, base, check }, login, options) => {
  const page = await open(options);
  const how = options.javaScriptEnabled === false ? " without JavaScript" : "";
  await page.goto(base + "/console/ccc-test/users");
  await page.click("main a[href$='users/add']");
  await page.fill("[name=login_name]", login);
  await page.fill("[name=display_name]", "新人");
  await page.check("[name=group][value='test@ccc-test']");
  await page.fill("[name=count]", "2");
  await page.click("main button.primary");
  await page.waitForSelector("table.cards");
  check("the preview suggests a joiner's numbers" + how,
    await page.locator("table.cards tbody tr").count() === 2);
  await page.locator("fieldset [name=number]:checked").first().uncheck();
  await page.locator("main form.stack button").click();
  await page.waitForFunction(() => document.querySelectorAll("table.cards tbody tr").length === 1);
  await page.locator("main button.primary").click();
  await page.waitForURL(/requests\/.*done=/);
  check("and they join with those that are left" + how,
    (await page.locator("main .log li").count()) >= 3);
  await page.locator("main a.button").last().click();
  await page.waitForURL(new RegExp(login));
  check("from there the way leads to their page" + how,
    (await page.textContent("main")).includes("测试技能组"));
  await page.context().close();
};
