const router = require('express').Router();
router.use('/', logged);
router.get('/:id', requireLogin, one);
router.get('/', requireLogin, list);
router.post('/fetch', requireLogin, fetchModels);
