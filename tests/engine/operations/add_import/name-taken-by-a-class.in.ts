export abstract class Check {}
