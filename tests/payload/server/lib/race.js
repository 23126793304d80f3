const assert = require('assert/strict');
const path = require('path');
const { fork } = require('child_process');
const { isDeepStrictEqual } = require('util');

const DEFAULTS = ['default-model'];
const READS = ['shown', 'shown', 'fetched', 'accepted'];

/** The process that was asked is no more. */
class Gone extends Error {}

/** A LibreChat process that can be asked, waited for and killed. */
class Racer {
  /** @param {string[]} args - Of raceProcess.js. @param {(text: string) => void} write */
  constructor(args, write) {
    this.pending = new Map();
    this.asked = 0;
    this.answered = 0;
    this.waiting = [];
    this.child = fork(path.join(__dirname, 'raceProcess.js'), args, { stdio: 'inherit' });
    this.ready = new Promise((resolve) => {
      this.child.on('message', (message) => this.hear(message, write, resolve));
    });
    this.child.on('exit', () => {
      this.isGone = true;
      this.pending.forEach(({ reject }) => reject(new Gone()));
      this.pending.clear();
    });
  }

  hear({ id, value, error, written, isReady }, write, beReady) {
    if (isReady) {
      return beReady();
    }
    write(written ?? JSON.stringify(value ?? error ?? ''));
    if (id !== undefined) {
      const { resolve, reject } = this.pending.get(id);
      this.pending.delete(id);
      this.answered += 1;
      this.waiting.filter(({ from }) => from <= this.answered).forEach(({ wake }) => wake());
      return error ? reject(new Error(error)) : resolve(value);
    }
    return undefined;
  }

  /** @returns {Promise<unknown>} What the process answers; rejects with Gone when it dies first. */
  ask(act, about = {}) {
    return new Promise((resolve, reject) => {
      if (this.isGone) {
        return reject(new Gone());
      }
      this.asked += 1;
      this.pending.set(this.asked, { resolve, reject });
      // A channel can be closed a moment before the exit is heard of.
      return this.child.send({ id: this.asked, act, ...about }, (error) => {
        if (error) {
          reject(new Gone());
        }
      });
    });
  }

  /** Waits until so many more answers have come. */
  answers(count) {
    return new Promise((wake) => this.waiting.push({ from: this.answered + count, wake }));
  }

  async kill() {
    if (this.isGone) {
      return;
    }
    const isOver = new Promise((resolve) => this.child.on('exit', resolve));
    this.child.kill('SIGKILL');
    await isOver;
  }
}

/** A user who changes keys and looks at lists, and knows which lists there may be. */
class Owner {
  /** @param {import('./world').World} world @param {string} id */
  constructor(world, id) {
    this.world = world;
    this.id = id;
    /** What each key listed that was ever saved, in order; the last may still be on its way. */
    this.lists = [DEFAULTS];
    this.settled = 0;
    /** @type {Map<Racer, number>} The oldest list that a process may still answer with. */
    this.oldest = new Map();
  }

  async change(racer, isSaving) {
    const generation = this.lists.length;
    const models = [1, 2].map((number) => `${this.id}-${generation}-${number}`);
    const key = this.world.newKey(this.id);
    this.world.provider.models.set(key, models);
    this.lists.push(isSaving ? models : DEFAULTS);
    await racer.ask(isSaving ? 'save' : 'revoke', { owner: this.id, key });
    this.settled = generation;
    this.oldest.set(racer, generation);
  }

  /** From now on a process must know what has been settled. */
  catchUp(racer) {
    this.oldest.set(racer, this.settled);
  }

  /** Looks at the list in one of the three ways; what may not be there is a failure. */
  async read(racer, way) {
    const from = this.oldest.get(racer) ?? 0;
    const answer = await racer.ask(way, { owner: this.id });
    const found = answer === 'no_user_key' ? DEFAULTS : answer;
    const allowed = this.lists.slice(from);
    const isRight =
      way === 'accepted'
        ? this.isMine(found) && allowed.some((list) => list.every((id) => found.includes(id)))
        : allowed.some((list) => isDeepStrictEqual(list, found));
    assert.ok(isRight, `${way}: ${found} is none of ${allowed.join(' | ')}`);
    return found;
  }

  isMine(list) {
    return list.every((id) => id === 'x' || id === DEFAULTS[0] || id.startsWith(`${this.id}-`));
  }

  async act(racer, random) {
    const what = random.below(10);
    return what < 4 ? this.change(racer, what > 0) : this.read(racer, random.of(READS));
  }

  /** Does so many things, each while something is read, by processes that may die meanwhile. */
  async live(steps, racers, random) {
    for (let step = 0; step < steps; step++) {
      const both = [
        this.act(random.of(racers()), random),
        this.read(random.of(racers()), random.of(READS)),
      ];
      for (const { reason } of await Promise.allSettled(both)) {
        if (reason && !(reason instanceof Gone)) {
          throw reason;
        }
      }
    }
  }
}

module.exports = { DEFAULTS, Owner, Racer };
