let updateKey: string;
