const router = require('express').Router();
router.get('/', list);
router.put('/', save);
router.delete('/', forget);
