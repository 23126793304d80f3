const router = require('express').Router();

router.get(
  '/',
  requireLogin,
  limiter({ max: 30 }),
  listModels,
); // the list
router.post(
  '/fetch',
  requireLogin,
  limiter({ max: 30 }),
  fetchModels,
);

module.exports = router;
