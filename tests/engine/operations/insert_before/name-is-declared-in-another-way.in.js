const { options } = require('./options');
start();
