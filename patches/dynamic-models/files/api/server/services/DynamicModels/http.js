const http = require('http');
const https = require('https');
const { promisify } = require('util');
const zlib = require('zlib');
const { ModelsError } = require('./errors');

/**
 * One GET for an answer that may be hostile.
 *
 * Node's own client and neither `axios` (LibreChat's, all releases) nor `fetch`: both ask through
 * it and hide what decides here. Neither counts informational answers or the pieces of a body: a
 * flood of either blocked LibreChat v0.8.8-rc1, which asks with axios, for seconds. `fetch` takes
 * neither a `lookup`, which is where the connected address is checked, nor LibreChat's proxy
 * agents. A body is unpacked whole, with the limit that zlib itself has, so that a bomb or a cut
 * stream is an error in one place.
 */

const MIB = 1024 * 1024;
const MAX_BYTES = 5 * MIB;
/** A list of 5 MiB in network packets has some 3 700 pieces; each costs a turn of the parser. */
const MAX_PIECES = 8000;
const MAX_INFORMATIONAL = 20;
const MAX_HEADER_BYTES = 16 * 1024;
const MAX_HEADERS = 200;
/** A longer time of Node's timers is over at once. */
const MAX_TIMER = 2 ** 31 - 1;
/** Longer waits are not heeded: the user may have paid meanwhile. */
const MAX_RETRY_AFTER = 5 * 60;

const UNPACK = new Map([
  ['gzip', promisify(zlib.gunzip)],
  ['x-gzip', promisify(zlib.gunzip)],
  ['deflate', promisify(zlib.inflate)],
  ['br', promisify(zlib.brotliDecompress)],
]);

const tooLong = () => new ModelsError('invalid_response', 'The provider sent more than 5 MiB.');

/**
 * @param {string | undefined} value - Seconds, or a date (RFC 9110, 10.2.3).
 * @returns {number | undefined} Seconds.
 */
function readRetryAfter(value) {
  const text = (value ?? '').trim().slice(0, 40);
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1000;
  return seconds > 0 ? Math.min(Math.ceil(seconds), MAX_RETRY_AFTER) : undefined;
}

/**
 * @param {http.IncomingMessage} response
 * @param {number[]} refusals - The statuses that mean that the key is refused.
 * @returns {ModelsError | undefined}
 */
function statusError({ statusCode: status, headers }, refusals) {
  if (status >= 200 && status < 300) {
    return undefined;
  }
  if (refusals.includes(status)) {
    return new ModelsError('provider_unauthorized');
  }
  if (status >= 300 && status < 400) {
    return new ModelsError('provider_error', 'The provider redirects, which is not followed.');
  }
  const error = new ModelsError('provider_error', `The provider answered with status ${status}.`);
  error.retryAfter = readRetryAfter(headers['retry-after']);
  return error;
}

/** @param {Error & { code?: string }} error - Node's messages may quote a header. */
function connectionError(error) {
  if (error instanceof ModelsError) {
    return error;
  }
  const reason = /^[A-Z][A-Z0-9_]{1,60}$/.test(error?.code ?? '') ? ` (${error.code})` : '';
  return new ModelsError('provider_error', `The provider could not be reached${reason}.`);
}

/**
 * @param {Buffer} body
 * @param {string | undefined} encoding
 * @returns {Promise<Buffer>} Rejects with invalid_response.
 */
async function unpack(body, encoding) {
  const name = (encoding ?? '').trim().toLowerCase() || 'identity';
  if (name === 'identity') {
    return body;
  }
  const decode = UNPACK.get(name);
  if (!decode) {
    throw new ModelsError('invalid_response');
  }
  try {
    return await decode(body, { maxOutputLength: MAX_BYTES });
  } catch (error) {
    const isBomb = error?.code === 'ERR_BUFFER_TOO_LARGE';
    throw isBomb ? tooLong() : new ModelsError('invalid_response');
  }
}

/**
 * Collects a body. What is too much fails the call while it arrives.
 * @param {Call} call
 * @param {http.IncomingMessage} response
 * @returns {Promise<Buffer>}
 */
function readBody(call, response) {
  const pieces = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    call.listen(response, 'data', (piece) => {
      size += piece.length;
      if (size > MAX_BYTES) {
        throw tooLong();
      }
      if (pieces.push(piece) > MAX_PIECES) {
        throw new ModelsError('invalid_response', 'The provider sent too many small pieces.');
      }
    });
    call.listen(response, 'end', () => resolve(Buffer.concat(pieces, size)));
    call.listen(response, 'error', reject);
  });
}

/** One call to a provider, which ends once: with a body, an error or the end of its time. */
class Call {
  /** @param {number} timeout - Milliseconds. */
  constructor(timeout) {
    this.isOver = false;
    this.request = undefined;
    this.result = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    const wait = Math.min(timeout, MAX_TIMER);
    this.timer = setTimeout(() => this.fail(new ModelsError('provider_timeout')), wait);
  }

  /** @param {Function} settle @param {unknown} value */
  end(settle, value) {
    if (!this.isOver) {
      this.isOver = true;
      clearTimeout(this.timer);
      settle(value);
      this.request?.destroy();
    }
  }

  /** @param {Error & { code?: string }} error */
  fail(error) {
    this.end(this.reject, connectionError(error));
  }

  /**
   * What a listener throws would end the process; of these it fails the call. Nothing is heard
   * once it is over: one packet can hold thousands of pieces.
   */
  listen(emitter, event, listener) {
    emitter.on(event, (...args) => {
      try {
        return this.isOver || listener(...args);
      } catch (error) {
        return this.fail(error);
      }
    });
  }
}

/** @param {Call} call @param {http.ClientRequest} request @param {number[]} refusals */
function follow(call, request, refusals) {
  let informational = 0;
  let isAnswered = false;
  call.listen(request, 'information', () => {
    informational += 1;
    if (informational > MAX_INFORMATIONAL) {
      throw new ModelsError('invalid_response');
    }
  });
  call.listen(request, 'response', (response) => {
    isAnswered = true;
    const error = statusError(response, refusals);
    if (error) {
      throw error;
    }
    readBody(call, response)
      .then((body) => unpack(body, response.headers['content-encoding']))
      .then((body) => call.end(call.resolve, body))
      .catch((cause) => call.fail(cause));
  });
  call.listen(request, 'close', () => isAnswered || call.fail({ code: 'ECONNRESET' }));
}

/**
 * One GET without redirects, without connection reuse (a pooled connection would not pass
 * `lookup`), with limits on time, size, pieces, headers and informational answers.
 * @param {{ url: URL, lookup?: Function, headers: Record<string, string>, timeout: number,
 *   agent?: http.Agent, refusals: number[] }} options
 * @returns {Promise<Buffer>} The body, unpacked; rejects with a ModelsError.
 */
function getBody({ url, lookup, headers, timeout, agent = false, refusals }) {
  const { request: open } = url.protocol === 'https:' ? https : http;
  const call = new Call(timeout);
  try {
    const maxHeaderSize = MAX_HEADER_BYTES;
    call.request = open(url, { method: 'GET', headers, lookup, agent, maxHeaderSize });
    // First of all: whatever comes after may end the call, and a request that is ended emits one.
    call.listen(call.request, 'error', (error) => call.fail(error));
    call.request.maxHeadersCount = MAX_HEADERS;
    follow(call, call.request, refusals);
    call.request.end();
  } catch (error) {
    // An invalid header; Node's message may quote it.
    call.fail({ code: error?.code });
  }
  return call.result;
}

module.exports = { getBody };
