const router = require('express').Router();

router.get(
  '/',
  requireLogin,
  limiter({ max: 30 }),
  listModels,
); // the list

module.exports = router;
