const router = require('express').Router();
// router.post('/fetch', requireLogin, fetchModels);
// router.get('/', list);
router.get('/', requireLogin, list);
const text = "router.get('/', list)";
