router.get('/', requireLogin, list).put('/', requireLogin, save);
