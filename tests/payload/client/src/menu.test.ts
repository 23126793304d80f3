import { describe, expect, it } from 'vitest';
import { away, openTab, server } from './autoRefresh';
import { MINUTE, wait } from './tab';

const MENUS = [
  ['of endpoints up to v0.7.7', '<div role="menuitem" id="endpoint-item-LiteLLM"></div>'],
  [
    'of models up to v0.7.7',
    '<button data-testid="select-dropdown-button" aria-expanded="true"></button>',
  ],
  ['from v0.7.8 on', '<div role="option" id="endpoint-LiteLLM-menu"></div>'],
] as const;
const MENU = MENUS[2][1];

describe('an open menu', () => {
  it.each(MENUS)('%s brings a model that the provider has had for a minute', async (_, row) => {
    const tab = await openTab();
    await wait(2 * MINUTE);
    server.provider['sk-alice'] = ['alice-1', 'alice-9'];
    await tab.openMenu(row);
    await wait();
    expect(tab.shown()?.LiteLLM).toEqual(['alice-1', 'alice-9']);
    expect(server.count('POST fetch')).toBe(2);
  });

  it('asks once a minute, however often and in however many tabs it opens', async () => {
    const first = await openTab();
    const second = await openTab();
    await wait(2 * MINUTE);
    for (let i = 0; i < 10; i++) {
      await first.openMenu(MENU);
      await second.openMenu(MENU);
      await wait(2000);
    }
    expect(server.count('POST fetch')).toBe(2);
  });

  it('asks nothing within a minute of a page load', async () => {
    const tab = await openTab();
    await wait(MINUTE - 2000);
    await tab.openMenu(MENU);
    expect(server.count('POST fetch')).toBe(1);
  });

  it.each([
    ['a closed list', '<button data-testid="select-dropdown-button" aria-expanded="false"/>'],
    ['another menu', '<div role="menu"><div role="menuitem" id="menu-settings"></div></div>'],
    ['nothing', ''],
  ])('is not %s', async (_, html) => {
    const tab = await openTab();
    await wait(2 * MINUTE);
    await tab.openMenu(html);
    expect(server.count('POST fetch')).toBe(1);
  });

  it('asks nothing for a user without eligible endpoints', async () => {
    server.keys = {};
    const tab = await openTab();
    await wait(60 * MINUTE);
    await tab.openMenu(MENU);
    expect(server.count('POST fetch')).toBe(1);
  });

  it('leaves the clock of returning tabs as it is: five minutes after the last question', async () => {
    const tab = await openTab();
    await wait(2 * MINUTE);
    await tab.openMenu(MENU);
    await away(tab, 4 * MINUTE);
    expect(server.count('POST fetch')).toBe(2);
    await away(tab, 2 * MINUTE);
    expect(server.count('POST fetch')).toBe(3);
  });
});
