const { ModelsError } = require('./errors');

const MAX_MODELS = 2000;
const MAX_ID_LENGTH = 256;

/** Ids end up in log lines and in violation records: no line breaks, no other control characters. */
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f]/;

/** @param {unknown} id @returns {boolean} */
function isModelId(id) {
  return typeof id === 'string' && id !== '' && id.length <= MAX_ID_LENGTH && !CONTROL.test(id);
}

/**
 * @param {unknown} body - `{ data: [{ id }] }`, or the bare array that some providers answer.
 * @returns {string[]} The ids in the provider's order, each once.
 */
function readModelIds(body) {
  const items = Array.isArray(body) ? body : body?.data;
  if (!Array.isArray(items)) {
    throw new ModelsError('invalid_response');
  }
  const ids = new Set();
  for (const item of items) {
    if (isModelId(item?.id)) {
      ids.add(item.id);
    }
    if (ids.size === MAX_MODELS) {
      break;
    }
  }
  if (ids.size === 0) {
    throw new ModelsError('invalid_response', 'The provider listed no models for this key.');
  }
  return [...ids];
}

module.exports = { isModelId, readModelIds };
