import { beforeEach, describe, expect, it, vi } from 'vitest';
import useAutoModelRefresh from '~payload/useAutoModelRefresh';
import { announceModelChange, MODEL_REFRESH_KEY } from '~payload/modelRefreshRecord';
import { useAuthContext } from '~/hooks';
import { MINUTE, Tab, wait } from './tab';
import { Server } from './server';

const ALICE = { id: '64f0c0ffee0000000000a11c', name: 'Alice Liddell', email: 'alice@example.com' };
const BOB = { id: '64f0c0ffee00000000000b0b' };

const use = () => useAutoModelRefresh(useAuthContext().isAuthenticated);

let server: Server;

beforeEach(() => {
  server = new Server().install();
  server.keys = { LiteLLM: 'sk-alice' };
});

/** A tab in which the first answer has arrived. */
const openTab = async (user: { id?: string; _id?: string } = ALICE): Promise<Tab> => {
  const tab = new Tab();
  await tab.render(use, user);
  await wait();
  return tab;
};

const away = async (tab: Tab, ms: number): Promise<void> => {
  await tab.hide();
  await wait(ms);
  await tab.show();
  await wait();
};

describe('it asks', () => {
  it('at page load, for lists no older than a minute', async () => {
    const tab = await openTab();
    expect(server.calls).toContain('POST fetch {"maxAge":60}');
    expect(server.count('POST fetch')).toBe(1);
    expect(tab.shown()?.LiteLLM).toEqual(['alice-1', 'alice-2']);
  });

  it('at login', async () => {
    const tab = new Tab();
    await tab.render(use);
    await wait();
    expect(server.count('POST fetch')).toBe(0);
    await tab.render(use, ALICE);
    await wait();
    expect(server.count('POST fetch')).toBe(1);
  });

  it('after a page load that knows the user by _id only, and not again once the id is there', async () => {
    const tab = new Tab();
    await tab.render(use, { _id: ALICE.id });
    await wait();
    expect(server.count('POST fetch')).toBe(1);
    await tab.render(use, { _id: ALICE.id, id: ALICE.id });
    await wait();
    await tab.render(use, ALICE);
    await wait();
    expect(server.count('POST fetch')).toBe(1);
  });

  it('when the tab is shown again five minutes after the last refresh', async () => {
    const tab = await openTab();
    await away(tab, 5 * MINUTE);
    expect(server.count('POST fetch')).toBe(2);
  });

  it('when a tab that was opened in the background is shown', async () => {
    const tab = new Tab();
    tab.visibility = 'hidden';
    await tab.render(use, ALICE);
    await wait(2 * MINUTE);
    expect(server.count('POST fetch')).toBe(0);
    await tab.show();
    expect(server.count('POST fetch')).toBe(1);
  });

  it('at a page load a minute after the last refresh', async () => {
    const tab = await openTab();
    await wait(MINUTE);
    await tab.close();
    await openTab();
    expect(server.count('POST fetch')).toBe(2);
  });

  it('after a failure, at the next occasion', async () => {
    server.fail('POST fetch', 500);
    const tab = await openTab();
    server.override = {};
    server.provider['sk-alice'] = ['alice-3'];
    await away(tab, 5 * MINUTE);
    expect(tab.shown()?.LiteLLM).toEqual(['alice-3']);
  });

  it('for another user who logs in right away, and uses nothing of the first', async () => {
    const tab = await openTab();
    await tab.render(use);
    server.keys = { LiteLLM: 'sk-bob' };
    server.cache = {};
    await tab.render(use, BOB);
    await wait();
    expect(server.count('POST fetch')).toBe(2);
    expect(tab.shown()?.LiteLLM).toEqual(['bob-1']);
  });

  it('although the clock of the computer was set back', async () => {
    const tab = await openTab();
    vi.setSystemTime(Date.now() - 60 * MINUTE);
    await away(tab, MINUTE);
    expect(server.count('POST fetch')).toBe(2);
  });

  it('with nothing stored, when the browser refuses to store', async () => {
    const refuse = () => {
      throw new DOMException('The operation is insecure.', 'SecurityError');
    };
    vi.spyOn(Storage.prototype, 'setItem').mockImplementation(refuse);
    vi.spyOn(Storage.prototype, 'getItem').mockImplementation(refuse);
    const tab = await openTab();
    await away(tab, MINUTE);
    expect(server.count('POST fetch')).toBe(1);
    await away(tab, 5 * MINUTE);
    expect(server.count('POST fetch')).toBe(2);
    vi.restoreAllMocks();
    announceModelChange();
  });

  it('with a full storage that still holds an old record', async () => {
    const first = await openTab();
    await first.close();
    await wait(10 * MINUTE);
    vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new DOMException('', 'QuotaExceededError');
    });
    const tab = await openTab();
    await away(tab, MINUTE);
    expect(server.count('POST fetch')).toBe(2);
    vi.restoreAllMocks();
    announceModelChange();
  });

  it.each(['', 'null', '[]', '7', '{', '{"user":1,"askedAt":"soon","lists":"none"}'])(
    'although the record is unreadable: %s',
    async (text) => {
      localStorage.setItem(MODEL_REFRESH_KEY, text);
      const tab = await openTab();
      expect(server.count('POST fetch')).toBe(1);
      await away(tab, MINUTE);
      expect(server.count('POST fetch')).toBe(1);
    },
  );
});

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
    expect(own().map(({ type }) => type)).toEqual(['visibilitychange', 'storage']);
    await tab.closeDialog();
    expect(own()).toEqual([]);
  });
});

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

it('stores neither the user, nor an endpoint, nor a model in clear', async () => {
  await openTab();
  const stored = Object.values({ ...localStorage }).join();
  expect(stored).toContain('askedAt');
  for (const secret of [ALICE.id, ALICE.name, ALICE.email, 'LiteLLM', 'alice-1', 'sk-alice']) {
    expect(stored).not.toContain(secret);
  }
});
