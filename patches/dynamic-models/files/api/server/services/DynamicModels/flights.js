const { BoundedMap } = require('./memory');

const SECOND = 1000;
const COOL_DOWN = 30 * SECOND;
const COOL_DOWN_UNAUTHORIZED = 5 * 60 * SECOND;
const SHARE_FORCED = 5 * SECOND;

/** Questions that are being asked now; each removes itself. */
const inFlight = new Map();
/** Recent failures, by question: no unforced call while one is remembered. */
const failures = new BoundedMap({ maxEntries: 20000 });
/** Outcomes of forced calls, shared for a moment. */
const forced = new BoundedMap({ maxEntries: 5000 });

/**
 * @template T
 * @param {string} question - Names entry and credentials: another key is another question.
 * @param {() => Promise<T>} run
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
        const refused = error?.code === 'provider_unauthorized';
        failures.set(question, error, refused ? COOL_DOWN_UNAUTHORIZED : COOL_DOWN);
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
    throw failure;
  }
  return start(question, run);
}

/**
 * Asks because the user wants to know now. What arrives within five seconds shares one outcome,
 * also when it is a failure.
 * @template T
 * @param {string} question
 * @param {() => Promise<T>} run
 * @returns {Promise<T>}
 */
async function insist(question, run) {
  const recent = forced.get(question);
  if (recent) {
    return recent;
  }
  const flight = start(question, run);
  const share = () => forced.set(question, flight, SHARE_FORCED);
  flight.then(share, share);
  return flight;
}

module.exports = { ask, insist };
