/** What the tests of `useAutoModelRefresh` share: two users, a server, and a tab that goes away. */
import { beforeEach } from 'vitest';
import useAutoModelRefresh from '~payload/useAutoModelRefresh';
import { useAuthContext } from '~/hooks';
import { Server } from './server';
import { Tab, wait } from './tab';

export const ALICE = {
  id: '64f0c0ffee0000000000a11c',
  name: 'Alice Liddell',
  email: 'alice@example.com',
};
export const BOB = { id: '64f0c0ffee00000000000b0b' };

/** What the user was told. */
export const toasts: string[] = [];

const showToast = ({ message }: { message: string }): void => {
  toasts.push(message);
};

/** As LibreChat's `Root` calls it. */
export const use = (): void => useAutoModelRefresh(useAuthContext().isAuthenticated, { showToast });

export let server: Server;

beforeEach(() => {
  server = new Server().install();
  toasts.length = 0;
  server.keys = { LiteLLM: 'sk-alice' };
});

/** A tab in which the first answer has arrived. */
export const openTab = async (user: { id?: string; _id?: string } = ALICE): Promise<Tab> => {
  const tab = new Tab();
  await tab.render(use, user);
  await wait();
  return tab;
};

export const away = async (tab: Tab, ms: number): Promise<void> => {
  await tab.hide();
  await wait(ms);
  await tab.show();
  await wait();
};
