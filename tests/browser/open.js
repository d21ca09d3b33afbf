// What every script that drives the console begins with.

const { chromium } = require("playwright-core");

exports.launch = () =>
  chromium.launch({
    executablePath: process.env.NUMBERD_BROWSER ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });

// The console's pages, below an instance of the demo.
exports.PAGES = [
  "", "numbers", "numbers/083xxxx0011", "numbers/083xxxx0011/edit",
  "numbers/083xxxx0011/swap?with=02855500005", "numbers/add", "users",
  "users/user-test%40ccc-test?blocked=true", "users/user-test%40ccc-test/edit",
  "users/user-test%40ccc-test/leaver", "users/lina%40ccc-test/leaver?target=wangfang", "users/add",
  "numbers/preview?action=assign&target=lina&number=01055500011&number=083xxxx0011",
  "groups", "groups/test%40ccc-test", "changes", "import", "capacity", "settings", "password",
];

// A change of the demo by somebody else, through its API.
exports.api = (base, method, path, body, headers) =>
  fetch(base + "/api/v1/instances/ccc-test" + path, {
    method, body: JSON.stringify(body),
    headers: {
      authorization: "Bearer demo-token", "content-type": "application/json", ...headers,
    },
  });

exports.logIn = async (page, base) => {
  await page.goto(base + "/console/ccc-test/numbers");
  await page.fill("[name=login]", "user-test");
  await page.fill("[name=password]", "demo-password");
  await page.click("button.primary");
  await page.waitForURL(/ccc-test\/numbers/);
};
