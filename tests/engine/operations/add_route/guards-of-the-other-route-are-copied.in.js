const router = require('express').Router();

router.get('/', requireLogin, checkBan, listModels);

module.exports = router;
