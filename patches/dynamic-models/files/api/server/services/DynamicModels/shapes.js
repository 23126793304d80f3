/**
 * How providers are asked for their models, and how they answer.
 * @typedef {Object} Shape
 * @property {string} list - The member of the answer that holds the models.
 * @property {(item: any) => unknown} idOf - The id of a model that can be chatted with.
 * @property {(apiKey: string) => Record<string, string>} headers
 * @property {boolean} [keyWins] - Whether the key goes before an administrator's header.
 * @property {Record<string, string>} firstPage - The query of the first page.
 * @property {(fields: Record<string, unknown>) => Record<string, string> | undefined} [nextPage] - Of
 *   what the answer says beside the list.
 * @property {number[]} refusals - The statuses that mean that the key is refused.
 * @property {(ids: string[], base: string, host: import('./host').Host) => string[]} arrange
 */

const OPENAI_URL = 'https://api.openai.com/v1';
const PAGE_SIZE = '1000';

/** @type {Shape} */
const COMPATIBLE = {
  list: 'data',
  idOf: (item) => item?.id,
  headers: (apiKey) => ({ authorization: `Bearer ${apiKey}` }),
  firstPage: {},
  refusals: [401, 403],
  arrange: (ids) => ids,
};

/**
 * Of what OpenAI itself lists LibreChat takes the models to chat with, those for instructions last
 * (`fetchOpenAIModels`, all releases); of what a proxy lists it takes all.
 * @type {Shape}
 */
const OPENAI = {
  ...COMPATIBLE,
  arrange(ids, base, { openAIModels: { include, exclude } }) {
    if (base !== OPENAI_URL) {
      return ids;
    }
    const kept = ids.filter((id) => include.test(id) && !exclude?.test(id));
    const isForInstructions = (id) => id.includes('instruct');
    return [...kept.filter((id) => !isForInstructions(id)), ...kept.filter(isForInstructions)];
  },
};

/** https://docs.claude.com/en/api/models-list @type {Shape} */
const ANTHROPIC = {
  ...COMPATIBLE,
  headers: (apiKey) => ({
    'x-api-key': apiKey,
    'anthropic-version': process.env.ANTHROPIC_VERSION || '2023-06-01',
  }),
  keyWins: true,
  firstPage: { limit: PAGE_SIZE },
  nextPage: ({ has_more: hasMore, last_id: lastId }) =>
    hasMore === true && typeof lastId === 'string'
      ? { limit: PAGE_SIZE, after_id: lastId }
      : undefined,
};

/** Google answers a key that it does not know with 400. https://ai.google.dev/api/models @type {Shape} */
const GOOGLE = {
  ...COMPATIBLE,
  list: 'models',
  idOf: (item) =>
    item?.supportedGenerationMethods?.includes?.('generateContent') &&
    String(item.name).replace(/^models\//, ''),
  headers: (apiKey) => ({
    'x-goog-api-key': apiKey,
    ...(/^true$/i.test(process.env.GOOGLE_AUTH_HEADER?.trim() ?? '') && {
      authorization: `Bearer ${apiKey}`,
    }),
  }),
  keyWins: true,
  firstPage: { pageSize: PAGE_SIZE },
  nextPage: ({ nextPageToken: pageToken }) =>
    typeof pageToken === 'string' && pageToken ? { pageSize: PAGE_SIZE, pageToken } : undefined,
  refusals: [400, 401, 403],
};

module.exports = { ANTHROPIC, COMPATIBLE, GOOGLE, OPENAI, OPENAI_URL };
