router.get('/', requireLogin, list);
router.post("/fetch", requireLogin, fetchModels)
