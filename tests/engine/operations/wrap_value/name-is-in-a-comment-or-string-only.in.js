// const updateKey = create();
const text = 'updateKey = 1';
