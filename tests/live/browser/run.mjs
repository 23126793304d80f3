// node run.mjs SCENARIO < facts.json: drives Chromium through one scenario, prints what it saw as JSON.
// Facts: url, provider, endpoint, email, password, defaultModel, keys: [{ value, models }].
import { text } from 'node:stream/consumers';
import { chromium } from 'playwright-core';
import * as scenarios from './scenarios.mjs';

const [name] = process.argv.slice(2);
const facts = JSON.parse(await text(process.stdin));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
});
try {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    serviceWorkers: 'block',
  });
  context.setDefaultTimeout(30_000);
  console.log(JSON.stringify(await scenarios[name](context, facts)));
} finally {
  await browser.close();
}
