const router = require('express').Router();

router.get('/', requireLogin, checkBan, listModels);
router.post('/fetch', requireLogin, checkBan, fetchModels);

module.exports = router;
