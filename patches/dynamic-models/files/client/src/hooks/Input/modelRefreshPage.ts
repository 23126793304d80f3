import type {
  TFetchUserModelsRequest,
  TFetchUserModelsResponse,
} from 'librechat-data-provider/react-query';
import type { QueryClient } from '@tanstack/react-query';

/**
 * What the refresh needs of the page around it. LibreChat's own client has it from hooks; the
 * script for a client that is built already finds it in the running page.
 */
export type ModelRefreshPage = {
  /** The newest QueryClient. */
  queryClient: () => QueryClient | undefined;
  /** Who is logged in. */
  userId: () => string | undefined;
  fetchUserModels: (payload: TFetchUserModelsRequest) => Promise<TFetchUserModelsResponse>;
  /** A text of LibreChat with its values; nothing, or the key, where LibreChat has none. */
  localize: (key: string, values: string[]) => string | undefined;
  showToast: (toast: ModelRefreshToast) => void;
};

/** The part of LibreChat's `TShowToast` that is used; the same in every release. */
export type ModelRefreshToast = { message: string; status: 'error'; duration: number };
