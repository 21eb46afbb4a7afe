package retl.local.wrong.warehouse;

/** Knows a module that is neither core nor sql, and one of the warehouses that share it. */
public record Wrong(
    retl.local.wrong.api.Wrong api, retl.local.wrong.warehouse.one.Wrong warehouse) {}
