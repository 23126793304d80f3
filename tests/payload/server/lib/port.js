const { once } = require('events');
const net = require('net');

/** @returns {Promise<number>} A port that nothing listens on. */
async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

module.exports = { freePort };
