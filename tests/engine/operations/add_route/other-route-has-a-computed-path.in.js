const ROOT = '/';
router.get(ROOT, requireLogin, list);
