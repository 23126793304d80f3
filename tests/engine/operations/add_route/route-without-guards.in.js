const router = require('express').Router();
router.get('/', list);
router.delete('/', forget);
