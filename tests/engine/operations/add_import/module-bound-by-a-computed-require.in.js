const { check } = require(process.env.CHECK);
