open.get('/', list);
guarded.post('/fetch', fetchModels);
