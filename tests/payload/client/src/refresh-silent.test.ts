import { describe, expect, it, vi } from 'vitest';
import { announceModelChange } from '~payload/modelRefreshRecord';
import { ALICE, away, openTab, server, use } from './autoRefresh';
import { MINUTE, Tab, wait } from './tab';

describe('it does not ask', () => {
  it('without a login', async () => {
    const tab = new Tab();
    await tab.render(use);
    await wait();
    await away(tab, 10 * MINUTE);
    expect(server.count('POST fetch')).toBe(0);
  });

  it('for a user whom LibreChat still knows after a logout', async () => {
    const tab = new Tab();
    await tab.render(use, ALICE, { isAuthenticated: false });
    await wait();
    await away(tab, 10 * MINUTE);
    expect(server.count('POST fetch')).toBe(0);
  });

  it('when the tab is shown again after a minute', async () => {
    const tab = await openTab();
    await away(tab, MINUTE);
    expect(server.count('POST fetch')).toBe(1);
  });

  it('a second before five minutes are over', async () => {
    const tab = await openTab();
    await away(tab, 5 * MINUTE - 2000);
    expect(server.count('POST fetch')).toBe(1);
  });

  it('while the tab is hidden, however long', async () => {
    const tab = await openTab();
    await tab.hide();
    await wait(10 * 60 * MINUTE);
    expect(server.count('POST fetch')).toBe(1);
  });

  it('while the tab stays visible: there is no timer', async () => {
    const setInterval = vi.spyOn(globalThis, 'setInterval');
    await openTab();
    await wait(10 * 60 * MINUTE);
    expect(setInterval).not.toHaveBeenCalled();
    expect(server.count('POST fetch')).toBe(1);
  });

  it('twice at a page load in React strict mode', async () => {
    const tab = new Tab();
    tab.strict = true;
    server.cache = { LiteLLM: ['old'] };
    await tab.render(use, ALICE);
    await wait();
    expect(server.count('POST fetch')).toBe(1);
    expect(tab.shown()?.LiteLLM).toEqual(['alice-1', 'alice-2']);
  });

  it('at a page load within a minute of another', async () => {
    const tab = await openTab();
    await wait(30_000);
    await tab.close();
    await openTab();
    expect(server.count('POST fetch')).toBe(1);
  });

  it('twice for two tabs that open together', async () => {
    const first = new Tab();
    const second = new Tab();
    await first.render(use, ALICE);
    await second.render(use, ALICE);
    await wait();
    expect(server.count('POST fetch')).toBe(1);
  });

  it('twice for two tabs that are shown after five minutes', async () => {
    const first = await openTab();
    const second = await openTab();
    await first.hide();
    await second.hide();
    await wait(5 * MINUTE);
    await first.show();
    await first.hide();
    await second.show();
    await wait();
    expect(server.count('POST fetch')).toBe(2);
  });

  it('again within five minutes of a failure', async () => {
    server.fail('POST fetch', 504, 'provider_timeout');
    const tab = await openTab();
    await away(tab, 4 * MINUTE);
    expect(server.count('POST fetch')).toBe(1);
  });

  it('after the first answer named no eligible endpoint', async () => {
    server.keys = {};
    const tab = await openTab();
    for (let i = 0; i < 5; i++) {
      await away(tab, 60 * MINUTE);
    }
    await tab.close();
    await openTab();
    expect(server.count('POST fetch')).toBe(1);
  });

  it('for a user without eligible endpoints, until a key is saved', async () => {
    server.keys = {};
    const tab = await openTab();
    server.keys = { LiteLLM: 'sk-alice' };
    announceModelChange();
    await away(tab, 5 * MINUTE);
    expect(server.count('POST fetch')).toBe(2);
  });

  it('after a logout', async () => {
    const tab = await openTab();
    await tab.render(use);
    await away(tab, 10 * MINUTE);
    expect(server.count('POST fetch')).toBe(1);
  });

  it('after it has gone, and leaves no listener', async () => {
    const tab = await openTab();
    const own = () =>
      tab.listeners.filter(({ target, type }) => target === document || type === 'storage');
    expect(own().map(({ type }) => type)).toEqual(['visibilitychange', 'focusin', 'storage']);
    await tab.closeDialog();
    expect(own()).toEqual([]);
  });
});
