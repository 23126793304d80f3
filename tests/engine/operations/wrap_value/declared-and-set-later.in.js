let updateKey;
updateKey = create();
