import { act } from 'react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { QueryKeys, request } from 'librechat-data-provider';
import { useFetchUserModelsMutation } from 'librechat-data-provider/react-query';
import type {
  TFetchUserModelsRequest,
  TFetchUserModelsResponse,
} from 'librechat-data-provider/react-query';
import type { UseMutationResult } from '@tanstack/react-query';
import { Server } from './server';
import { Tab, wait } from './tab';

type Mutation = UseMutationResult<
  TFetchUserModelsResponse,
  unknown,
  TFetchUserModelsRequest,
  unknown
>;

let server: Server;
let tab: Tab;

beforeEach(async () => {
  server = new Server().install();
  server.keys = { LiteLLM: 'sk-alice' };
  server.cache = { LiteLLM: ['old'] };
  tab = new Tab();
  await tab.render(useFetchUserModelsMutation);
  await wait();
});

const fetchModels = (payload: TFetchUserModelsRequest): Promise<void> =>
  act(async () => (tab.result as Mutation).mutate(payload)) as unknown as Promise<void>;

describe('useFetchUserModelsMutation', () => {
  it('asks for one endpoint and answers with its models', async () => {
    await fetchModels({ endpoint: 'LiteLLM' });
    await wait();
    expect((tab.result as Mutation).data).toMatchObject({
      endpoint: 'LiteLLM',
      models: ['alice-1', 'alice-2'],
    });
    expect(tab.shown()?.LiteLLM).toEqual(['alice-1', 'alice-2']);
  });

  it('asks for all endpoints', async () => {
    await fetchModels({});
    await wait();
    expect((tab.result as Mutation).data).toHaveProperty('endpoints.LiteLLM.models');
    expect(tab.shown()?.LiteLLM).toEqual(['alice-1', 'alice-2']);
  });

  it('sends the name of the endpoint in the body, whatever it contains', async () => {
    const post = vi.spyOn(request, 'post');
    await fetchModels({ endpoint: 'a&b/c#d%' });
    expect(post).toHaveBeenCalledWith('/api/models/fetch', { endpoint: 'a&b/c#d%' });
  });

  it('reloads the list after a failure as well', async () => {
    server.fail('POST fetch', 502, 'provider_unauthorized');
    server.cache = { LiteLLM: ['default-model'] };
    await fetchModels({ endpoint: 'LiteLLM' });
    await wait();
    expect((tab.result as Mutation).isError).toBe(true);
    expect(tab.shown()?.LiteLLM).toEqual(['default-model']);
  });

  it('wins over an older GET that answers later', async () => {
    server.delay = { 'GET models': 700 };
    tab.queryClient.refetchQueries([QueryKeys.models]);
    await fetchModels({ endpoint: 'LiteLLM' });
    await wait(3000);
    expect(tab.shown()?.LiteLLM).toEqual(['alice-1', 'alice-2']);
  });

  it('asks once: a failure is not repeated', async () => {
    server.fail('POST fetch', 500);
    await fetchModels({ endpoint: 'LiteLLM' });
    await wait(60_000);
    expect(server.count('POST fetch')).toBe(1);
  });

  it('leaves other queries alone', async () => {
    const invalidate = vi.spyOn(tab.queryClient, 'invalidateQueries');
    await fetchModels({ endpoint: 'LiteLLM' });
    await wait();
    expect(invalidate.mock.calls).toEqual([[[QueryKeys.models]]]);
  });
});
