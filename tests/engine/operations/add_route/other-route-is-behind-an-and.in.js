process.env.OPEN && router.get('/', list);
