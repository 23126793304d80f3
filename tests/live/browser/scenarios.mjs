// What a user does, and what is to be told about it. Each scenario starts with a browser of its own.
import { setTimeout as wait } from 'node:timers/promises';
import { Tab, cost } from './librechat.mjs';

/** From this age on the server asks the provider again when a page is loaded. */
const STALE = 61_000;
const MINUTE = 60;

/** Someone without a key saves one and chats, all on one page. */
export const save = async (context, facts) => {
  const [key] = facts.keys;
  const [model] = key.models;
  const tab = await Tab.open(context, facts);
  await tab.logIn();
  let loads = 0;
  tab.page.on('load', () => loads++);
  const arrived = tab.page
    .waitForResponse(
      async (response) =>
        new URL(response.url()).pathname === '/api/models' &&
        (await response.text()).includes(model),
    )
    .then(() => performance.now());
  const { started, closed } = await tab.saveKey(key.value);
  await tab.openModels(model);
  const visible = performance.now() - started;
  await tab.closeModels();
  const shown = await tab.shown(model, [...key.models, facts.defaultModel]);
  await tab.choose(model);
  const reply = await tab.chat(`Hello from ${model}.`);
  return { closed, list: (await arrived) - started, visible, shown, loads, reply };
};

/** Someone with a key takes another one, and then none. */
export const change = async (context, facts) => {
  const [first, second] = facts.keys;
  const all = [...first.models, ...second.models, facts.defaultModel];
  const tab = await Tab.open(context, facts);
  await tab.logIn();
  const before = await tab.shown(first.models[0], all);
  await tab.saveKey(second.value);
  const replaced = await tab.shown(second.models[0], all);
  await tab.revokeKey();
  const revoked = await tab.shown(facts.defaultModel, all);
  return { before, replaced, revoked };
};

/** Page loads: the first one, one at once, one when the list is older than a minute. */
export const reload = async (context, facts) => {
  const [key] = facts.keys;
  const tab = await Tab.open(context, facts);
  const of = (action) => cost([tab], facts, key, action);
  const login = await of(() => tab.logIn());
  const again = await of(() => tab.reload());
  await wait(STALE);
  const later = await of(() => tab.reload());
  await tab.choose(key.models[0]);
  const reply = await tab.chat(`Hello from ${key.models[0]}.`);
  return { login, again, later, reply };
};

const setVisibility = async (tabs, state) => {
  for (const { page } of tabs) {
    await page.evaluate((value) => {
      window.pretendedVisibility = value;
      document.dispatchEvent(new Event('visibilitychange'));
    }, state);
  }
};

/** Two tabs that are hidden and shown again; minutes pass by the browser's clock alone. */
export const tabs = async (context, facts) => {
  const [key] = facts.keys;
  await context.clock.install();
  await context.addInitScript(() => {
    Object.defineProperty(Document.prototype, 'visibilityState', {
      get: () => window.pretendedVisibility ?? 'visible',
    });
  });
  const first = await Tab.open(context, facts);
  await first.logIn();
  const second = await Tab.open(context, facts);
  await second.load();
  const both = [first, second];
  await wait(STALE); // by the server's clock, so that a question reaches the provider

  const away = (minutes) =>
    cost(both, facts, key, async () => {
      await setVisibility(both, 'hidden');
      await context.clock.fastForward(minutes * MINUTE * 1000);
      await setVisibility(both, 'visible');
      await Promise.all(both.map((tab) => tab.isQuiet()));
    });
  const oneMinute = await away(1);
  const fiveMinutes = await away(5);
  await first.choose(key.models[0]);
  const reply = await first.chat(`Hello from ${key.models[0]}.`);
  return { oneMinute, fiveMinutes, reply };
};
