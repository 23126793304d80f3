// src/librechat-data-provider.ts
var QueryKeys = {
  models: "models",
  endpoints: "endpoints"
}, EModelEndpoint = {
  openAI: "openAI",
  google: "google",
  anthropic: "anthropic",
  assistants: "assistants",
  custom: "custom"
};

// ../patches/dynamic-models/files/client/src/hooks/Input/modelLists.ts
var successions = /* @__PURE__ */ new WeakMap(), isOnScreen = (client) => !!client.getQueryCache().find([QueryKeys.models])?.getObserversCount(), clientsOf = (client) => successions.get(client) ?? [client], succeed = (previous, next) => {
  if (previous !== next) {
    let clients = [...clientsOf(previous).filter((client) => client !== next && isOnScreen(client)), next];
    clients.forEach((client) => successions.set(client, clients));
  }
}, shownState = (client) => (clientsOf(client).find(isOnScreen) ?? client).getQueryState([QueryKeys.models]), reloadLists = (client) => clientsOf(client).forEach((each) => each.invalidateQueries([QueryKeys.models])), reloadOlderLists = (client, moment) => clientsOf(client).forEach((each) => {
  let state = each.getQueryState([QueryKeys.models]);
  state && state.dataUpdatedAt < moment && each.invalidateQueries([QueryKeys.models]);
}), waitForLists = async (client) => {
  for (let each of clientsOf(client)) {
    let query = each.getQueryCache().find([QueryKeys.models]);
    query?.state.fetchStatus === "fetching" && await query.fetch().catch(() => {
    });
  }
}, findData = (client, key) => clientsOf(client).map((each) => each.getQueryData(key)).find((data) => data !== void 0);

// ../patches/dynamic-models/files/client/src/hooks/Input/modelRefreshRecord.ts
var MODEL_REFRESH_KEY = "modelRefresh", ownRecord = null, storageFails = !1, hash = (text) => {
  let value = 2166136261;
  for (let i = 0; i < text.length; i++)
    value = Math.imul(value ^ text.charCodeAt(i), 16777619);
  return (value >>> 0).toString(36);
}, load = () => {
  try {
    let text = storageFails ? ownRecord : localStorage.getItem(MODEL_REFRESH_KEY), record = JSON.parse(text ?? "{}");
    return typeof record == "object" && record !== null ? record : {};
  } catch {
    return {};
  }
}, save = (record) => {
  ownRecord = JSON.stringify(record);
  try {
    localStorage.setItem(MODEL_REFRESH_KEY, ownRecord), storageFails = !1;
  } catch {
    storageFails = !0;
  }
}, hashLists = (endpoints) => {
  let lists = {};
  for (let name of Object.keys(endpoints).sort())
    lists[hash(name)] = hash(endpoints[name].models.join(`
`));
  return lists;
}, readRecord = (userId) => {
  let record = load();
  return record.user === hash(userId) ? record : { changedAt: record.changedAt };
}, updateRecord = (userId, changes) => save({ ...readRecord(userId), ...changes, user: hash(userId) }), announceModelChange = () => save({ ...load(), lists: void 0, toldAt: void 0, changedAt: Date.now() });

// ../patches/dynamic-models/files/client/src/hooks/Input/refreshModels.ts
var MAX_AGE = 60, BUILT_IN = [
  EModelEndpoint.openAI,
  EModelEndpoint.google,
  EModelEndpoint.anthropic,
  EModelEndpoint.assistants
], isSameList = (a, b) => a.length === b?.length && a.every((model, i) => model === b[i]), isShown = (endpoints, shown) => Object.keys(endpoints).every((name) => isSameList(endpoints[name].models, shown[name])), isPlaceholder = (shown) => shown.initial != null, catchUp = (page, userId) => {
  let { changedAt = 0 } = readRecord(userId);
  changedAt <= Date.now() && reloadOlderLists(page.queryClient(), changedAt);
}, applyAnswer = (page, userId, endpoints, askedAt) => {
  let { data: shown, dataUpdatedAt: loadedAt = askedAt } = shownState(page.queryClient()) ?? {}, { lists: previous, changedAt = 0 } = readRecord(userId), lists = hashLists(endpoints), isLeftOut = loadedAt < askedAt && Object.keys(previous ?? {}).some((name) => !(name in lists));
  if (shown && !isPlaceholder(shown) && (isLeftOut || !isShown(endpoints, shown))) {
    updateRecord(userId, { lists, changedAt: Date.now() }), reloadLists(page.queryClient());
    return;
  }
  let isNews = JSON.stringify(previous) !== JSON.stringify(lists);
  updateRecord(userId, {
    lists,
    changedAt: isNews ? Math.max(changedAt, loadedAt) : changedAt
  });
}, refreshModels = async (page, userId) => {
  let askedAt = Date.now();
  updateRecord(userId, { askedAt });
  try {
    let answer = await page.fetchUserModels({ maxAge: MAX_AGE });
    await waitForLists(page.queryClient()), page.userId() === userId && "endpoints" in answer && applyAnswer(page, userId, answer.endpoints, askedAt);
  } catch {
    return;
  }
}, refreshSavedKey = async (page, endpoint) => {
  let endpoints = findData(page.queryClient(), [QueryKeys.endpoints]), isCustom = endpoints?.[endpoint]?.type === EModelEndpoint.custom;
  endpoints && !isCustom && !BUILT_IN.includes(endpoint) || (announceModelChange(), await page.fetchUserModels({ endpoint }).catch(() => {
  }), announceModelChange(), reloadLists(page.queryClient()));
}, refreshRevokedKey = (page) => {
  announceModelChange(), reloadLists(page.queryClient());
};

// ../patches/dynamic-models/files/client/src/hooks/Input/watchModels.ts
var MINUTE = 60 * 1e3, LOAD_AFTER = MAX_AGE * 1e3, RETURN_AFTER = 5 * MINUTE, SILENCE = 1440 * MINUTE, isDue = (userId, after) => {
  let { askedAt = 0, lists } = readRecord(userId), hasNone = lists != null && Object.keys(lists).length === 0, age = Date.now() - askedAt;
  return age < 0 || age >= (hasNone ? SILENCE : after);
}, watchModels = (page, userId) => {
  let after = LOAD_AFTER, check = () => {
    document.visibilityState !== "hidden" && (isDue(userId, after) ? refreshModels(page, userId) : catchUp(page, userId), after = RETURN_AFTER);
  }, onStorage = (event) => {
    event.key === MODEL_REFRESH_KEY && document.visibilityState !== "hidden" && catchUp(page, userId);
  };
  return document.addEventListener("visibilitychange", check), window.addEventListener("storage", onStorage), check(), () => {
    document.removeEventListener("visibilitychange", check), window.removeEventListener("storage", onStorage);
  };
};

// src/librechat.ts
var MAX_FIBERS = 500, findHttpClient = async () => {
  let chunks = document.querySelectorAll(
    "link[rel=modulepreload], script[type=module][src]"
  );
  return (await Promise.all(
    [...chunks].map(({ href, src }) => import(href || src).catch(() => ({})))
  )).flatMap((module) => Object.values(module)).find(
    (it) => typeof it == "function" && Object.hasOwn(it, "isAxiosError") && Object.hasOwn(it, "interceptors")
  );
}, findFiber = (isWanted) => {
  let root = document.getElementById("root") ?? {}, fibers = [Object.entries(root).find(([key]) => key.startsWith("__reactContainer$"))?.[1].stateNode.current];
  for (let i = 0; i < MAX_FIBERS && fibers.length > 0; i++) {
    let fiber = fibers.pop();
    if (fiber) {
      if (isWanted(fiber))
        return fiber;
      fibers.push(fiber.sibling, fiber.child);
    }
  }
}, queryClient, findQueryClient = () => {
  let newest = findFiber(({ memoizedProps }) => memoizedProps?.client?.getQueryCache)?.memoizedProps?.client;
  return newest && (succeed(queryClient ?? newest, newest), queryClient = newest), queryClient;
};

// src/main.ts
var API = new URL("../api/", import.meta.url), start = (http) => {
  let userId, stop = () => {
  }, page = {
    queryClient: findQueryClient,
    userId: () => userId,
    fetchUserModels: async (payload) => (await http.post(new URL("models/fetch", API).href, payload)).data
  }, logIn = (id) => {
    id !== userId && (stop(), userId = id, stop = id ? watchModels(page, id) : () => {
    });
  }, answered = /* @__PURE__ */ new WeakSet(), hear = (response) => {
    let { url = "", method, data } = response.config, { href } = new URL(url, document.baseURI), path = href.startsWith(API.href) ? href.slice(API.href.length) : "";
    answered.has(response) || (answered.add(response), method === "put" && path === "keys" ? refreshSavedKey(page, JSON.parse(data).name) : method === "delete" && /^keys[/?]/.test(path) ? refreshRevokedKey(page) : method === "get" && path === "user" ? logIn(response.data.id ?? response.data._id) : path === "auth/logout" && logIn());
  };
  http.interceptors.response.use((response) => {
    try {
      hear(response);
    } catch {
    }
    return response;
  });
  let user = findQueryClient()?.getQueryData(["user"]);
  logIn(user?.id ?? user?._id);
};
findHttpClient().then((http) => http && start(http)).catch(() => {
});
