module.exports = function routes(router) {
  router.get(
    '/',
    requireLogin,
    list,
  );
  router.delete(
    '/:id',
    requireLogin,
    forget,
  );
  return router;
};
