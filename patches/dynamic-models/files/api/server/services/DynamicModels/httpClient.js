const http = require('http');
const https = require('https');
const zlib = require('zlib');
const { ModelsError } = require('./errors');

const MAX_BYTES = 5 * 1024 * 1024;
const DECODERS = {
  gzip: zlib.createGunzip,
  'x-gzip': zlib.createGunzip,
  deflate: zlib.createInflate,
  br: zlib.createBrotliDecompress,
};

/** @param {number} status @returns {ModelsError | undefined} */
function statusError(status) {
  if (status >= 200 && status < 300) {
    return undefined;
  }
  if (status === 401 || status === 403) {
    return new ModelsError('provider_unauthorized');
  }
  if (status >= 300 && status < 400) {
    return new ModelsError('provider_error', 'The provider redirects, which is not followed.');
  }
  return new ModelsError('provider_error', `The provider answered with status ${status}.`);
}

/** @param {Error & { code?: string }} error @returns {ModelsError} */
function connectionError(error) {
  if (error instanceof ModelsError) {
    return error;
  }
  const reason = /^[A-Z][A-Z0-9_]+$/.test(error?.code ?? '') ? ` (${error.code})` : '';
  return new ModelsError('provider_error', `The provider could not be reached${reason}.`);
}

/**
 * @param {http.IncomingMessage} response
 * @returns {Promise<unknown>} The parsed body. The limit counts what comes out of decompression.
 */
async function readJSON(response) {
  const encoding = (response.headers['content-encoding'] ?? 'identity').toLowerCase();
  if (encoding !== 'identity' && !DECODERS[encoding]) {
    throw new ModelsError('invalid_response');
  }
  const stream = DECODERS[encoding] ? response.pipe(DECODERS[encoding]()) : response;
  if (stream !== response) {
    response.on('error', (error) => stream.destroy(error));
  }
  const chunks = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > MAX_BYTES) {
      throw new ModelsError('invalid_response', 'The provider sent more than 5 MiB.');
    }
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new ModelsError('invalid_response');
  }
}

/**
 * One GET without redirects, without connection reuse (a pooled connection would not pass
 * `lookup`), with limits on time and size.
 * @param {{ url: URL, lookup?: Function, headers: Record<string, string>, timeout: number,
 *   agent?: http.Agent }} options
 * @returns {Promise<unknown>} The parsed JSON body; rejects with a ModelsError.
 */
function getJSON({ url, lookup, headers, timeout, agent = false }) {
  return new Promise((resolve, reject) => {
    const { request: open } = url.protocol === 'https:' ? https : http;
    let request;
    let timer;
    const finish = (settle, value) => {
      clearTimeout(timer);
      settle(value);
      request?.destroy();
    };
    const fail = (error) => finish(reject, connectionError(error));
    timer = setTimeout(() => fail(new ModelsError('provider_timeout')), timeout);
    try {
      request = open(url, { method: 'GET', headers, lookup, agent });
    } catch (error) {
      // An invalid header; Node's message may quote it.
      return fail({ code: error?.code });
    }
    request.on('error', fail);
    request.on('response', (response) => {
      const error = statusError(response.statusCode);
      if (error) {
        return fail(error);
      }
      return readJSON(response).then((body) => finish(resolve, body), fail);
    });
    return request.end();
  });
}

module.exports = { getJSON };
