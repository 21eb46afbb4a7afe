package retl.local.wrong.warehouse;

/** Knows a module that is neither core nor sql. */
public record Wrong(retl.local.wrong.api.Wrong api) {}
