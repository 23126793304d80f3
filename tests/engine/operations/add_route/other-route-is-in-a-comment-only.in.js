// router.get('/', requireLogin, list);
module.exports = {};
