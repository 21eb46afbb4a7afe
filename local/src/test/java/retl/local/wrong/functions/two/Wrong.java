package retl.local.wrong.functions.two;

/** Knows the drivers' module without being the worker, and the stand-ins. */
public record Wrong(
    retl.local.wrong.warehouse.Wrong warehouse, retl.local.wrong.standins.Wrong standIns) {}
