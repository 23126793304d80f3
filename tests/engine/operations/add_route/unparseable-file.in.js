const router = require('express').Router();
router.get('/', requireLogin, list);
router.put('/', ;
