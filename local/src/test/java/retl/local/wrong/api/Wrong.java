package retl.local.wrong.api;

/** Knows a module that is not core. */
public record Wrong(retl.local.wrong.warehouse.Wrong warehouse) {}
