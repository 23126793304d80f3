// One tab of LibreChat's interface: the steps a user takes, and a count of what they cost.

import { setTimeout as wait } from 'node:timers/promises';

/** How long to look before saying that nothing more happens. */
const QUIET = 1500;
/** Model rows; from v0.8.1 on the rows of endpoints have the role as well. */
const MODEL_ROWS = '[role=option]:not([id^=endpoint-])';

export class Tab {
  constructor(page, facts) {
    this.page = page;
    this.facts = facts;
    this.requests = [];
    this.pending = 0;
    this.lastSign = Date.now();
    page.on('request', (request) => this.note(request, 1));
    page.on('requestfinished', (request) => this.note(request, -1));
    page.on('requestfailed', (request) => this.note(request, -1));
  }

  static async open(context, facts) {
    return new Tab(await context.newPage(), facts);
  }

  note(request, change) {
    const path = new URL(request.url()).pathname;
    if (!path.startsWith('/api/models')) {
      return;
    }
    this.pending += change;
    this.lastSign = Date.now();
    if (change > 0) {
      this.requests.push(`${request.method()} ${path}`);
    }
  }

  async logIn() {
    const { page, facts } = this;
    await page.goto(`${facts.url}/login`, { waitUntil: 'domcontentloaded' });
    await page.locator('input[name=email]').fill(facts.email);
    await page.locator('input[name=password]').fill(facts.password);
    await page.getByTestId('login-button').click();
    await page.waitForURL(/\/c\//);
    await this.isReady();
  }

  async load() {
    await this.page.goto(`${this.facts.url}/c/new`, { waitUntil: 'domcontentloaded' });
    await this.isReady();
  }

  async reload() {
    await this.page.reload({ waitUntil: 'domcontentloaded' });
    await this.isReady();
  }

  async isReady() {
    await this.page.getByTestId('text-input').waitFor();
    await this.isQuiet();
  }

  /** Returns once no model list has been asked for, or is being answered, for a while. */
  async isQuiet() {
    this.lastSign = Date.now();
    while (this.pending > 0 || Date.now() - this.lastSign < QUIET) {
      await wait(QUIET / 10);
    }
  }

  endpointRow() {
    return this.page.locator(`#endpoint-${this.facts.endpoint}-menu`);
  }

  async openEndpoints() {
    const row = this.endpointRow();
    if (!(await row.isVisible())) {
      await this.page.getByRole('button', { name: 'Select a model' }).first().click();
      await row.waitFor();
    }
    return row;
  }

  row(model) {
    return this.page.locator(MODEL_ROWS).filter({ hasText: model }).first();
  }

  /** Opens the selector and waits for this model. */
  async openModels(model) {
    await (await this.openEndpoints()).click();
    await this.row(model).waitFor();
  }

  /** Which of these models the selector shows, once it shows the wanted one. */
  async shown(wanted, models) {
    await this.openModels(wanted);
    const visible = [];
    for (const model of models) {
      if (await this.row(model).isVisible()) {
        visible.push(model);
      }
    }
    await this.closeModels();
    return visible;
  }

  /** A submenu and the menu close one after the other, and not at once. */
  async closeModels() {
    const row = this.endpointRow();
    while (await row.isVisible()) {
      await this.page.keyboard.press('Escape');
      await row.waitFor({ state: 'hidden', timeout: QUIET }).catch(() => undefined);
    }
  }

  async choose(model) {
    await this.openModels(model);
    await this.row(model).click();
  }

  async openKeyDialog() {
    await this.openEndpoints();
    await this.page.locator(`#endpoint-${this.facts.endpoint}-settings`).click();
    const name = `Set API Key for ${this.facts.endpoint}`;
    const dialog = this.page.getByRole('dialog', { name });
    await dialog.waitFor();
    return dialog;
  }

  /** Saves a key as a user does; answers the milliseconds until the dialog had closed. */
  async saveKey(value) {
    const dialog = await this.openKeyDialog();
    await dialog.locator('#apiKey').fill(value);
    const started = performance.now();
    await dialog.getByRole('button', { name: 'Submit' }).click();
    await dialog.waitFor({ state: 'hidden' });
    return { started, closed: performance.now() - started };
  }

  async revokeKey() {
    const dialog = await this.openKeyDialog();
    await dialog.getByRole('button', { name: 'Revoke' }).click();
    const name = `Revoke Key for ${this.facts.endpoint}`;
    const question = this.page.getByRole('dialog', { name });
    await question.getByRole('button', { name: 'Revoke' }).click();
    await question.waitFor({ state: 'hidden' });
  }

  /** Sends a message and answers what LibreChat shows as the reply. */
  async chat(expected) {
    await this.page.getByTestId('text-input').fill('hello');
    await this.page.getByTestId('send-button').click();
    const reply = this.page.locator('.message-render').filter({ hasText: expected }).first();
    await reply.waitFor();
    return reply.innerText();
  }

  count(what) {
    return this.requests.filter((request) => request === what).length;
  }
}

/** Model lists that the provider was asked for with this key. */
export const providerCalls = async ({ provider }, key) => {
  const address = `${provider}/control/calls?key=${encodeURIComponent(key.value)}`;
  return (await (await fetch(address)).json()).models;
};

/** What an action costs: requests of these tabs, calls of this key. */
export const cost = async (tabs, facts, key, action) => {
  const number = (what) => tabs.reduce((sum, tab) => sum + tab.count(what), 0);
  const look = async () => ({
    gets: number('GET /api/models'),
    posts: number('POST /api/models/fetch'),
    calls: await providerCalls(facts, key),
  });
  const before = await look();
  await action();
  const after = await look();
  return Object.fromEntries(Object.keys(after).map((name) => [name, after[name] - before[name]]));
};
