const express = require('express');
const { modelController } = require('~/server/controllers/ModelController');
const { requireJwtAuth } = require('~/server/middleware/');

/**
 * The list of models, mounted below /api/models.
 *
 * Express 5 hands a rejected promise to the error middleware, so the
 * controller may stay free of error handling for the unexpected.
 */
const router = express.Router();

// the trailing slash in the middleware path is older than this router
router.get('/', requireJwtAuth, modelController);

module.exports = router;
