module.exports = function routes(router) {
  router.get(
    '/',
    requireLogin,
    list,
  );
  return router;
};
