const net = require('net');
const { once } = require('events');

/**
 * A provider that writes bytes, not answers: what no HTTP server would send.
 * @param {import('node:test').TestContext} t
 * @param {(socket: net.Socket, request: string) => void} behave - Called when a request is complete.
 * @param {boolean} [isHasty] - Called at the first bytes already: they are not HTTP.
 * @returns {Promise<{ host: string, url: string, requests: string[], sockets: net.Socket[] }>}
 */
async function startRawProvider(t, behave, isHasty = false) {
  const requests = [];
  const sockets = [];
  const server = net.createServer((socket) => {
    sockets.push(socket);
    let text = '';
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      text += data.toString('latin1');
      if (isHasty || text.endsWith('\r\n\r\n')) {
        requests.push(text);
        behave(socket, text);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    sockets.forEach((socket) => socket.destroy());
    server.close();
  });
  const host = `127.0.0.1:${server.address().port}`;
  return { host, url: `http://${host}/v1`, requests, sockets };
}

module.exports = { startRawProvider };
