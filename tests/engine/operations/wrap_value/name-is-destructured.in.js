const { updateKey } = create();
