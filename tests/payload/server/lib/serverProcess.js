/**
 * One LibreChat process on a real database: receives `{ user: key }`, answers every user's list.
 * Arguments: the database, the provider.
 */
const { ERAS } = require('./eras');
const { loadPayload } = require('./payload');
const mongoose = require('mongoose8');

const [, , database, provider] = process.argv;

const config = {
  endpoints: {
    custom: [
      {
        name: 'LiteLLM',
        apiKey: 'user_provided',
        baseURL: provider,
        models: { default: ['default-model'], fetch: true },
      },
    ],
  },
};

process.once('message', async (keys) => {
  await mongoose.connect(database);
  const { showUserModels } = loadPayload({
    ...ERAS.E6.modules({
      getAppConfig: async () => config,
      getUserKey: async ({ userId }) => JSON.stringify({ apiKey: keys[userId] }),
      getUserKeyExpiry: async () => ({ expiresAt: 'never' }),
    }),
    mongoose,
  });
  const base = { LiteLLM: ['default-model'] };
  const show = async (id) => (await showUserModels({ user: { id } }, base)).LiteLLM;
  const lists = await Promise.all(Object.keys(keys).map(show));
  process.send(lists);
});
