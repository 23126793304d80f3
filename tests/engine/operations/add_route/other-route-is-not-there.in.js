router.get('/list', requireLogin, list);
