open.get('/', list);
guarded.get('/', requireLogin, list);
