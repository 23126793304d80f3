const assert = require('assert/strict');

/** Lets everything else run until a condition holds; no clock is involved. */
async function waitFor(condition) {
  for (let i = 0; i < 5000 && !condition(); i++) {
    await new Promise(setImmediate);
  }
  assert.ok(condition(), 'it never happened');
}

/** Lets a call that should not have been made arrive. */
async function settle() {
  for (let i = 0; i < 200; i++) {
    await new Promise(setImmediate);
  }
}

module.exports = { settle, waitFor };
