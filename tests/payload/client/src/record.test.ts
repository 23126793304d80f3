import { describe, expect, it } from 'vitest';
import {
  announceModelChange,
  hashLists,
  readRecord,
  updateRecord,
} from '~payload/modelRefreshRecord';

const list = (...models: string[]) => ({ models, source: 'cache' as const, fetchedAt: null });

describe('the record that tabs share', () => {
  it('tells lists apart by endpoint, by model and by order, not by the order of endpoints', () => {
    const text = (endpoints: Parameters<typeof hashLists>[0]) =>
      JSON.stringify(hashLists(endpoints));
    const lists = text({ A: list('x', 'y'), B: list() });
    expect(text({ B: list(), A: list('x', 'y') })).toBe(lists);
    expect(text({ A: list('y', 'x'), B: list() })).not.toBe(lists);
    expect(text({ A: list('x'), B: list() })).not.toBe(lists);
    expect(text({ A: list('x', 'y') })).not.toBe(lists);
    expect(text({ C: list('x', 'y'), B: list() })).not.toBe(lists);
  });

  it('keeps what one user learnt from another, except that something has changed', () => {
    updateRecord('alice', { askedAt: 1, lists: { a: 'b' }, changedAt: 2 });
    expect(readRecord('bob')).toEqual({ changedAt: 2 });
    expect(readRecord('alice')).toMatchObject({ askedAt: 1, lists: { a: 'b' }, changedAt: 2 });
    updateRecord('bob', { askedAt: 3 });
    expect(readRecord('alice')).toEqual({ changedAt: 2 });
  });

  it('forgets the last answer when a key is saved, and nothing else', () => {
    updateRecord('alice', { askedAt: 1, lists: {} });
    announceModelChange();
    expect(readRecord('alice')).toMatchObject({ askedAt: 1, changedAt: Date.now() });
    expect(readRecord('alice').lists).toBeUndefined();
  });

  it('starts empty', () => {
    expect(readRecord('alice').askedAt).toBeUndefined();
  });
});
