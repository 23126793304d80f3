import { act } from 'react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tellUserKeyChange } from 'librechat-data-provider/react-query';
import { ALICE, BOB, away, openTab, server, toasts, use } from './autoRefresh';
import { MINUTE, Tab, wait } from './tab';
import { texts } from '~/hooks';

const DAY = 24 * 60 * MINUTE;

/** Texts of v0.8.4, by the end of their names. */
const NEW = {
  no_user_key: 'No key found.',
  no_base_url: 'No base URL found.',
  invalid_user_key: 'Invalid key provided.',
  expired_user_key: 'Provided key for {{0}} expired at {{1}}.',
  endpoint_models_not_loaded: 'Models for {{0}} could not be loaded.',
};
const OLD = { ...NEW, expired_user_key: 'Provided key for {0} expired at {1}.' };
const EXPIRY = '2026-01-01T07:00:00.000Z';

const have = (known: Record<string, string>): void => {
  for (const [name, text] of Object.entries(known)) {
    texts[`com_error_${name}`] = text;
  }
};

beforeEach(() => have(NEW));
afterEach(() => Object.keys(texts).forEach((key) => delete texts[key]));

const save = async (tab: Tab): Promise<void> => {
  await act(async () => tellUserKeyChange(tab.queryClient, 'LiteLLM'));
  await wait();
};

const refuse = (): void => {
  server.override['POST fetch'] = () => ({
    status: 200,
    data: {
      endpoints: {
        Other: { models: ['a'], source: 'cache', fetchedAt: EXPIRY },
        LiteLLM: {
          models: ['default-model'],
          source: 'default',
          fetchedAt: null,
          error: { code: 'provider_unauthorized', message: 'The provider refused the key.' },
        },
      },
    },
  });
};

describe('after a key was saved', () => {
  it('says nothing when its models are there', async () => {
    await save(await openTab());
    expect(toasts).toEqual([]);
  });

  it.each([
    ['provider_unauthorized', 502, 'LiteLLM: Invalid key provided.'],
    ['invalid_user_key', 400, 'LiteLLM: Invalid key provided.'],
    ['no_user_key', 400, 'LiteLLM: No key found.'],
    ['insecure_url', 400, 'LiteLLM: No base URL found.'],
    ['blocked_url', 400, 'LiteLLM: No base URL found.'],
    ['provider_error', 502, 'Models for LiteLLM could not be loaded.'],
    ['provider_timeout', 504, 'Models for LiteLLM could not be loaded.'],
    ['invalid_response', 502, 'Models for LiteLLM could not be loaded.'],
    ['internal_error', 500, 'Models for LiteLLM could not be loaded.'],
  ])('says once what %s means', async (code, status, text) => {
    const tab = await openTab();
    server.fail('POST fetch', status, code);
    await save(tab);
    expect(toasts).toEqual([text]);
  });

  it.each([
    ['fetch_disabled', 400],
    ['endpoint_not_found', 404],
    ['too_many_requests', 429],
    ['a_code_of_next_year', 400],
  ])('keeps %s to itself', async (code, status) => {
    const tab = await openTab();
    server.fail('POST fetch', status, code);
    await save(tab);
    expect(toasts).toEqual([]);
  });

  it.each(['<!doctype html>', '', null, {}, { error: null }, { error: 'x' }])(
    'says nothing of an answer that is not ours: %j',
    async (data) => {
      const tab = await openTab();
      for (const status of [200, 404]) {
        server.override['POST fetch'] = () => ({ status, data });
        await save(tab);
      }
      expect(toasts).toEqual([]);
    },
  );

  it('says why the last good list is all there is', async () => {
    const tab = await openTab();
    server.override['POST fetch'] = () => ({
      status: 200,
      data: {
        endpoint: 'LiteLLM',
        models: ['alice-1'],
        source: 'stale',
        fetchedAt: EXPIRY,
        error: { code: 'provider_timeout', message: 'The provider did not answer in time.' },
      },
    });
    await save(tab);
    expect(toasts).toEqual(['Models for LiteLLM could not be loaded.']);
  });

  it.each([
    ['v0.7.6 and before', OLD],
    ['v0.7.7-rc1 and later', NEW],
  ])('says when the key expired, %s', async (_, known) => {
    have(known);
    const tab = await openTab();
    tab.queryClient.setQueryData(['name', 'LiteLLM'], { expiresAt: EXPIRY });
    server.fail('POST fetch', 400, 'expired_user_key');
    await save(tab);
    const date = new Date(EXPIRY).toLocaleString();
    expect(toasts).toEqual([`Provided key for LiteLLM expired at ${date}.`]);
  });

  it("falls back to the server's message where LibreChat has no text yet, as v0.7.0", async () => {
    have({ invalid_user_key: '' });
    const tab = await openTab();
    server.override['POST fetch'] = () => ({
      status: 502,
      data: { error: { code: 'provider_unauthorized', message: 'The provider refused the key.' } },
    });
    await save(tab);
    expect(toasts).toEqual(['LiteLLM: The provider refused the key.']);
  });
});

describe('unasked', () => {
  it('says once a day that a provider refuses a key', async () => {
    refuse();
    const tab = await openTab();
    expect(toasts).toEqual(['LiteLLM: Invalid key provided.']);
    await away(tab, 10 * MINUTE);
    await away(tab, DAY - 11 * MINUTE);
    expect(toasts).toHaveLength(1);
    await away(tab, 10 * MINUTE);
    expect(toasts).toHaveLength(2);
  });

  it('says it in one tab only', async () => {
    refuse();
    await openTab();
    await away(await openTab(), 10 * MINUTE);
    expect(toasts).toHaveLength(1);
  });

  it('does not repeat what was said when the key was saved', async () => {
    const tab = await openTab();
    server.fail('POST fetch', 502, 'provider_unauthorized');
    await save(tab);
    refuse();
    await away(tab, 10 * MINUTE);
    expect(toasts).toHaveLength(1);
  });

  it('says it to the next user, too', async () => {
    refuse();
    const tab = await openTab();
    await tab.render(use);
    await tab.render(use, BOB);
    await wait();
    expect(toasts).toHaveLength(2);
  });

  it('keeps other problems to itself', async () => {
    server.fail('POST fetch', 504, 'provider_timeout');
    const tab = await openTab(ALICE);
    await away(tab, 10 * MINUTE);
    expect(toasts).toEqual([]);
  });
});
