const load = require('./load');
