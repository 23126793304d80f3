import { describe, expect, it, vi } from 'vitest';
import { announceModelChange, MODEL_REFRESH_KEY } from '~payload/modelRefreshRecord';
import { ALICE, BOB, away, openTab, server, use } from './autoRefresh';
import { MINUTE, Tab, wait } from './tab';

describe('it leaves the list alone', () => {
  const reloads = async (tab: Tab): Promise<number> => {
    const before = server.count('GET models');
    await away(tab, 5 * MINUTE);
    return server.count('GET models') - before;
  };

  it('when the answer is what is shown', async () => {
    const tab = await openTab();
    expect(server.count('GET models')).toBe(1);
    expect(await reloads(tab)).toBe(0);
    expect(await reloads(tab)).toBe(0);
  });

  it('when the provider is down and the server answers with the last good list', async () => {
    const tab = await openTab();
    server.override['POST fetch'] = () => ({
      status: 200,
      data: {
        endpoints: {
          LiteLLM: {
            models: ['alice-1', 'alice-2'],
            source: 'stale',
            fetchedAt: '2025-12-31T08:00:00.000Z',
            error: { code: 'provider_timeout', message: '' },
          },
        },
      },
    });
    expect(await reloads(tab)).toBe(0);
  });

  it.each([400, 401, 404, 429, 500, 502, 504])('when the server answers %i', async (status) => {
    const tab = await openTab();
    server.fail('POST fetch', status);
    expect(await reloads(tab)).toBe(0);
    expect(tab.shown()?.LiteLLM).toEqual(['alice-1', 'alice-2']);
  });

  it.each([
    ['the page of a server without the patch', '<!doctype html>'],
    ['nothing', ''],
    ['null', null],
    ['an endpoint that nobody asked for', { endpoint: 'LiteLLM', models: [] }],
    ['endpoints without lists', { endpoints: { LiteLLM: {} } }],
    ['no endpoints', { endpoints: null }],
  ])('when the answer is %s', async (_, data) => {
    const tab = await openTab();
    server.override['POST fetch'] = () => ({ status: 200, data });
    expect(await reloads(tab)).toBe(0);
  });

  it('when the answer comes after a logout', async () => {
    const tab = await openTab();
    server.provider['sk-alice'] = ['alice-3'];
    server.delay = { 'POST fetch': 5000 };
    const before = server.count('GET models');
    await away(tab, 5 * MINUTE);
    await tab.render(use);
    await wait(10_000);
    expect(server.count('GET models')).toBe(before);
  });

  it('when the answer for one user comes while another is logged in', async () => {
    const tab = await openTab();
    server.provider['sk-alice'] = ['alice-3'];
    server.delay = { 'POST fetch': 5000 };
    await away(tab, 5 * MINUTE);
    server.keys = {};
    server.override['POST fetch'] = () => ({ status: 200, data: { endpoints: {} } });
    await tab.render(use, BOB);
    const before = server.count('GET models');
    await wait(20_000);
    expect(server.count('GET models')).toBe(before);
  });

  it('when a logout removes the list while the answer waits for it', async () => {
    server.delay = { 'GET models': 5000 };
    const tab = await openTab();
    tab.queryClient.removeQueries();
    await tab.render(use);
    await wait(20_000);
    expect(server.count('POST fetch')).toBe(1);
    expect(server.count('GET models')).toBe(1);
  });

  it('when a newer GET is under way already', async () => {
    const tab = await openTab();
    server.provider['sk-alice'] = ['alice-3'];
    server.cache = {};
    server.delay = { 'GET models': 300 };
    await tab.hide();
    await wait(5 * MINUTE);
    await tab.queryClient.invalidateQueries(['models'], { refetchType: 'none' });
    const before = server.count('GET models');
    tab.queryClient.refetchQueries(['models']);
    await tab.show();
    await wait();
    expect(tab.shown()?.LiteLLM).toEqual(['alice-3']);
    expect(server.count('GET models')).toBe(before + 1);
  });

  it('when another key of localStorage changes, or a hidden tab hears of a change', async () => {
    const tab = await openTab();
    const before = server.count('GET models');
    await wait();
    announceModelChange();
    await tab.hearStorage('theme');
    await tab.hide();
    await tab.hearStorage(MODEL_REFRESH_KEY);
    await wait();
    expect(server.count('GET models')).toBe(before);
  });

  it('of a new page that already knows that a key is gone', async () => {
    const tab = await openTab();
    await tab.close();
    server.keys = {};
    server.cache = {};
    await wait(MINUTE);
    const before = server.count('GET models');
    const next = await openTab();
    expect(server.count('POST fetch')).toBe(2);
    expect(server.count('GET models')).toBe(before + 1);
    expect(next.shown()?.LiteLLM).toEqual(['default-model']);
  });

  it('for a change that lies in the future, because the clock was set back', async () => {
    announceModelChange();
    vi.setSystemTime(Date.now() - 60 * MINUTE);
    const tab = await openTab();
    const before = server.count('GET models');
    await away(tab, MINUTE);
    await away(tab, MINUTE);
    expect(server.count('GET models')).toBe(before);
  });

  it('when the first list has yet to be loaded by the page that needs it', async () => {
    const tab = new Tab();
    await tab.render(use, ALICE, { page: 'reader' });
    await wait();
    expect(server.count('POST fetch')).toBe(1);
    expect(server.count('GET models')).toBe(0);
  });

  it('when no page shows models', async () => {
    const tab = new Tab();
    await tab.render(use, ALICE, { page: 'none' });
    await wait();
    await away(tab, 5 * MINUTE);
    expect(server.count('POST fetch')).toBe(2);
    expect(server.count('GET models')).toBe(0);
  });
});
