import type { TUserModels } from 'librechat-data-provider/react-query';

/** The key in localStorage. */
export const MODEL_REFRESH_KEY = 'modelRefresh';

/** What the tabs of one browser tell each other. Users, endpoints and models appear as hashes. */
export type ModelRefreshRecord = {
  /** Whose refreshes `askedAt` and `lists` are about. */
  user?: string;
  /** When a tab last asked the server. */
  askedAt?: number;
  /** The last answer, endpoint by endpoint. Empty when the user has no eligible endpoint. */
  lists?: Record<string, string>;
  /** When the user was last told that a provider refuses a key. */
  toldAt?: number;
  /** Model lists loaded before this moment are out of date. */
  changedAt?: number;
};

/** The record of this page alone, for browsers that refuse to store anything. */
let ownRecord: string | null = null;
let storageFails = false;

/** FNV-1a: short and stable, for comparing. It protects nothing. */
const hash = (text: string): string => {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  }
  return (value >>> 0).toString(36);
};

const load = (): ModelRefreshRecord => {
  try {
    const text = storageFails ? ownRecord : localStorage.getItem(MODEL_REFRESH_KEY);
    const record: unknown = JSON.parse(text ?? '{}');
    return typeof record === 'object' && record !== null ? record : {};
  } catch {
    return {};
  }
};

const save = (record: ModelRefreshRecord): void => {
  ownRecord = JSON.stringify(record);
  try {
    localStorage.setItem(MODEL_REFRESH_KEY, ownRecord);
    storageFails = false;
  } catch {
    storageFails = true;
  }
};

/** The endpoints and models of an answer in the form the record keeps. */
export const hashLists = (endpoints: Record<string, TUserModels>): Record<string, string> => {
  const lists: Record<string, string> = {};
  for (const name of Object.keys(endpoints).sort()) {
    lists[hash(name)] = hash(endpoints[name].models.join('\n'));
  }
  return lists;
};

/** The record as far as it concerns this user: another user's answers say nothing. */
export const readRecord = (userId: string): ModelRefreshRecord => {
  const record = load();
  return record.user === hash(userId) ? record : { changedAt: record.changedAt };
};

export const updateRecord = (userId: string, changes: ModelRefreshRecord): void =>
  save({ ...readRecord(userId), ...changes, user: hash(userId) });

/**
 * Tells every tab, this one included, that the models differ from now on, and that a user whose
 * last answer named no eligible endpoint may have one now.
 */
export const announceModelChange = (): void =>
  save({ ...load(), lists: undefined, toldAt: undefined, changedAt: Date.now() });

/** Puts on record that the user knows of a refused key. */
export const recordTold = (): void => save({ ...load(), toldAt: Date.now() });
