import { act } from 'react';
import { describe, expect, it } from 'vitest';
import { tellUserKeyChange } from 'librechat-data-provider/react-query';
import { MODEL_REFRESH_KEY } from '~payload/modelRefreshRecord';
import { ALICE, away, openTab, server, use } from './autoRefresh';
import { MINUTE, Tab, wait } from './tab';

/** What LibreChat's `App` does after a query was answered with 401: what is mounted stays. */
const replaceClient = async (tab: Tab): Promise<void> => {
  tab.replaceClient();
  await tab.render(use, ALICE);
  await wait();
};
const MODELS = ['models'];

describe('when LibreChat has replaced its QueryClient', () => {
  it('a saved key shows in the list that is on screen', async () => {
    const tab = await openTab();
    await replaceClient(tab);
    server.provider['sk-alice'] = ['alice-3'];
    server.calls = [];
    await act(async () => tellUserKeyChange(tab.queryClient, 'LiteLLM'));
    await wait();
    expect(tab.mounted.getQueryData(MODELS)).toMatchObject({ LiteLLM: ['alice-3'] });
    expect(server.count('POST fetch')).toBe(1);
  });

  it('so does a revoked key, a new model, and what another tab has learnt', async () => {
    const tab = await openTab();
    await replaceClient(tab);
    await replaceClient(tab);
    server.keys = {};
    await act(async () => tellUserKeyChange(tab.queryClient));
    await wait();
    expect(tab.mounted.getQueryData(MODELS)).toMatchObject({ LiteLLM: ['default-model'] });

    server.keys = { LiteLLM: 'sk-alice' };
    server.provider['sk-alice'] = ['alice-4'];
    await away(tab, 10 * MINUTE);
    expect(tab.mounted.getQueryData(MODELS)).toMatchObject({ LiteLLM: ['alice-4'] });

    const other = await openTab();
    server.provider['sk-alice'] = ['alice-5'];
    await away(other, 10 * MINUTE);
    await tab.hearStorage(MODEL_REFRESH_KEY);
    await wait();
    expect(tab.mounted.getQueryData(MODELS)).toMatchObject({ LiteLLM: ['alice-5'] });
  });
});
