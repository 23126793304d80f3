async function load(req) {
  return req;
}

module.exports = load;
