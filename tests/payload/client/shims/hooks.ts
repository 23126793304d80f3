/** The parts of LibreChat's `~/hooks` that the patch uses: who is logged in, and its texts. */
import { createContext, useCallback, useContext } from 'react';
import type { TUser } from 'librechat-data-provider';

export type TAuthContext = { user: TUser | undefined; isAuthenticated: boolean };

export const AuthContext = createContext<TAuthContext>({ user: undefined, isAuthenticated: false });

export const useAuthContext = (): TAuthContext => useContext(AuthContext);

/** What LibreChat has of a text: with `{0}` up to v0.7.6, with `{{0}}` for i18next later on. */
export const texts: Record<string, string> = {};

export const useLocalize = (): ((key: string, ...values: unknown[]) => string) =>
  useCallback((key, ...values) => {
    const text = texts[key] ?? '';
    const [options] = values as [Record<string, string>?];
    return text.includes('{{')
      ? text.replace(/\{\{(\d)\}\}/g, (_, i) => options?.[i] ?? '')
      : text.replace(/\{(\d)\}/g, (match, i) => String(values[i] ?? match));
  }, []);
