/**
 * Body of `POST /api/models/fetch`.
 */
export type TFetchUserModelsRequest = {
  /** One endpoint, by the name the client knows it by; every eligible endpoint when left out. */
  endpoint?: string;
  /** Seconds for which a stored list is fresh enough. Default: 0 with `endpoint`, 60 without. */
  maxAge?: number;
};

export type TFetchUserModelsErrorCode =
  | 'invalid_request'
  | 'fetch_disabled'
  | 'no_user_key'
  | 'invalid_user_key'
  | 'expired_user_key'
  | 'insecure_url'
  | 'blocked_url'
  | 'endpoint_not_found'
  | 'too_many_requests'
  | 'provider_unauthorized'
  | 'provider_error'
  | 'invalid_response'
  | 'provider_timeout'
  | 'internal_error';

/** Why a list could not be refreshed. */
export type TFetchUserModelsError = {
  code: TFetchUserModelsErrorCode;
  message: string;
};

/** Body of an answer whose status is not 200. */
export type TFetchUserModelsErrorResponse = {
  error: TFetchUserModelsError;
};

/** Prices per million tokens and context size, by model; only from providers that tell them. */
export type TUserModelsTokenConfig = Record<
  string,
  { prompt: number; completion: number; context: number }
>;

/**
 * Where a list comes from: the provider just now, the cache, the last good list because the
 * provider failed, or the configured defaults.
 */
export type TUserModelsSource = 'provider' | 'cache' | 'stale' | 'default';

/** The models of one endpoint that the key of this user reaches. */
export type TUserModels = {
  models: string[];
  source: TUserModelsSource;
  /** When the provider gave this list, in ISO 8601; null for configured defaults. */
  fetchedAt: string | null;
  /** Present when the provider could not be asked, and why. */
  error?: TFetchUserModelsError;
};

/** Answer to a request that names an endpoint. */
export type TFetchEndpointModelsResponse = TUserModels & {
  endpoint: string;
  tokenConfig?: TUserModelsTokenConfig;
};

/** Answer to a request that names none. Endpoints without a key are left out. */
export type TFetchAllUserModelsResponse = {
  endpoints: Record<string, TUserModels>;
};

export type TFetchUserModelsResponse = TFetchEndpointModelsResponse | TFetchAllUserModelsResponse;

/** What matters of a key that was just saved. */
export type TSavedUserKey = {
  /** The endpoint. */
  name: string;
  /** In ISO 8601; empty when the key never expires. */
  expiresAt: string;
};
