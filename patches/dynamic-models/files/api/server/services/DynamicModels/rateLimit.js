const { BoundedMap } = require('./memory');

const WINDOW = 60 * 1000;
const MAX_REQUESTS = 30;

/** @type {BoundedMap<{ count: number, end: number }>} */
const windows = new BoundedMap({ maxEntries: 20000 });

/**
 * Counts a request of a user.
 * @param {string} userId
 * @returns {number} Seconds to wait; 0 when the request may proceed.
 */
function secondsToWait(userId) {
  const now = Date.now();
  let current = windows.get(userId);
  if (!current) {
    current = { count: 0, end: now + WINDOW };
    windows.set(userId, current, WINDOW);
  }
  current.count += 1;
  return current.count > MAX_REQUESTS ? Math.max(1, Math.ceil((current.end - now) / 1000)) : 0;
}

module.exports = { secondsToWait };
