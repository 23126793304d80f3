const { BoundedMap } = require('./memory');
const { ModelsError } = require('./errors');

const SECOND = 1000;
const COOL_DOWN = 30 * SECOND;
const COOL_DOWN_UNAUTHORIZED = 5 * 60 * SECOND;
const SHARE_FORCED = 5 * SECOND;

/** Questions that are being asked now; each removes itself. */
const inFlight = new Map();
/**
 * Recent failures, by question: no unforced call while one is remembered. Only their words are: an
 * error keeps what the functions on its stack hold until somebody reads the stack, and here that is
 * the whole answer of a provider.
 * @type {BoundedMap<{ code: string, message: string, retryAfter?: number, at: number }>}
 */
const failures = new BoundedMap({ maxEntries: 20000 });
/** When forced calls were made: what came of them is shared for a moment. */
const forced = new BoundedMap({ maxEntries: 20000 });

/** @returns {number} How long the provider wants to be left alone: milliseconds. */
function namedWait({ retryAfter = 0 }) {
  return retryAfter * SECOND;
}

/** @param {import('./errors').ModelsError} error @returns {number} Milliseconds without a call. */
function coolDown(error) {
  const usual = error.code === 'provider_unauthorized' ? COOL_DOWN_UNAUTHORIZED : COOL_DOWN;
  return Math.max(usual, namedWait(error));
}

/**
 * @template T
 * @param {string} question - Names entry and credentials: another key is another question.
 * @param {() => Promise<T>} run - Rejects with a ModelsError.
 * @returns {Promise<T>}
 */
function start(question, run) {
  const running = inFlight.get(question);
  if (running) {
    return running;
  }
  const flight = run()
    .then(
      (result) => {
        failures.delete(question);
        return result;
      },
      (error) => {
        const { code, message, retryAfter } = error;
        failures.set(question, { code, message, retryAfter, at: Date.now() }, coolDown(error));
        throw error;
      },
    )
    .finally(() => inFlight.delete(question));
  inFlight.set(question, flight);
  return flight;
}

/**
 * Asks unless the same question failed a short while ago; then that failure is the answer.
 * @template T
 * @param {string} question
 * @param {() => Promise<T>} run
 * @returns {Promise<T>}
 */
async function ask(question, run) {
  const failure = failures.get(question);
  if (failure) {
    throw new ModelsError(failure.code, failure.message);
  }
  return start(question, run);
}

/**
 * Asks because the user wants to know now. What arrives within five seconds shares one outcome:
 * the failure, or the list that was stored then. A provider that named a time to wait gets it.
 * @template T
 * @param {string} question
 * @param {(since: number) => Promise<T>} run - Takes a list that was stored since then.
 * @returns {Promise<T>}
 */
async function insist(question, run) {
  const recent = forced.get(question);
  const failure = failures.get(question);
  if (failure && (recent || Date.now() < failure.at + namedWait(failure))) {
    throw new ModelsError(failure.code, failure.message);
  }
  const since = recent ?? Date.now();
  const flight = start(question, () => run(since));
  if (!recent) {
    const share = () => forced.set(question, since, SHARE_FORCED);
    flight.then(share, share);
  }
  return flight;
}

module.exports = { ask, insist };
