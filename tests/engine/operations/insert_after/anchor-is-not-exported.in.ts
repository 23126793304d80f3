const models = () => 'all';
export default models;
