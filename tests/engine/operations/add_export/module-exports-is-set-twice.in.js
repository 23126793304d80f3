module.exports = { one: 1 };
if (!process.env.CI) {
  module.exports = { one: 2 };
}
module.exports = { one: 3 };
