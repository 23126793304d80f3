import { afterEach, beforeEach, vi } from 'vitest';
import { closeTabs } from './tab';

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-01-01T08:00:00Z') });
});

afterEach(async () => {
  await closeTabs();
  localStorage.clear();
  vi.useRealTimers();
});

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
