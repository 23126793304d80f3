import { QueryKeys } from 'librechat-data-provider';
import type {
  TUserModels,
  TFetchUserModelsError,
  TFetchUserModelsErrorCode,
} from 'librechat-data-provider/react-query';
import type { TCheckUserKeyResponse } from 'librechat-data-provider';
import type { ModelRefreshPage } from './modelRefreshPage';
import { readRecord, recordTold } from './modelRefreshRecord';
import { findData } from './modelLists';

const DAY = 24 * 60 * 60 * 1000;

/** Milliseconds: a sentence takes longer to read than LibreChat's three seconds. */
const TOAST_DURATION = 6000;

const INVALID_KEY = 'com_error_invalid_user_key';
const NO_URL = 'com_error_no_base_url';
const NOT_LOADED = 'com_error_endpoint_models_not_loaded';

/** LibreChat's own words. Of other codes the user need not know. */
const TEXTS: Partial<Record<TFetchUserModelsErrorCode, string>> = {
  no_user_key: 'com_error_no_user_key',
  invalid_user_key: INVALID_KEY,
  provider_unauthorized: INVALID_KEY,
  expired_user_key: 'com_error_expired_user_key',
  insecure_url: NO_URL,
  blocked_url: NO_URL,
  provider_error: NOT_LOADED,
  provider_timeout: NOT_LOADED,
  invalid_response: NOT_LOADED,
  internal_error: NOT_LOADED,
};

/**
 * Says in a toast, which screen readers read out, why the models of a key are not there. Where
 * LibreChat has no such text yet, the server's own message is shown, in English.
 */
export const tellProblem = (
  page: ModelRefreshPage,
  endpoint: string,
  problem?: TFetchUserModelsError,
): void => {
  const key = problem && TEXTS[problem.code];
  if (!key) {
    return;
  }
  const { expiresAt } =
    findData<TCheckUserKeyResponse>(page.queryClient(), [QueryKeys.name, endpoint]) ?? {};
  const expiry = expiresAt ? new Date(expiresAt).toLocaleString() : '';
  const localized = page.localize(key, [endpoint, expiry]);
  const text = localized && localized !== key ? localized : problem.message;
  page.showToast({
    message: text.includes(endpoint) ? text : `${endpoint}: ${text}`,
    status: 'error',
    duration: TOAST_DURATION,
  });
  recordTold();
};

/** Says once a day, in one of the tabs, that a provider refuses a key; nothing else unasked. */
export const tellRefusedKeys = (
  page: ModelRefreshPage,
  userId: string,
  endpoints: Record<string, TUserModels>,
): void => {
  const refused = Object.keys(endpoints).find(
    (name) => endpoints[name].error?.code === 'provider_unauthorized',
  );
  const { toldAt = 0 } = readRecord(userId);
  if (refused != null && Date.now() - toldAt >= DAY) {
    tellProblem(page, refused, endpoints[refused].error);
  }
};
