const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { once } = require('node:events');
const { freePort } = require('./port');

const { MONGOD } = process.env;
/** Why tests with a real MongoDB are skipped; false when they are not. */
const skip = MONGOD ? false : 'needs a MongoDB server: set MONGOD to the path of mongod';

/** A MongoDB of its own, on an empty folder; a connection waits until it answers. */
async function startMongo() {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'dynamic-models-'));
  const port = await freePort();
  const where = ['--dbpath', directory, '--bind_ip', '127.0.0.1', '--port', String(port)];
  const args = [...where, '--wiredTigerCacheSizeGB', '0.25', '--nounixsocket'];
  const mongod = spawn(MONGOD, args, { stdio: 'ignore' });
  return {
    url: `mongodb://127.0.0.1:${port}/test`,
    /** It keeps its connections and answers nobody. */
    pause: () => mongod.kill('SIGSTOP'),
    resume: () => mongod.kill('SIGCONT'),
    async stop() {
      mongod.kill('SIGCONT');
      mongod.kill();
      await once(mongod, 'exit');
      fs.rmSync(directory, { recursive: true, force: true });
    },
  };
}

module.exports = { skip, startMongo };
