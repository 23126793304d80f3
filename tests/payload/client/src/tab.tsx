/**
 * Browser tabs: each has its own query client, its own visibility and its own listeners, and all
 * share localStorage and the clock.
 */
import { StrictMode, act } from 'react';
import { createRoot } from 'react-dom/client';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useGetModelsQuery } from 'librechat-data-provider/react-query';
import { QueryKeys } from 'librechat-data-provider';
import { vi } from 'vitest';
import type { TModelsConfig, TUser } from 'librechat-data-provider';
import { AuthContext } from '~/hooks';
import { ENDPOINTS } from './server';

type Listener = { target: EventTarget; type: string; listener: EventListener };
type User = Partial<TUser> & { _id?: string };

const OBSERVED = ['visibilitychange', 'focusin', 'storage'];
const tabs: Tab[] = [];
let active: Tab | undefined;

/** Lets time pass; the default is enough for every request under way. */
export const wait = (ms = 1000): Promise<void> =>
  act(async () => {
    await vi.advanceTimersByTimeAsync(ms);
  }) as unknown as Promise<void>;

export const MINUTE = 60_000;

/** As the chat page does: the list is loaded whenever the page is. */
const ChatPage = () => {
  useGetModelsQuery({ refetchOnMount: 'always' });
  return null;
};

/** As other parts of LibreChat do: what is there is used, and loaded by somebody else. */
const Reader = () => {
  useGetModelsQuery();
  return null;
};

const Nothing = () => null;
const PAGES = { chat: ChatPage, reader: Reader, none: Nothing };

const Hook = ({ use, onRender }: { use: () => unknown; onRender: (result: unknown) => void }) => {
  onRender(use());
  return null;
};

const newClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: { queries: { retry: false } },
    logger: { log: () => undefined, warn: () => undefined, error: () => undefined },
  });

export class Tab {
  queryClient = newClient();
  /** The client that the first page was mounted with. */
  readonly mounted = this.queryClient;
  readonly listeners: Listener[] = [];
  visibility: DocumentVisibilityState = 'visible';
  strict = false;
  /** What LibreChat's `Root` calls: it stays while dialogs come and go. */
  root: () => unknown = Nothing;
  private user: User | undefined;
  result: unknown;
  private container = createRoot(document.createElement('div'));

  constructor() {
    tabs.push(this);
    this.queryClient.setQueryData([QueryKeys.endpoints], ENDPOINTS);
  }

  /** Renders the hook beside a page, as this user. */
  async render(
    use: () => unknown,
    user?: User,
    options: { page?: keyof typeof PAGES; isAuthenticated?: boolean } = {},
  ): Promise<void> {
    const { page = 'chat', isAuthenticated = user != null } = options;
    const Page = PAGES[page];
    this.user = user;
    await this.run(() => {
      const tree = (
        <QueryClientProvider client={this.queryClient}>
          <AuthContext.Provider value={{ user: user as TUser | undefined, isAuthenticated }}>
            <Page />
            <Hook key="root" use={this.root} onRender={Nothing} />
            <Hook key="dialog" use={use} onRender={(result) => (this.result = result)} />
          </AuthContext.Provider>
        </QueryClientProvider>
      );
      this.container.render(this.strict ? <StrictMode>{tree}</StrictMode> : tree);
    });
  }

  /** Renders the page without the component that has the hook. */
  async closeDialog(): Promise<void> {
    await this.run(() => {
      const user = this.user as TUser | undefined;
      this.container.render(
        <QueryClientProvider client={this.queryClient}>
          <AuthContext.Provider value={{ user, isAuthenticated: user != null }}>
            <ChatPage />
            <Hook key="root" use={this.root} onRender={Nothing} />
          </AuthContext.Provider>
        </QueryClientProvider>,
      );
    });
  }

  replaceClient(): void {
    this.queryClient = newClient();
  }

  async close(): Promise<void> {
    await this.run(() => this.container.unmount());
    this.queryClient.clear();
  }

  async hide(): Promise<void> {
    this.visibility = 'hidden';
    await this.dispatch(new Event('visibilitychange'));
  }

  async show(): Promise<void> {
    this.visibility = 'visible';
    await this.dispatch(new Event('visibilitychange'));
  }

  /** What a browser tells a tab after another one has written to localStorage. */
  async hearStorage(key: string | null): Promise<void> {
    await this.dispatch(new StorageEvent('storage', { key }));
  }

  /** A menu opens: its rows appear, and the focus moves into it. */
  async openMenu(row: string): Promise<void> {
    document.body.innerHTML = row;
    await this.dispatch(new Event('focusin'));
    document.body.innerHTML = '';
  }

  shown(): TModelsConfig | undefined {
    return this.queryClient.getQueryData([QueryKeys.models]);
  }

  private async dispatch(event: Event): Promise<void> {
    await this.run(() => {
      for (const { type, listener } of [...this.listeners]) {
        if (type === event.type) {
          listener(event);
        }
      }
    });
  }

  private async run(action: () => void): Promise<void> {
    active = this;
    await act(async () => action());
    active = undefined;
  }
}

export const closeTabs = async (): Promise<void> => {
  for (const tab of tabs.splice(0)) {
    await tab.close();
  }
};

/** Listeners go to the tab they were added in, and visibility is that of the tab being run. */
for (const target of [document, window] as EventTarget[]) {
  const add = target.addEventListener.bind(target);
  const remove = target.removeEventListener.bind(target);
  target.addEventListener = (type: string, listener: EventListener | null, ...rest: []) => {
    if (active && listener && OBSERVED.includes(type)) {
      active.listeners.push({ target, type, listener });
    } else {
      add(type, listener, ...rest);
    }
  };
  target.removeEventListener = (type: string, listener: EventListener | null, ...rest: []) => {
    const found = active?.listeners.findIndex(
      (entry) => entry.target === target && entry.type === type && entry.listener === listener,
    );
    if (found != null && found >= 0) {
      active?.listeners.splice(found, 1);
    } else {
      remove(type, listener, ...rest);
    }
  };
}

Object.defineProperty(document, 'visibilityState', {
  configurable: true,
  get: () => active?.visibility ?? 'visible',
});
