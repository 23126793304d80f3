import { describe, expect, it, vi } from 'vitest';
import { announceModelChange, MODEL_REFRESH_KEY } from '~payload/modelRefreshRecord';
import { ALICE, BOB, away, openTab, server, use } from './autoRefresh';
import { MINUTE, Tab, wait } from './tab';

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

it('stores neither the user, nor an endpoint, nor a model in clear', async () => {
  await openTab();
  const stored = Object.values({ ...localStorage }).join();
  expect(stored).toContain('askedAt');
  for (const secret of [ALICE.id, ALICE.name, ALICE.email, 'LiteLLM', 'alice-1', 'sk-alice']) {
    expect(stored).not.toContain(secret);
  }
});
