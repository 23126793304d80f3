import { describe, expect, it } from 'vitest';
import { MODEL_REFRESH_KEY } from '~payload/modelRefreshRecord';
import { away, openTab, server } from './autoRefresh';
import { MINUTE, wait } from './tab';

describe('it reloads the list', () => {
  it('when the provider has another model, and only once', async () => {
    const tab = await openTab();
    server.provider['sk-alice'] = ['alice-1', 'alice-2', 'alice-3'];
    const before = server.count('GET models');
    await away(tab, 5 * MINUTE);
    expect(tab.shown()?.LiteLLM).toEqual(['alice-1', 'alice-2', 'alice-3']);
    expect(server.count('GET models')).toBe(before + 1);
    await away(tab, MINUTE);
    expect(server.count('GET models')).toBe(before + 1);
  });

  it('when a model is gone', async () => {
    const tab = await openTab();
    server.provider['sk-alice'] = ['alice-1'];
    await away(tab, 5 * MINUTE);
    expect(tab.shown()?.LiteLLM).toEqual(['alice-1']);
  });

  it('when only the order differs', async () => {
    const tab = await openTab();
    server.provider['sk-alice'] = ['alice-2', 'alice-1'];
    await away(tab, 5 * MINUTE);
    expect(tab.shown()?.LiteLLM).toEqual(['alice-2', 'alice-1']);
  });

  it('when the list of the page load was older than the answer', async () => {
    server.cache = { LiteLLM: ['old'] };
    const tab = await openTab();
    expect(tab.shown()?.LiteLLM).toEqual(['alice-1', 'alice-2']);
    expect(server.count('GET models')).toBe(2);
  });

  it('when a slow GET of the page load brings an older list than the answer', async () => {
    server.cache = { LiteLLM: ['old'] };
    server.delay = { 'GET models': 800 };
    const tab = await openTab();
    expect(tab.shown()?.LiteLLM).toEqual(['old']);
    await wait();
    expect(tab.shown()?.LiteLLM).toEqual(['alice-1', 'alice-2']);
  });

  it('when a GET that was under way at the answer has failed', async () => {
    const tab = await openTab();
    server.provider['sk-alice'] = ['alice-3'];
    await tab.hide();
    await wait(5 * MINUTE);
    server.delay = { 'GET models': 300 };
    server.fail('GET models', 500);
    tab.queryClient.refetchQueries(['models']);
    await wait(0);
    server.override = {};
    await tab.show();
    await wait();
    expect(tab.shown()?.LiteLLM).toEqual(['alice-3']);
  });

  it('when the key has expired or was revoked elsewhere', async () => {
    const tab = await openTab();
    server.keys = {};
    await away(tab, 5 * MINUTE);
    expect(tab.shown()?.LiteLLM).toEqual(['default-model']);
  });

  it('in the other tab, when that is shown, without another question', async () => {
    const first = await openTab();
    const second = await openTab();
    await second.hide();
    server.provider['sk-alice'] = ['alice-3'];
    await away(first, 5 * MINUTE);
    expect(second.shown()?.LiteLLM).toEqual(['alice-1', 'alice-2']);
    await second.show();
    await wait();
    expect(second.shown()?.LiteLLM).toEqual(['alice-3']);
    expect(server.count('POST fetch')).toBe(2);
  });

  it('in another window that is visible, as soon as the browser tells', async () => {
    const first = await openTab();
    const second = await openTab();
    server.provider['sk-alice'] = ['alice-3'];
    await away(first, 5 * MINUTE);
    await second.hearStorage(MODEL_REFRESH_KEY);
    await wait();
    expect(second.shown()?.LiteLLM).toEqual(['alice-3']);
  });

  it('once in each of three tabs that ask at the same moment', async () => {
    const tabs = [await openTab(), await openTab(), await openTab()];
    for (const tab of tabs) {
      await tab.hide();
    }
    await wait(5 * MINUTE);
    server.provider['sk-alice'] = ['alice-3'];
    server.delay = { 'POST fetch': 100 };
    const before = server.count('GET models');
    const record = localStorage.getItem(MODEL_REFRESH_KEY)!;
    for (const tab of tabs) {
      localStorage.setItem(MODEL_REFRESH_KEY, record);
      await tab.show();
    }
    for (let i = 0; i < 3; i++) {
      await wait(200);
      for (const tab of tabs) {
        await tab.hearStorage(MODEL_REFRESH_KEY);
      }
    }
    await wait();
    expect(server.count('POST fetch')).toBe(1 + 3);
    expect(server.count('GET models') - before).toBe(3);
    expect(tabs.map((tab) => tab.shown()?.LiteLLM)).toEqual(Array(3).fill(['alice-3']));
  });

  it('in a tab with an old list, when a new page already shows the new one', async () => {
    const old = await openTab();
    await old.hide();
    await wait(5 * MINUTE);
    server.provider['sk-alice'] = ['alice-3'];
    server.cache = {};
    server.delay = { 'POST fetch': 100 };
    const fresh = await openTab();
    const before = server.count('GET models');
    await away(fresh, MINUTE);
    expect(server.count('GET models')).toBe(before);
    await old.show();
    await wait();
    expect(old.shown()?.LiteLLM).toEqual(['alice-3']);
    expect(server.count('POST fetch')).toBe(2);
  });
});
