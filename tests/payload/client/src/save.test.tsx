import { act, useCallback } from 'react';
import { useMutation } from '@tanstack/react-query';
import { dataService, QueryKeys } from 'librechat-data-provider';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  useRevokeUserKeyMutation,
  useUpdateUserKeysMutation,
} from 'librechat-data-provider/react-query';
import type { TUpdateUserKeyRequest, TUser } from 'librechat-data-provider';
import type { UseMutationResult } from '@tanstack/react-query';
import { MODEL_REFRESH_KEY } from '~payload/modelRefreshRecord';
import useAutoModelRefresh from '~payload/useAutoModelRefresh';
import useFetchModelsOnSave from '~payload/useFetchModelsOnSave';
import { useAuthContext } from '~/hooks';
import { MINUTE, Tab, wait } from './tab';
import { Server } from './server';

type Save = (name: string, key: string) => void;
type Mutation = UseMutationResult<TUser, unknown, TUpdateUserKeyRequest, unknown>;

const ALICE = { id: '64f0c0ffee0000000000a11c' };

/** Up to v0.8.4 storing a key does not reload the list; since v0.8.5-rc1 it does. */
const useSilentUpdate = (): Mutation =>
  useMutation((payload: TUpdateUserKeyRequest) => dataService.updateUserKey(payload));

const eras = [
  ['v0.8.4 and before', useSilentUpdate],
  ['v0.8.5-rc1 and later', useUpdateUserKeysMutation],
] as const;

const showToast = vi.fn();

/** As LibreChat's `Root` calls it. */
const useRoot = (): void => useAutoModelRefresh(useAuthContext().isAuthenticated, { showToast });

let server: Server;
const unhandled = vi.fn();

beforeEach(() => {
  server = new Server().install();
  unhandled.mockReset();
  process.on('unhandledRejection', unhandled);
});

afterEach(async () => {
  await vi.runOnlyPendingTimersAsync();
  process.off('unhandledRejection', unhandled);
  expect(unhandled).not.toHaveBeenCalled();
});

describe.each(eras)('saving a key, %s', (_, useUpdate) => {
  const results: Mutation[] = [];
  const saves: Save[] = [];

  /** As LibreChat's `useUserKey` does, with the line that the patch changes. */
  const useDialog = (): Save => {
    const updateKey = useFetchModelsOnSave(useUpdate());
    const save = useCallback(
      (name: string, apiKey: string) =>
        updateKey.mutate({ name, value: JSON.stringify({ apiKey, baseURL: '' }), expiresAt: '' }),
      [updateKey],
    );
    results.push(updateKey);
    saves.push(save);
    return save;
  };

  const openDialog = async (): Promise<Tab> => {
    const tab = new Tab();
    tab.root = useRoot;
    await tab.render(useDialog, ALICE);
    await wait();
    server.calls = [];
    return tab;
  };

  const save = (tab: Tab, name = 'LiteLLM', key = 'sk-alice'): Promise<void> =>
    act(async () => (tab.result as Save)(name, key)) as unknown as Promise<void>;

  beforeEach(() => {
    results.length = 0;
    saves.length = 0;
  });

  it('shows its models without a reload', async () => {
    const tab = await openDialog();
    expect(tab.shown()?.LiteLLM).toEqual(['default-model']);
    await save(tab);
    await wait(100);
    expect(tab.shown()?.LiteLLM).toEqual(['alice-1', 'alice-2']);
    expect(server.calls.filter((call) => call.startsWith('P'))).toEqual([
      expect.stringContaining('PUT keys'),
      'POST fetch {"endpoint":"LiteLLM"}',
    ]);
  });

  it('shows them although the dialog closes at once', async () => {
    const tab = await openDialog();
    await save(tab);
    await tab.closeDialog();
    await wait();
    expect(server.count('POST fetch')).toBe(1);
    expect(tab.shown()?.LiteLLM).toEqual(['alice-1', 'alice-2']);
  });

  it('shows them although the dialog closes while the models are fetched', async () => {
    const tab = await openDialog();
    server.delay = { 'POST fetch': 3000 };
    await save(tab);
    await wait(500);
    await tab.closeDialog();
    await wait(5000);
    expect(tab.shown()?.LiteLLM).toEqual(['alice-1', 'alice-2']);
  });

  it('shows the models of the second of two keys', async () => {
    const tab = await openDialog();
    await save(tab);
    await wait();
    await save(tab, 'LiteLLM', 'sk-bob');
    await wait();
    expect(tab.shown()?.LiteLLM).toEqual(['bob-1']);
  });

  it('shows the models of the second of two keys saved in a hurry', async () => {
    const tab = await openDialog();
    server.delay = { 'POST fetch': 400, 'GET models': 300 };
    await save(tab);
    await wait(100);
    await save(tab, 'LiteLLM', 'sk-bob');
    await wait(5000);
    expect(tab.shown()?.LiteLLM).toEqual(['bob-1']);
  });

  it('ignores an older GET that is still under way', async () => {
    const tab = await openDialog();
    server.delay = { 'GET models': 500 };
    tab.queryClient.refetchQueries([QueryKeys.models]);
    await save(tab);
    await wait(300);
    await wait(3000);
    expect(tab.shown()?.LiteLLM).toEqual(['alice-1', 'alice-2']);
  });

  it('asks for an endpoint whose configuration has not arrived yet', async () => {
    const tab = await openDialog();
    tab.queryClient.removeQueries([QueryKeys.endpoints]);
    await save(tab);
    await wait();
    expect(server.count('POST fetch')).toBe(1);
  });

  it.each([
    [404, 'endpoint_not_found'],
    [429, 'too_many_requests'],
    [502, 'provider_unauthorized'],
    [504, 'provider_timeout'],
  ])('reloads the list after an answer %i %s, and the save stands', async (status, code) => {
    server.keys = { LiteLLM: 'sk-bob' };
    const tab = await openDialog();
    expect(tab.shown()?.LiteLLM).toEqual(['bob-1']);
    server.fail('POST fetch', status, code);
    await save(tab, 'LiteLLM', 'sk-wrong');
    await wait();
    expect(tab.shown()?.LiteLLM).toEqual(['default-model']);
    expect(results[results.length - 1].status).toBe('success');
  });

  it('reloads the list after a network error', async () => {
    server.keys = { LiteLLM: 'sk-bob' };
    const tab = await openDialog();
    server.override['POST fetch'] = () => {
      throw new TypeError('Network Error');
    };
    await save(tab);
    await wait();
    expect(tab.shown()?.LiteLLM).toEqual(['alice-1', 'alice-2']);
  });

  it('does nothing more when the key could not be stored', async () => {
    const tab = await openDialog();
    const record = localStorage.getItem('modelRefresh');
    server.fail('PUT keys', 500);
    await save(tab);
    await wait();
    expect(server.calls).toHaveLength(1);
    expect(results[results.length - 1].status).toBe('error');
    expect(localStorage.getItem('modelRefresh')).toBe(record);
  });

  it('does nothing more when LibreChat refuses an empty key', async () => {
    const tab = new Tab();
    await tab.render(() => useFetchModelsOnSave(useUpdate()));
    await wait();
    server.calls = [];
    await act(async () =>
      (tab.result as Mutation).mutate({ name: 'LiteLLM', value: '', expiresAt: '' }),
    );
    await wait();
    expect(server.calls).toEqual([]);
  });

  it.each(['openAI', 'google', 'anthropic', 'assistants'])('asks for %s', async (name) => {
    const tab = await openDialog();
    await save(tab, name);
    await wait();
    expect(server.calls).toContain(`POST fetch {"endpoint":"${name}"}`);
  });

  it.each(['azureOpenAI', 'bedrock'])('asks nothing for %s', async (name) => {
    const tab = await openDialog();
    await save(tab, name);
    await wait();
    expect(server.count('PUT keys')).toBe(1);
    expect(server.count('POST fetch')).toBe(0);
  });

  it('keeps the callbacks of the caller', async () => {
    const tab = new Tab();
    const onSuccess = vi.fn();
    const onError = vi.fn();
    const variables = { name: 'LiteLLM', value: '{"apiKey":"sk-alice"}', expiresAt: '' };
    await tab.render(() => useFetchModelsOnSave(useUpdate()));
    await act(async () => (tab.result as Mutation).mutate(variables, { onSuccess }));
    await wait();
    expect(onSuccess).toHaveBeenCalledTimes(1);
    server.fail('PUT keys', 500);
    await act(async () => (tab.result as Mutation).mutate(variables, { onError }));
    await wait();
    expect(onError).toHaveBeenCalledTimes(1);
  });

  it('leaves the rest of the mutation as it was, and `mutate` the same over renders', async () => {
    const tab = await openDialog();
    await save(tab);
    await wait();
    expect(new Set(results.map(({ mutate }) => mutate)).size).toBe(1);
    const last = results[results.length - 1];
    expect(last.isSuccess).toBe(true);
    expect(last.variables?.name).toBe('LiteLLM');
    expect(last.reset).toBeTypeOf('function');
    const value = JSON.stringify({ apiKey: 'sk-bob' });
    const promise = last.mutateAsync({ name: 'LiteLLM', value, expiresAt: '' });
    await wait();
    await expect(promise).resolves.toBe('');
  });

  it('reaches a tab in which an older list arrives after the news was written', async () => {
    server.keys = { LiteLLM: 'sk-alice' };
    const other = new Tab();
    await other.render(useRoot, ALICE);
    await wait();
    const tab = await openDialog();
    server.provider['sk-alice'] = ['alice-3'];
    server.delay = { 'GET models': 200, 'POST fetch': 100 };
    await save(tab);
    await wait(20);
    const older = { LiteLLM: ['alice-1', 'alice-2'] };
    server.override = { 'GET models': () => ({ status: 200, data: older }) };
    await other.hearStorage(MODEL_REFRESH_KEY);
    await wait(20);
    server.override = {};
    await wait(300);
    expect(other.shown()?.LiteLLM).toEqual(['alice-1', 'alice-2']);
    await other.hearStorage(MODEL_REFRESH_KEY);
    await wait();
    expect(other.shown()?.LiteLLM).toEqual(['alice-3']);
    expect(server.count('POST fetch')).toBe(1);
  });

  it('reaches the other tab', async () => {
    const other = new Tab();
    await other.render(useRoot, ALICE);
    await wait();
    const tab = await openDialog();
    await other.hide();
    await save(tab);
    await wait(MINUTE);
    expect(other.shown()?.LiteLLM).toEqual(['default-model']);
    await other.show();
    await wait();
    expect(other.shown()?.LiteLLM).toEqual(['alice-1', 'alice-2']);
    expect(server.count('POST fetch')).toBe(1);
  });

  it('never puts a key into localStorage', async () => {
    const tab = await openDialog();
    await save(tab);
    await wait();
    expect(JSON.stringify({ ...localStorage })).not.toMatch(/sk-|LiteLLM|alice/);
  });
});

describe('revoking a key', () => {
  it('shows the defaults, also when a GET was under way', async () => {
    server.keys = { LiteLLM: 'sk-alice' };
    const tab = new Tab();
    await tab.render(() => useRevokeUserKeyMutation('LiteLLM'));
    await wait();
    expect(tab.shown()?.LiteLLM).toEqual(['alice-1', 'alice-2']);
    server.delay = { 'GET models': 500 };
    tab.queryClient.refetchQueries([QueryKeys.models]);
    await act(async () => (tab.result as UseMutationResult).mutate(undefined));
    await wait(3000);
    expect(tab.shown()?.LiteLLM).toEqual(['default-model']);
  });
});
