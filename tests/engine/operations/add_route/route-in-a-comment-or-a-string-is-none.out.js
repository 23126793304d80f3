const router = require('express').Router();
// router.post('/fetch', requireLogin, fetchModels);
// router.get('/', list);
router.get('/', requireLogin, list);
router.post('/fetch', requireLogin, fetchModels);
const text = "router.get('/', list)";
