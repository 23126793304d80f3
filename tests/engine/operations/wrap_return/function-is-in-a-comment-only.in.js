// function load() { return 'all'; }
module.exports = {};
