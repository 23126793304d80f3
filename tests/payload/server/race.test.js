const test = require('node:test');
const assert = require('node:assert/strict');
const mongoose = require('mongoose8');
const { TIMES, makeWorld } = require('./lib/world');
const { DEFAULTS, Owner, Racer } = require('./lib/race');
const { makeRandom } = require('./lib/random');
const { skip, startMongo } = require('./lib/mongod');

const OWNERS = 60;
const STEPS = 6;
/** Of one process, before something happens to it. */
const ANSWERS = 100;
/** So long a process may answer from what it has seen of keys that another one changes. */
const KEEP_SEEN = 3 * TIMES.SECOND;

/** Two processes, their users, and a clock that all processes have in common. */
async function startRace(t) {
  const mongo = await startMongo();
  t.after(() => mongo.stop());
  const world = await makeWorld(t);
  let now = Date.now();
  const start = async () => {
    const args = [mongo.url, world.provider.url, String(now)];
    const racer = new Racer(args, (text) => world.written.push(text));
    t.after(() => racer.kill());
    await racer.ready;
    return racer;
  };
  const racers = await Promise.all([start(), start()]);
  const id = () => String(new mongoose.Types.ObjectId());
  const owners = Array.from({ length: OWNERS }, () => new Owner(world, id()));
  return {
    ...{ mongo, world, racers, owners },
    random: makeRandom(12),
    /** Puts a new process in the place of one that is gone; it has seen nothing yet. */
    async replace(place) {
      racers[place] = await start();
      owners.forEach((owner) => owner.catchUp(racers[place]));
    },
    async advance(milliseconds) {
      now += milliseconds;
      await Promise.all(racers.map((racer) => racer.ask('advance', { milliseconds })));
      owners.forEach((owner) => racers.forEach((racer) => owner.catchUp(racer)));
    },
  };
}

/** All users at once, while something happens. */
async function run({ racers, random }, owners, happening) {
  const living = owners.map((owner) => owner.live(STEPS, () => racers, random));
  await Promise.all([...living, happening()]);
}

/** What was changed by one process is known to the other after three seconds, and in the database. */
async function assertSettled({ world, racers, owners, advance }) {
  await advance(KEEP_SEEN);
  const looks = owners.map(async (owner) => {
    const [one, other] = await Promise.all(racers.map((racer) => owner.read(racer, 'shown')));
    assert.deepEqual(one, other);
    return [owner.id, one];
  });
  const shown = await Promise.all(looks);
  const lists = await racers[0].ask('lists');
  world.written.push(lists);
  const stored = new Map(
    JSON.parse(lists).map(({ _id, value }) => [_id, JSON.parse(value).models]),
  );
  for (const [id, list] of shown.filter(([, [first]]) => first !== DEFAULTS[0])) {
    assert.deepEqual(stored.get(`/${id}/LiteLLM`), list, 'the list is in the database');
  }
}

/** Reads until nothing but memory is needed for an answer. */
async function untilRemembered(owner, racer) {
  for (let i = 0; i < 100; i++) {
    const before = await racer.ask('keyReads');
    await owner.read(racer, 'shown');
    if ((await racer.ask('keyReads')) === before) {
      return;
    }
  }
  assert.fail('the key is read each time');
}

test(
  '60 users race on two processes: no list is another’s, stale or missing',
  { skip },
  async (t) => {
    const race = await startRace(t);
    const { mongo, racers, owners } = race;

    await t.test('while both are up', async () => {
      await run(race, owners, async () => undefined);
      await assertSettled(race);
    });

    await t.test('while one is killed', async () => {
      await run(race, owners, async () => {
        await racers[0].answers(ANSWERS);
        assert.ok(racers[0].pending.size > 0, 'somebody waits for it');
        await racers[0].kill();
      });
      await race.replace(0);
      await assertSettled(race);
    });

    await t.test('while MongoDB stands still', async () => {
      const [calm, ...others] = owners;
      await calm.change(racers[0], true);
      await assertSettled(race);
      await Promise.all(racers.map((racer) => untilRemembered(calm, racer)));
      await run(race, others, async () => {
        await racers[0].answers(ANSWERS);
        mongo.pause();
        await Promise.all(racers.map((racer) => calm.read(racer, 'shown')));
        assert.ok(racers[0].pending.size > 0, 'somebody waits for the database');
        mongo.resume();
      });
      await assertSettled(race);
    });
  },
);
