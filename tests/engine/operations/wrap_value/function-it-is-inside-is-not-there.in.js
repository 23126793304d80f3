const updateKey = create();
