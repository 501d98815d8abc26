// Looks at a report in Chromium: at the widths of a phone, a tablet and a desk, in light and in dark, no request, nothing
// on the console, nothing wider than the screen and nothing that axe-core objects to; every folded table opens; and on A4
// and on Letter it has pages.
//
//     node tests/engines/report.mjs report.html [--modules target/engines] [--pictures FOLDER]
//
// Brings playwright-core and axe-core from npm into the folder of the modules when they are missing. The browser is
// `chromium`, or what CHROMIUM names. Prints what it measured; ends with 1 when something is wrong.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const WIDTHS = [390, 820, 1440];
const PACKAGES = ["playwright-core", "axe-core"];
const QUIET = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

function argument(name, otherwise) {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : process.argv[at + 1];
}

function brought(folder) {
  mkdirSync(folder, { recursive: true });
  const missing = PACKAGES.filter((name) => !existsSync(join(folder, "node_modules", name)));
  if (missing.length > 0) {
    const words = ["install", "--no-audit", "--no-fund", "--prefix", folder, ...missing];
    execFileSync("npm", words, { stdio: ["ignore", "ignore", "inherit"] });
  }
  return createRequire(join(folder, "node_modules", "here.js"));
}

function browser() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  return execFileSync("sh", ["-c", "command -v chromium || command -v chromium-browser"]).toString().trim();
}

async function widest(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

async function looked(page, axe, wrong, where) {
  const over = await widest(page);
  if (over > 0) wrong.push(`${where}: ${over} px wider than the screen`);
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  for (const one of found.violations) {
    wrong.push(`${where}: axe ${one.id}: ${one.help}: ${one.nodes.slice(0, 3).map((node) => node.html).join(" | ")}`);
  }
  return found.passes.length;
}

const file = process.argv[2];
const modules = resolve(argument("--modules", join(import.meta.dirname, "../../target/engines")));
const pictures = argument("--pictures");
const require = brought(modules);
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const address = pathToFileURL(resolve(file)).href;
const profile = mkdtempSync(join(tmpdir(), "report-"));
const wrong = [];
const options = { executablePath: browser(), headless: true, args: QUIET };
const context = await chromium.launchPersistentContext(profile, options);
try {
  const page = await context.newPage();
  page.on("console", (said) => wrong.push(`console: ${said.type()}: ${said.text()}`));
  page.on("pageerror", (error) => wrong.push(`error: ${error}`));
  page.on("request", (asked) => {
    const to = asked.url();
    if (to !== address && !to.startsWith("data:")) wrong.push(`request: ${to}`);
  });
  if (pictures) mkdirSync(pictures, { recursive: true });
  for (const width of WIDTHS) {
    for (const colorScheme of ["light", "dark"]) {
      const where = `${width} px ${colorScheme}`;
      await page.setViewportSize({ width, height: width < 500 ? 844 : 900 });
      await page.emulateMedia({ media: "screen", colorScheme });
      const started = performance.now();
      await page.goto(address, { waitUntil: "load" });
      await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
      const shown = Math.round(performance.now() - started);
      if (pictures) await page.screenshot({ path: join(pictures, `${width}-${colorScheme}.png`), fullPage: true });
      const passes = await looked(page, axe, wrong, where);
      await page.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
      await looked(page, axe, wrong, `${where}, unfolded`);
      const height = await page.evaluate(() => document.documentElement.scrollHeight);
      console.log(`${where}: shown in ${shown} ms, ${height} px high unfolded, ${passes} rules passed`);
    }
  }
  // Paper is white, whatever the screen is.
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  await page.goto(address);
  const paper = await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue("--paper").trim());
  if (paper !== "#fdfdfb") wrong.push(`paper is ${paper}`);
  for (const format of ["A4", "Letter"]) {
    const path = join(pictures ?? profile, `${format}.pdf`);
    const pdf = await page.pdf({ path, format, printBackground: true });
    const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
    if (pages === 0) wrong.push(`${format}: no page`);
    console.log(`${format}: ${pages} pages`);
  }
} finally {
  await context.close();
  rmSync(profile, { recursive: true, force: true });
}
for (const one of wrong) console.log(one);
process.exit(wrong.length > 0 ? 1 : 0);
