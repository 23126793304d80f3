/** The part of LibreChat's `~/hooks` that the patch uses: who is logged in. */
import { createContext, useContext } from 'react';
import type { TUser } from 'librechat-data-provider';

export type TAuthContext = { user: TUser | undefined; isAuthenticated: boolean };

export const AuthContext = createContext<TAuthContext>({ user: undefined, isAuthenticated: false });

export const useAuthContext = (): TAuthContext => useContext(AuthContext);
